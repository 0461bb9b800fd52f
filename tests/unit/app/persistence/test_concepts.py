"""Concepts as rows: made when a book is read, made at first use where they are missing."""

import pytest
from sqlalchemy import inspect, text

from app.persistence.apparatus import ApparatusTable
from app.persistence.concepts import ConceptTable
from app.persistence.db import Database, migrate
from tests.support.embeddings import HashingEmbeddings
from tests.support.migrations import downgrade
from tests.support.shelf import LEARNER, SearchShelf
from tests.unit.tools.questions.shelf import CELL


@pytest.fixture
def table(database: Database) -> ConceptTable:
    shelf = SearchShelf(database, HashingEmbeddings())
    shelf.put("cells", CELL)
    shelf.put("empty", ["Nothing here."])
    sessions = database.of(shelf.learner) if hasattr(shelf, "learner") else database.of(LEARNER)
    return ConceptTable(sessions, shelf.passages, ApparatusTable(sessions))


def test_a_book_of_before_gets_its_concepts_when_it_is_first_asked_about(table: ConceptTable) -> None:
    weights = table.weights(["cells", "empty"])
    found = table.concepts("cells")
    assert "osmosis" in [concept.term for concept in found]
    assert {*weights} == {concept.passage_id for concept in found}
    assert table.concepts("empty") == []


def test_made_anew_they_are_the_same(table: ConceptTable) -> None:
    table.remake("cells")
    before = table.concepts("cells")
    table.remake("cells")
    assert table.concepts("cells") == before


def test_a_document_that_is_deleted_takes_its_concepts_along(database: Database, table: ConceptTable) -> None:
    table.remake("cells")
    with database.session_of(LEARNER) as session:
        session.execute(text("DELETE FROM passages"))
        session.execute(text("DELETE FROM documents WHERE id = 'cells'"))
        assert session.scalar(text("SELECT count(*) FROM concepts WHERE document_id = 'cells'")) == 0
    table.remake("cells")
    assert table.concepts("cells") == []


def test_the_schema_goes_back_and_forward(database: Database, table: ConceptTable) -> None:
    downgrade(database, "0016")
    assert "concepts" not in inspect(database.engine).get_table_names()
    migrate(database.engine)
    assert table.weights(["cells"])
