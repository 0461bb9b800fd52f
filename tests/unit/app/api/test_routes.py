"""The small routes: who you are, health, history, other names, reference."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from app.api.redirects import OTHER_NAMES
from app.identity import Role, this_process
from app.persistence.processes import Processes
from app.persistence.tables import Process, now
from app.wiring import LOCAL_LEARNER
from tests.support.api import Study
from tests.support.learners import EVE
from tools.types import Citation

API_MD = Path(__file__).parents[4] / "docs" / "api.md"


def test_the_local_learner_is_signed_in_without_a_login(study: Study) -> None:
    assert study.client.get("/api/auth/user").json() == {"id": "local", "name": "You"}
    assert study.client.post("/api/auth/login").json()["user"]["id"] == "local"
    assert study.client.post("/api/auth/login", json={"email": "a@b.c", "password": "x"}).status_code == 200
    assert study.client.post("/api/auth/logout").status_code == 200


def test_health_names_each_part_and_what_is_down(study: Study) -> None:
    for role in (Role.WORKER, Role.WRITER):
        Processes(study.services.database, this_process(role)).beat()
    health = study.client.get("/api/health").json()
    assert health["status"] == "ok"
    parts = {"database", "vectors", "worker", "queue", "storage", "embeddings", "chat_model"}
    assert parts <= set(health["dependencies"])
    study.indexes.vectors.down = True
    health = study.client.get("/api/health").json()
    assert (health["status"], health["dependencies"]["vectors"]["state"]) == ("degraded", "down")


def test_health_names_an_embedding_model_that_was_not_measured(study: Study) -> None:
    def detail() -> str:
        return str(study.client.get("/api/health").json()["dependencies"]["embeddings"]["detail"])

    assert "not measured" not in detail()
    study.indexes.measured = None
    assert "not measured yet" in detail()


def test_a_silent_worker_is_down(study: Study) -> None:
    def state() -> str:
        return str(study.client.get("/api/health").json()["dependencies"]["worker"]["state"])

    assert state() == "down", "there is none"
    a_worker(study).beat()
    assert state() == "ok"
    with study.services.database.session_of(LOCAL_LEARNER) as session:
        session.execute(update(Process).values(heartbeat_at=now() - timedelta(minutes=5)))
    assert state() == "down"


def a_worker(study: Study) -> Processes:
    return Processes(study.services.database, this_process(Role.WORKER))


def test_ready_waits_for_the_search_index_and_live_does_not(study: Study) -> None:
    assert study.client.get("/health/ready").status_code == 200
    study.indexes.vectors.down = True
    reply = study.client.get("/health/ready")
    assert (reply.status_code, reply.json()["code"]) == (503, "not_ready")
    assert study.client.get("/health/live").json() == {"status": "ok"}


def test_the_history_is_newest_first_and_can_be_paged(study: Study) -> None:
    ids = [study.services.queries.begin(LOCAL_LEARNER, f"t-{n % 2}", f"Question {n}") for n in range(4)]
    study.services.learners.known(EVE)
    study.services.queries.begin(EVE, "t-0", "Hers")

    def asked(**query: str) -> list[str]:
        reply = study.client.get("/api/query/history", params=query)
        return [one["id"] for one in reply.json()["queries"]]

    assert asked() == ids[::-1]
    assert asked(limit="2", offset="1") == [ids[2], ids[1]]
    assert asked(thread_id="t-0") == [ids[2], ids[0]]
    assert study.client.get("/api/query/history", params={"limit": 0}).status_code == 422


def test_an_unknown_query_or_citation_is_not_found(study: Study) -> None:
    assert study.client.get("/api/query/nope").status_code == 404
    assert study.client.get("/api/threads/t-1/citations/1").status_code == 404


def test_a_citation_outlives_its_document(study: Study) -> None:
    document_id = study.book("Osmosis moves water.", "Cells")
    citation = Citation(1, "Osmosis", document_id, "Cells", "notes.txt", 1, "1", "section", 0, 7)
    study.services.queries.keep_citations(LOCAL_LEARNER, "t-1", [citation])
    assert not study.client.get("/api/threads/t-1/citations/1").json()["source_removed"]
    study.client.delete(f"/api/documents/{document_id}")
    kept = study.client.get("/api/threads/t-1/citations/1").json()
    assert (kept["source_removed"], kept["quote"]) == (True, "Osmosis")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/api/upload?x=1", "/api/documents/upload?x=1"),
        ("/api/files?q=a%20b", "/api/documents?q=a%20b"),
        ("/api/query", "/api/chat"),
        ("/api/pipeline/status/j1", "/api/jobs/j1"),
        ("/api/metrics?days=3", "/api/analytics?days=3"),
        ("/api/documents/?q=a", "/api/documents?q=a"),
    ],
)
def test_other_names_lead_to_the_same_things(study: Study, old: str, new: str) -> None:
    reply = study.client.post(old, follow_redirects=False)
    assert (reply.status_code, reply.headers["location"]) == (308, new)


def test_every_other_name_leads_to_a_route_that_exists(study: Study) -> None:
    paths = study.client.get("/openapi.json").json()["paths"]
    shape = {re.sub(r"{.*?}", "{}", path) for path in paths}
    assert {re.sub(r"{.*?}", "{}", target) for target in OTHER_NAMES.values()} <= shape


def test_a_redirected_address_cannot_be_led_elsewhere(study: Study) -> None:
    reply = study.client.get("/api/pipeline/status/%2F%2Fevil.example", follow_redirects=False)
    assert not reply.headers.get("location", "").startswith(("//", "http"))


def test_the_reference_needs_nothing_from_outside(study: Study) -> None:
    page = study.client.get("/docs").text
    assert "/api/documents/upload" in page
    assert "http://" not in page.replace("http://127.0.0.1:", "")
    assert "https://" not in page
    assert study.client.get("/redoc", follow_redirects=False).headers["location"] == "/docs"


def test_every_operation_is_described_tagged_and_exemplified(study: Study) -> None:
    for path, methods in study.client.get("/openapi.json").json()["paths"].items():
        for method, operation in methods.items():
            assert operation["description"], (method, path)
            assert operation["tags"], (method, path)
            assert "ErrorBody" in str(operation["responses"]["422"]), (method, path)


def test_the_written_reference_names_every_route(study: Study) -> None:
    written = API_MD.read_text()
    for path, methods in study.client.get("/openapi.json").json()["paths"].items():
        for method in methods:
            assert f"`{method.upper()} {path}`" in written, f"{method.upper()} {path} is not in docs/api.md"
