import pytest
from sqlalchemy import inspect, text

from app.persistence.apparatus import ApparatusTable
from app.persistence.db import Database, migrate
from tests.support.embeddings import HashingEmbeddings
from tests.support.migrations import downgrade
from tests.support.shelf import LEARNER, SearchShelf
from tools.apparatus import Emphasised, Entry, Exercise, IndexEntry, KeyTerm, Objective, Spot, Summary
from tools.errors import NotFound

AT = Spot(3, 10, 25, ("Cells", "Key Terms"))
ENTRIES: list[Entry] = [
    KeyTerm(AT, "osmosis", "movement of water"),
    Emphasised(AT, "osmosis", bold=True),
    Objective(AT, "Explain osmosis"),
    Summary(AT, "Transport", "Water moves."),
    Exercise(AT, "Review Questions", 3, "What moves?", ("water", "salt"), "A"),
    Exercise(AT, "Review Questions", 4, "Why?"),
    IndexEntry(AT, "osmosis", ("12", "57–58")),
]


@pytest.fixture
def table(database: Database) -> ApparatusTable:
    shelf = SearchShelf(database, HashingEmbeddings())
    shelf.put("cells", ["One."])
    shelf.put("trade", ["Two."])
    return ApparatusTable(database.of(LEARNER))


def test_entries_come_back_as_they_were_in_their_order(table: ApparatusTable) -> None:
    table.replace("cells", ENTRIES)
    table.replace("trade", ENTRIES[:1])
    assert table.entries(["cells"]) == [("cells", entry) for entry in ENTRIES]
    assert [document_id for document_id, _ in table.entries(["cells", "trade"], ["key_term"])] == ["cells", "trade"]


def test_reading_a_document_again_leaves_nothing_of_the_former(table: ApparatusTable) -> None:
    table.replace("cells", ENTRIES)
    table.replace("cells", ENTRIES[2:4])
    assert [entry for _, entry in table.entries(["cells"])] == ENTRIES[2:4]
    table.delete("cells")
    assert table.entries(["cells"]) == []


def test_a_document_that_is_deleted_takes_its_entries_along(database: Database, table: ApparatusTable) -> None:
    table.replace("cells", ENTRIES)
    with database.session_of(LEARNER) as session:
        session.execute(text("DELETE FROM passages"))
        session.execute(text("DELETE FROM documents WHERE id = 'cells'"))
    assert table.entries(["cells"]) == []
    with pytest.raises(NotFound):
        table.replace("cells", ENTRIES)


def test_the_schema_goes_back_and_forward_with_documents_in_place(database: Database, table: ApparatusTable) -> None:
    downgrade(database, "0009")
    assert "apparatus" not in inspect(database.engine).get_table_names()
    migrate(database.engine)
    table.replace("cells", ENTRIES)
    assert len(table.entries(["cells"])) == len(ENTRIES)
