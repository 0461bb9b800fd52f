import errno

import pytest
from starlette.datastructures import UploadFile

from tests.support.api import Study

SHAPE = {"status", "code", "message", "fallback_used", "retry_after"}


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/nope", 404, "not_found"),
        ("POST", "/api/nope", 404, "not_found"),
        ("GET", "/health/nope", 404, "not_found"),
        ("GET", "/api/documents/nope", 404, "not_found"),
        ("GET", "/api/documents/no%20pe", 422, "invalid_request"),
        ("GET", "/api/search", 405, "method_not_allowed"),
        ("PUT", "/api/documents/x", 405, "method_not_allowed"),
    ],
)
def test_every_error_has_the_one_shape(study: Study, method: str, path: str, status: int, code: str) -> None:
    reply = study.client.request(method, path)
    assert (reply.status_code, reply.json()["code"]) == (status, code)
    assert set(reply.json()) == SHAPE
    assert (reply.json()["status"], reply.json()["fallback_used"]) == ("error", False)


def test_a_crash_shows_nothing_of_the_inside(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object, **__: object) -> None:
        raise ValueError("secret")

    monkeypatch.setattr(study.services.library, "tree", crash)
    reply = study.client.get("/api/library")
    assert (reply.status_code, reply.json()["code"]) == (500, "internal_error")
    assert "secret" not in reply.text


def test_a_full_disk_is_said_plainly(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(study.services.documents, "accept", full)
    reply = study.client.post("/api/documents/upload", files={"file": ("a.txt", b"Water.")})
    assert (reply.status_code, reply.json()["code"]) == (507, "storage_full")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ('{"query": 3}', "query"),
        ('{"query": "x", "mode": 1}', "mode"),
        ("{}", "query"),
        ('{"query": "\\ud800"}', "query"),
        ('{"query": "x", "active_books": [3]}', "active_books"),
    ],
)
def test_a_wrong_field_is_named(study: Study, body: str, field: str) -> None:
    reply = study.client.post("/api/search", content=body, headers={"Content-Type": "application/json"})
    assert f"“{field}”" in reply.json()["message"]


def test_a_body_that_is_no_json_is_said_to_be_none(study: Study) -> None:
    reply = study.client.post("/api/search", content=b"{", headers={"Content-Type": "application/json"})
    assert reply.status_code == 422
    assert "JSON" in reply.json()["message"]


@pytest.mark.parametrize(
    "path",
    ["/cite/t-1/9999999999999999999", "/api/documents/x/pages/9999999999999999999", "/api/query/history?offset=-1"],
)
def test_a_number_out_of_bounds_is_refused(study: Study, path: str) -> None:
    assert study.client.get(path).status_code == 422


def test_a_disk_that_fills_up_while_an_upload_arrives_is_said_plainly(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(UploadFile, "write", full)
    reply = study.client.post("/api/documents/upload", files={"file": ("a.txt", b"Water.")})
    assert (reply.status_code, reply.json()["code"]) == (507, "storage_full")
