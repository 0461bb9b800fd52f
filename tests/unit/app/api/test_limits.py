from collections.abc import Iterator

import pytest
from fastapi.responses import PlainTextResponse
from fastapi.testclient import TestClient

from app.api.limits import JSON_BYTES, RequestLimits
from app.limits import Limits
from app.settings import Settings
from tests.support.api import Study


def test_too_many_requests_of_an_address_are_told_when_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STUDYRAG_ADDRESS_REQUESTS_PER_MINUTE", "2")
    limits = Limits(Settings())
    client = TestClient(RequestLimits(PlainTextResponse("here"), limits, max_file_bytes=1))
    assert [client.get("/api/x").status_code for _ in range(3)] == [200, 200, 429]
    refused = client.get("/api/x")
    assert refused.json()["code"] == "too_many_requests"
    assert refused.headers["retry-after"] == str(refused.json()["retry_after"])
    assert 1 <= refused.json()["retry_after"] <= 60
    assert client.get("/api/health").status_code == client.get("/view/x/1").status_code == 200
    elsewhere = TestClient(RequestLimits(PlainTextResponse("here"), limits, max_file_bytes=1), client=("10.0.0.2", 1))
    assert elsewhere.get("/api/x").status_code == 200


def test_too_many_requests_of_a_learner_are_told_so_wherever_they_come_from(study: Study) -> None:
    few = study.services.settings.model_copy(update={"requests_per_minute": 2})
    study.services.__dict__["limits"] = Limits(few)
    assert [study.client.get("/api/library").status_code for _ in range(3)] == [200, 200, 429]


def test_a_json_body_above_the_limit_is_refused(study: Study) -> None:
    reply = study.client.post("/api/search", content=b"x" * (JSON_BYTES + 1))
    assert (reply.status_code, reply.json()["code"]) == (413, "too_large")


def test_a_body_of_unknown_length_is_cut_off_at_the_limit(study: Study) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(20):
            yield b"x" * (JSON_BYTES // 10)

    reply = study.client.post("/api/search", content=endless(), headers={"Content-Type": "application/json"})
    assert (reply.status_code, reply.json()["code"]) == (413, "too_large")


def test_an_upload_far_above_the_limit_is_refused_unread(study: Study) -> None:
    reply = study.client.post("/api/documents/upload", files=[("file", ("big.txt", b"word " * 1_200_000))])
    assert (reply.status_code, reply.json()["code"]) == (413, "too_large")
