"""On PostgreSQL the rows of one learner are closed to all others, whatever a statement asks for."""

from collections.abc import Iterator
from dataclasses import asdict

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app import api
from app.persistence.db import Database, Service, connect
from app.persistence.postgres import LEARNER_ROLE
from app.persistence.row_security import CHECKPOINTS
from app.persistence.tables import Base
from tests.contract.test_isolation import CASES, Attempt, services_in
from tests.support.isolation import NOBODYS, SECRET, Ids, World, add_a_book, filled, furnish, touched, world
from tests.support.learners import ADA, BOB
from tests.support.no_filters import without_filters
from tests.support.postgres import PostgresServer

EVERY = [
    pytest.param(method, attempt, id=f"{method} {path} {n}")
    for (method, path), attempts in CASES.items()
    for n, attempt in enumerate(attempts)
]


@pytest.fixture(scope="module", params=["postgres", "sqlite"])
def kind(request: pytest.FixtureRequest) -> str:
    """SQLite has no row level security: what happens there shows that nothing else keeps learners apart."""
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def unfiltered(kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    app = FastAPI(title="StudyRAG", version="0.1.0", docs_url=None, redoc_url=None)
    url = str(request.getfixturevalue("isolated_url")) if kind == "postgres" else ""
    services = services_in(tmp_path_factory.mktemp("unfiltered"), url)
    app.state.services = services
    api.register(app)
    with world(app, services) as made:
        yield made


@pytest.fixture(scope="module")
def hers(unfiltered: World) -> Ids:
    add_a_book(unfiltered, "bob", "willow.txt", "Baskets are woven of willow rods, which are cut in winter.")
    return furnish(unfiltered)


@pytest.fixture(scope="module")
def isolated_url(postgres: PostgresServer, postgres_template: str) -> Iterator[str]:
    with postgres.database(postgres_template) as url:
        yield url


@pytest.mark.parametrize("kind", ["postgres"], indirect=True)
@pytest.mark.parametrize(("method", "attempt"), EVERY)
def test_without_a_filter_in_the_code_nobody_finds_or_changes_what_is_somebody_elses(
    unfiltered: World, hers: Ids, method: str, attempt: Attempt
) -> None:
    before = unfiltered.dump("ada")
    ids, files = asdict(hers), {"file": ("mine.txt", b"Something of my own.")} if attempt.form else None
    with without_filters(unfiltered.services.database):
        reply = unfiltered.as_(
            "bob", method, filled(attempt.url, ids), json=filled(attempt.json, ids), data=filled(attempt.form, ids),
            files=files,
        )  # fmt: skip
    assert reply.status_code == attempt.found, reply.text
    assert SECRET not in reply.text.lower()
    assert not touched(before, unfiltered.dump("ada"))


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_without_the_database_they_would(unfiltered: World, hers: Ids) -> None:
    """So that the filters are out, and the cases above hold by the rows' own protection alone."""
    with without_filters(unfiltered.services.database) as changed:
        for path in (f"/api/documents/{hers.document}", f"/api/quizzes/{hers.done_quiz}/report", "/api/library"):
            reply = unfiltered.as_("bob", "GET", path)
            assert reply.status_code == 200, path
            assert SECRET in reply.text, path
    assert changed


@pytest.fixture
def database(postgres_url: str) -> Iterator[Database]:
    engine = connect(postgres_url.replace("postgresql:", "postgresql+psycopg:"))
    yield Database(engine)
    engine.dispose()


def test_every_table_is_closed_and_those_of_learners_open_to_their_owner(database: Database) -> None:
    with database.service_session(Service.INSTALLATION) as session:
        closed = text("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        tables = set(session.scalars(closed))
        policies = session.execute(
            text("SELECT tablename, qual, with_check FROM pg_policies WHERE policyname = 'learner'")
        )
        open_to_owner = {table: (rows, new_rows) for table, rows, new_rows in policies}
    assert tables == {*Base.metadata.tables, *CHECKPOINTS}
    assert set(open_to_owner) == set(Base.metadata.tables) - set(NOBODYS)
    assert all(rows == new_rows and "studyrag_uid()" in rows for rows, new_rows in open_to_owner.values())


@pytest.mark.parametrize("table", [*NOBODYS, *CHECKPOINTS, "alembic_version"])
def test_no_learner_gets_at_what_is_nobodys(database: Database, table: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), database.session_of(ADA) as session:
        session.execute(text(f"SELECT * FROM {table}"))


def test_who_says_not_for_whom_sees_nothing_though_the_tables_are_his(database: Database) -> None:
    with database.service_session(Service.SIGN_IN) as session:
        session.execute(text("INSERT INTO learners VALUES ('ada', 'ada', 'Ada', '{}', now())"))
    with database.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM learners")) == 0
    with database.session_of(ADA) as session:
        assert session.scalar(text("SELECT current_user")) == LEARNER_ROLE
        assert session.scalar(text("SELECT count(*) FROM learners")) == 1


def test_nobody_writes_a_row_in_anothers_name(database: Database) -> None:
    with database.service_session(Service.SIGN_IN) as session:
        session.execute(text("INSERT INTO learners VALUES ('ada', 'ada', 'Ada', '{}', now())"))
    mine = text("INSERT INTO semesters (id, owner_id, name, key) VALUES ('s', 'ada', 's', 's')")
    with pytest.raises(ProgrammingError, match="row-level security"), database.session_of(BOB) as session:
        session.execute(mine)


def test_a_transaction_leaves_nothing_to_the_next_one_on_its_connection(database: Database) -> None:
    with database.session_of(ADA) as session:
        server = session.scalar(text("SELECT pg_backend_pid()"))
    with database.engine.connect() as connection:
        left = connection.execute(
            text("SELECT pg_backend_pid(), current_user, current_setting('request.jwt.claims', true)")
        ).one()
    assert tuple(left) == (server, "studyrag", "")
