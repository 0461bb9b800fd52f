from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app import api
from app.pages import Pages
from app.settings import Settings
from app.wiring import LOCAL_LEARNER, Services
from tests.support.api import MemoryIndexes, ScriptedTurns, Study
from tests.support.scribes import scribe_for

LIMITS = {"STUDYRAG_MAX_FILE_MB": 1, "STUDYRAG_REQUESTS_PER_MINUTE": 1_000_000}


@pytest.fixture(scope="session")
def routes(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """Making the routes takes longer than most tests, so they share them; what the routes use is each test's own."""
    app = FastAPI(title="StudyRAG", version="0.1.0", docs_url=None, redoc_url=None)
    app.state.services = services_in(tmp_path_factory.mktemp("routes"))
    api.register(app)
    return app


@pytest.fixture
def study(tmp_path: Path, routes: FastAPI) -> Iterator[Study]:
    services = services_in(tmp_path)
    services.__dict__["indexes"] = indexes = MemoryIndexes(services)
    services.learners.known(LOCAL_LEARNER)
    turns = ScriptedTurns()
    routes.state.services, routes.state.turns, routes.state.pages = services, turns, Pages(services)
    client = TestClient(routes, base_url="http://127.0.0.1:8000", raise_server_exceptions=False)
    with client, scribe_for(services.author) as send:
        services.writing._send = send
        yield Study(client, routes, services, indexes, turns)
    routes.state.pages.painter.close()
    indexes.close()
    services.database.engine.dispose()


def services_in(folder: Path) -> Services:
    return Services(Settings.model_validate({"STUDYRAG_DATA_DIR": folder, **LIMITS}))
