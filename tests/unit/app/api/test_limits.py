from collections.abc import Iterator

from fastapi.responses import PlainTextResponse
from fastapi.testclient import TestClient

from app.api.limits import JSON_BYTES, Bucket, RequestLimits
from tests.support.api import Study


def test_a_full_minute_at_once_then_as_many_as_trickle_in() -> None:
    now = 0.0
    bucket = Bucket(60, lambda: now)
    assert [bucket.take() for _ in range(60)] == [0] * 60
    assert bucket.take() == 1
    now = 1.0
    assert bucket.take() == 0
    assert bucket.take() == 1


def test_too_many_requests_are_told_when_to_come_back() -> None:
    client = TestClient(RequestLimits(PlainTextResponse("here"), per_minute=2, max_file_bytes=1, clock=lambda: 0.0))
    assert [client.get("/api/x").status_code for _ in range(3)] == [200, 200, 429]
    refused = client.get("/api/x")
    assert refused.json()["code"] == "too_many_requests"
    assert refused.headers["retry-after"] == str(refused.json()["retry_after"]) == "30"
    assert client.get("/api/health").status_code == client.get("/view/x/1").status_code == 200


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
