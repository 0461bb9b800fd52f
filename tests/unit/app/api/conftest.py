from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app import api
from app.settings import Settings
from app.wiring import LOCAL_LEARNER, Services
from tests.support.api import MemoryIndexes, ScriptedTurns, Study


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    services = Services(Settings.model_validate({"STUDYRAG_DATA_DIR": tmp_path, "STUDYRAG_MAX_FILE_MB": 1}))
    services.__dict__["indexes"] = indexes = MemoryIndexes(services)
    services.library.learner(LOCAL_LEARNER, LOCAL_LEARNER, "You")
    app = FastAPI(title="StudyRAG", version="0.1.0", docs_url=None, redoc_url=None)
    app.state.services = services
    app.state.turns = turns = ScriptedTurns()
    api.register(app)
    with TestClient(app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False) as client:
        yield Study(client, app, services, indexes, turns)
    app.state.pages.painter.close()
    services.search.close()
    services.database.engine.dispose()
