import pytest

from app.wiring import LOCAL_LEARNER
from tests.support.api import Study
from tools.types import Found

PASSAGE = {"text", "document_id", "book", "filename", "page_index", "page_label", "score"}


def test_the_passage_that_fits_comes_first_with_its_place(study: Study) -> None:
    study.book("Greedy algorithms take the best choice.", "Algorithms", "g.txt")
    osmosis = study.book("Osmosis moves water across a membrane.", "Cells", "o.txt")
    first = study.client.post("/api/search", json={"query": "How does water cross a membrane?"}).json()["passages"][0]
    assert set(first) >= PASSAGE
    assert (first["document_id"], first["book"], first["page_index"]) == (osmosis, "Cells", 1)


@pytest.mark.parametrize(
    "scope",
    [{"active_books": ["Cells"]}, {"active_subject": "biology"}, {"active_semester": "Spring", "active_books": None}],
)
def test_nothing_outside_the_scope_is_found(study: Study, scope: dict[str, object]) -> None:
    inside = study.book("Water is wet.", "Cells", "a.txt", semester="Spring", subject="Biology")
    study.book("Osmosis moves water across a membrane.", "Chemistry", "b.txt", semester="Autumn", subject="Chemistry")
    found = study.client.post("/api/search", json={"query": "osmosis across a membrane", **scope}).json()
    assert {one["document_id"] for one in found["passages"]} <= {inside}


def test_k_limits_the_passages(study: Study) -> None:
    for n in range(4):
        study.book(f"Osmosis moves water, case {n} of {'x' * n}.", f"Book {n}", f"{n}.txt")
    assert len(study.client.post("/api/search", json={"query": "osmosis", "k": 2}).json()["passages"]) <= 2


@pytest.mark.parametrize("k", [0, 51, "many"])
def test_k_out_of_bounds_is_refused(study: Study, k: object) -> None:
    reply = study.client.post("/api/search", json={"query": "osmosis", "k": k})
    assert reply.status_code == 422
    assert "“k”" in reply.json()["message"]


@pytest.mark.parametrize("query", ["", "   ", "x" * 20_000])
def test_an_empty_or_overlong_query_is_refused(study: Study, query: str) -> None:
    reply = study.client.post("/api/search", json={"query": query})
    assert (reply.status_code, reply.json()["code"]) == (422, "invalid_request")


def test_a_scope_without_a_ready_document_is_said_and_not_widened(study: Study) -> None:
    study.upload("Water.", book="Cells")
    reply = study.client.post("/api/search", json={"query": "water"})
    assert (reply.status_code, reply.json()["code"]) == (409, "empty_scope")


def test_an_unknown_book_is_refused_by_name(study: Study) -> None:
    study.book("Water.", "Cells")
    reply = study.client.post("/api/search", json={"query": "water", "active_books": ["Nope"]})
    assert reply.status_code == 422
    assert "Nope" in reply.json()["message"]


def test_an_index_that_did_not_answer_is_named(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    study.book("Osmosis moves water.", "Cells")
    monkeypatch.setattr(
        study.indexes.serving(LOCAL_LEARNER).search,
        "search",
        lambda query, scope, k, among: Found(query, degraded="vectors"),
    )
    assert study.client.post("/api/search", json={"query": "osmosis"}).json()["degraded"] == "vectors"
