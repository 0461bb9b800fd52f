import pytest
from starlette.websockets import WebSocketDisconnect

from app.api.guard import is_loopback
from tests.support.api import Study


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "app.localhost:80", "[::1]:8000", "127.9.9.9"])
def test_loopback_names(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["", "evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.1", "["]
)
def test_names_of_others(host: str) -> None:
    assert not is_loopback(host)


def test_a_foreign_host_name_sees_nothing(study: Study) -> None:
    reply = study.client.get("/api/library", headers={"Host": "evil.example"})
    assert (reply.status_code, reply.json()["code"]) == (403, "forbidden")


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:9999"])
def test_another_origin_changes_nothing(study: Study, origin: str) -> None:
    reply = study.client.post("/api/ingest", headers={"Origin": origin})
    assert (reply.status_code, reply.json()["code"]) == (403, "forbidden")


def test_the_own_origin_may(study: Study) -> None:
    assert study.client.post("/api/ingest", headers={"Origin": "http://127.0.0.1:8000"}).status_code == 202


def test_another_origin_gets_no_websocket(study: Study) -> None:
    headers = {"Origin": "http://evil.example"}
    with pytest.raises(WebSocketDisconnect), study.client.websocket_connect("ws://127.0.0.1:8000/ws", headers=headers):
        pass


def test_replies_carry_security_headers(study: Study) -> None:
    for path in ("/api/library", "/api/nope", "/docs"):
        headers = study.client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'self'" in headers["content-security-policy"]
