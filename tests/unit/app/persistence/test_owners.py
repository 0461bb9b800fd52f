"""Every row of a learner's data names its owner, also what was written before it had to."""

from sqlalchemy import text

from app.persistence.db import Database, migrate
from app.persistence.tables import Base, Thread
from tests.support.embeddings import HashingEmbeddings
from tests.support.migrations import downgrade, whole
from tests.support.shelf import LEARNER, SearchShelf, scope

NOBODYS = {"learners", "processes", "settings"}
FILLED = ("pages", "passages", "word_postings", "word_totals", "sentence_vectors", "steps")


def test_every_table_of_learners_names_the_owner_of_each_row() -> None:
    lacking = {
        table.name for table in Base.metadata.sorted_tables if "owner_id" not in table.c or table.c.owner_id.nullable
    }
    assert lacking <= NOBODYS


def test_rows_of_before_get_the_owner_of_what_they_hang_on(database: Database) -> None:
    shelf = SearchShelf(database, HashingEmbeddings())
    shelf.put("old", ["Osmosis moves water.", "Mitosis divides the nucleus."])
    with database.session_of(LEARNER) as session:
        session.add(Thread(id="t", owner_id=LEARNER.id))
    downgrade(database, "0010")
    with whole(database) as connection:
        for thread, step in (("t", "s1"), ("gone", "s2")):
            connection.execute(
                text("INSERT INTO steps (id, thread_id, created_at, body) VALUES (:id, :thread, '2026-01-01', '{}')"),
                {"id": step, "thread": thread},
            )
    migrate(database.engine)
    with database.session_of(LEARNER) as session:
        for table in FILLED:
            owners = set(session.scalars(text(f"SELECT owner_id FROM {table}")))
            assert owners == {LEARNER.id}, table
    assert shelf.search.search("osmosis", scope("old")).hits
    shelf.search.close()
