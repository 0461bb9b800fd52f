"""The small server beside a process: what it tells whom, and that it is only there where it is wanted."""

import socket

import httpx
import pytest

from app.settings import Settings
from app.telemetry.exposition import observable
from tests.support.chroma import free_port

TOKEN = "a-token-for-prometheus"


def test_it_tells_metrics_to_the_token_and_everybody_whether_it_lives() -> None:
    port, alive = free_port(), [True]
    settings = Settings.model_validate({"STUDYRAG_METRICS_PORT": port, "STUDYRAG_METRICS_TOKEN": TOKEN})
    with observable(settings, lambda: alive[0], lambda: b"more_of_it 1.0\n"):
        address = f"http://127.0.0.1:{port}"
        told = httpx.get(f"{address}/metrics", headers={"authorization": f"Bearer {TOKEN}"})
        assert told.headers["content-type"].startswith("text/plain")
        assert "process_resident_memory_bytes" in told.text
        assert told.text.endswith("more_of_it 1.0\n")
        assert httpx.get(f"{address}/metrics").status_code == 401
        assert httpx.get(f"{address}/else").status_code == 404
        assert httpx.get(f"{address}/health/live").status_code == 200
        alive[0] = False
        assert httpx.get(f"{address}/health/live").status_code == 503
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{address}/health/live")


def test_without_a_port_nothing_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket.socket, "listen", lambda *_: pytest.fail("it listens"))
    with observable(Settings(), lambda: True):
        pass
