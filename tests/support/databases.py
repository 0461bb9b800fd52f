"""One suite, two databases: `@BOTH` over a test, or `pytestmark = BOTH`, runs it on SQLite and on PostgreSQL."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.persistence.db import Database, connect, migrate
from app.settings import Settings

BOTH = pytest.mark.parametrize("database_kind", ["sqlite", "postgres"])


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the schema of today, to be copied."""
    path = tmp_path_factory.mktemp("template") / "studyrag.sqlite3"
    engine = connect(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()
    return path


@pytest.fixture
def database_url(database_kind: str, tmp_path: Path, sqlite_template: Path, request: pytest.FixtureRequest) -> str:
    """`DATABASE_URL` of a database of the test's own; empty where it is a file in the test's folder."""
    if database_kind == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    shutil.copy(sqlite_template, tmp_path / "studyrag.sqlite3")
    return ""


@pytest.fixture
def database(database_url: str, tmp_path: Path) -> Iterator[Database]:
    settings = Settings.model_validate({"STUDYRAG_DATA_DIR": tmp_path, "database_url": database_url})
    engine = connect(settings.database)
    yield Database(engine)
    engine.dispose()
