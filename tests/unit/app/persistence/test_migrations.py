"""The way back and forth through all versions, with a row in every table; and who else wants to go it."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import inspect, text

from app.persistence.db import Database, connect, migrate
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
