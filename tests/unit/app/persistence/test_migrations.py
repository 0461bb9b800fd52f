"""The way back and forth through all versions, with a row in every table; and who else wants to go it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import inspect, text

from app.persistence.db import CannotMigrate, Database, connect, migrate
from tests.support.learners import ADA
from tests.support.migrations import downgrade, whole
from tests.support.postgres import PostgresServer
from tests.support.rows import fill, keys

MADE_AGAIN = {"mean_vectors", "word_postings", "word_totals"}
"""What a migration makes from the rest is as much as the rest gives."""


def test_the_way_back_to_the_first_version_and_forth_keeps_the_rows_that_both_know(database: Database) -> None:
    with whole(database) as connection:
        fill(connection)
        before = keys(connection)
    downgrade(database, "0001")
    with whole(database) as connection:
        there = keys(connection)
    assert {name: rows for name, rows in before.items() if name in there} == there
    assert set(there) < set(before)
    migrate(database.engine)
    with whole(database) as connection:
        after = keys(connection)
        assert connection.scalar(text("SELECT owner_id FROM sentence_vectors")) == "ada"
    assert set(after) == set(before)
    lasting = set(there) - MADE_AGAIN
    assert {name: after[name] for name in lasting} == {name: there[name] for name in lasting}


def test_processes_that_start_at_once_migrate_once(postgres: PostgresServer) -> None:
    with postgres.database() as url:
        engine = connect(url.replace("postgresql:", "postgresql+psycopg:"))
        with ThreadPoolExecutor(4) as processes:
            list(processes.map(migrate, [engine] * 4))
        assert inspect(engine).has_table("checkpoints")
        engine.dispose()


def test_data_of_a_newer_version_stay_as_they_are(database: Database) -> None:
    with whole(database) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(CannotMigrate, match="newer StudyRAG"):
        migrate(database.engine)
    with database.session_of(ADA) as session:
        assert session.scalar(text("SELECT count(*) FROM documents")) == 0


def test_a_database_that_does_not_know_every_letter_is_refused(postgres: PostgresServer) -> None:
    with postgres.database(like="ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C'") as url:
        engine = connect(url.replace("postgresql:", "postgresql+psycopg:"))
        with pytest.raises(CannotMigrate, match="ENCODING 'UTF8'"):
            migrate(engine)
        engine.dispose()
