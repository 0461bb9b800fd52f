"""What an operator sees, and that nobody else does."""

import pytest
from fastapi.testclient import TestClient

from agent.state import BUILT_IN
from app.api.deps import get_owner
from app.settings import Settings
from tests.support.api import Study
from tools.types import Learner, QueryState

TOKEN = "a-long-token-for-prometheus"


def ask(study: Study, owner: str, question: str, state: QueryState = QueryState.DONE, **values: object) -> None:
    learner = Learner(owner)
    study.services.learners.known(learner)
    query_id = study.services.queries.begin(learner, f"thread-of-{owner}", question)
    study.services.queries.finish(learner, query_id, state, route="answer", model=BUILT_IN, **values)


def test_usage_counts_what_all_learners_did(study: Study) -> None:
    study.book("Water moves by osmosis.", "Biology")
    ask(study, "local", "What is osmosis?", milliseconds={"retrieve": 30, "answer": 10})
    ask(study, "ann", "what is  OSMOSIS", milliseconds={"retrieve": 50, "answer": 10})
    ask(study, "ann", "What is law?", refused=True)
    ask(study, "ann", "What is love?", QueryState.FAILED)
    told = study.client.get("/api/analytics").json()
    expected = {"questions": 4, "learners": 2, "refused": 1, "failed": 1, "documents": 1, "models": {BUILT_IN: 4}}
    assert expected.items() <= told["usage"].items()
    assert [day["questions"] for day in told["usage"]["days"]] == [4]
    assert told["latencies"][0] == {"part": "whole turn", "count": 2, "median": 50, "p95": 59}
    assert (told["stored"]["documents"], told["stored"]["learners"]) == (1, 2)
    assert told["work"]["jobs"]


def test_a_question_of_one_of_several_learners_stays_private(study: Study) -> None:
    for _ in range(3):
        ask(study, "local", "Am I pregnant?")
    assert popular(study) == {"Am I pregnant?": 3}, "the one learner of a machine is its operator"
    for learner in ("ann", "bob"):
        ask(study, learner, "What is osmosis?")
    assert popular(study) == {"What is osmosis?": 2}


def popular(study: Study) -> dict[str, int]:
    told = study.client.get("/api/analytics").json()["popular"]
    return {one["question"]: one["times"] for one in told}


def test_numbers_of_an_empty_product_are_zero_and_its_page_says_so(study: Study) -> None:
    told = study.client.get("/api/analytics").json()
    assert (told["usage"]["questions"], told["popular"], told["latencies"]) == (0, [], [])
    page = study.client.get("/dashboard")
    assert page.status_code == 200
    assert "Nobody has asked anything in this time." in page.text


def test_the_page_shows_health_and_words_of_learners_as_text(study: Study) -> None:
    for _ in range(2):
        ask(study, "local", "<script>alert(1)</script>", milliseconds={"retrieve": 30})
    study.indexes.vectors.down = True
    page = study.client.get("/dashboard", params={"days": 30})
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert '<li class="down">' in page.text
    assert 'href="?days=30" aria-current="page"' in page.text
    assert page.headers["refresh"] == "60"


@pytest.mark.parametrize("path", ["/api/analytics", "/dashboard"])
def test_only_operators_get_in(study: Study, path: str) -> None:
    study.app.dependency_overrides[get_owner] = lambda: Learner("ann", "ann@example.org")
    try:
        reply = study.client.get(path)
        assert (reply.status_code, reply.json()["code"]) == (403, "operators_only")
        set_settings(study, STUDYRAG_OPERATORS="root@example.org, Ann@example.org")
        assert study.client.get(path).status_code == 200
    finally:
        study.app.dependency_overrides.clear()


def test_metrics_tell_what_was_counted_and_what_waits(study: Study) -> None:
    study.upload("Water moves by osmosis.")
    study.client.get("/api/documents/nothing/status")
    reply = TestClient(study.app, base_url="http://127.0.0.1:8000", client=("127.0.0.1", 5000)).get("/metrics")
    assert reply.headers["content-type"].startswith("text/plain")
    counted = 'studyrag_requests_total{method="GET",route="/api/documents/{document_id}/status",status="404"}'
    for line in (
        counted,
        'studyrag_jobs{state="queued"} 1.0',
        'studyrag_part_up{part="database"} 1.0',
        'studyrag_queue_messages{queue="ingestion"} 1.0',
    ):
        assert line in reply.text
    assert "process_resident_memory_bytes" in reply.text
    assert "nothing/status" not in reply.text, "labels are routes, not addresses"


def test_metrics_are_for_this_machine_or_for_whoever_has_the_token(study: Study) -> None:
    near = TestClient(study.app, base_url="http://127.0.0.1:8000", client=("127.0.0.1", 5000))
    far = TestClient(study.app, base_url="http://127.0.0.1:8000", client=("192.0.2.7", 5000))
    assert near.get("/metrics", headers={"x-forwarded-for": "192.0.2.7"}).status_code == 403
    assert far.get("/metrics").status_code == 403
    set_settings(study, STUDYRAG_METRICS_TOKEN=TOKEN)
    assert near.get("/metrics").status_code == 403
    assert far.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"}).status_code == 200


def set_settings(study: Study, **values: str) -> None:
    given = {"STUDYRAG_DATA_DIR": study.services.settings.data_dir, **values}
    object.__setattr__(study.services, "settings", Settings.model_validate(given))


def test_each_request_has_an_id_in_and_out(study: Study) -> None:
    mine = study.client.get("/api/library", headers={"X-Request-Id": "request-of-mine"})
    assert mine.headers["x-request-id"] == "request-of-mine"
    made = study.client.get("/api/library", headers={"X-Request-Id": "no good"}).headers["x-request-id"]
    assert len(made) == 32
