"""What a learner sees while Redis is away or hangs: what stands in the table of docs/services.md."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app import api
from app.pages import Pages
from app.wiring import LOCAL_LEARNER
from tests.support.api import MemoryIndexes, ScriptedTurns, Study
from tests.support.redis_server import RedisServer
from tests.unit.app.api.conftest import services_in
from tools.types import JobState


@pytest.fixture
def study(tmp_path: Path, redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Study]:
    monkeypatch.setenv("REDIS_URL", redis_server.url)
    services, turns, app = services_in(tmp_path), ScriptedTurns(), FastAPI(version="1")
    services.__dict__["indexes"] = indexes = MemoryIndexes(services)
    services.learners.known(LOCAL_LEARNER)
    app.state.services, app.state.turns = services, turns
    api.register(app)
    app.state.pages = Pages(services)
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        yield Study(client, app, services, indexes, turns)
        client.portal.call(services.limits.close)  # type: ignore[union-attr]
    indexes.close()
    services.database.engine.dispose()


@pytest.mark.parametrize(("trouble", "relief"), [("kill", "start"), ("pause", "go_on")])
def test_uploads_are_taken_in_and_searches_answered(
    study: Study, redis_server: RedisServer, trouble: str, relief: str
) -> None:
    study.book("Osmosis moves water.", "Cells")
    searched = {"query": "osmosis"}
    before = study.client.post("/api/search", json=searched).json()
    getattr(redis_server, trouble)()
    assert study.client.post("/api/search", json=searched).json() == before
    job_id = study.upload("Mitosis divides a cell.", "mitosis.txt", book="Cells")["job_id"]
    assert study.client.get(f"/api/jobs/{job_id}").json()["state"] == JobState.QUEUED
    assert job_id in study.services.jobs.waiting(), "the worker finds it when the queue is back"
    health = study.client.get("/api/health").json()
    assert (health["status"], health["dependencies"]["queue"]["state"]) == ("degraded", "down")
    getattr(redis_server, relief)()
