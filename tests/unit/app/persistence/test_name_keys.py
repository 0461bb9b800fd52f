"""A library of before names had keys: what was two places by accident is one, and no document is lost."""

import pytest
from sqlalchemy import text

from app.persistence.db import Database, migrate
from app.persistence.learners import LearnerStore
from app.persistence.library import LibraryStore, Node
from tests.support.learners import ADA
from tests.support.migrations import downgrade, whole
from tools.types import Scope

DECOMPOSED = "O\u0308kologie"

PLACES = """
INSERT INTO semesters (id, owner_id, name) VALUES
    ('s1', 'ada', 'Ökologie'), ('s2', 'ada', 'ökologie'), ('s3', 'ada', 'X');
INSERT INTO subjects (id, owner_id, semester_id, name) VALUES
    ('u1', 'ada', 's1', 'Éléments'), ('u2', 'ada', 's2', 'éléments'),
    ('u3', 'ada', 's2', 'Rest'), ('u4', 'ada', 's3', 'Rest');
INSERT INTO books (id, owner_id, subject_id, title) VALUES
    ('b1', 'ada', 'u1', 'Физика'), ('b2', 'ada', 'u2', 'физика'),
    ('b3', 'ada', 'u3', 'A  book '), ('b4', 'ada', 'u4', 'Физика')
"""
DOCUMENT = """
INSERT INTO documents (id, owner_id, book_id, filename, sha256, size, storage_key, kind, state, version, page_count,
    passage_count, details, created_at)
VALUES (:id, 'ada', :book, :filename, :id, 1, '', 'text', 'ready', 1, 1, 0, '{}', '2026-01-01 00:00:00')
"""
OBSTACLES = {"sqlite": "_alembic_tmp_books", "postgresql": "books_subject_id_key_key"}
"""Names that the migration needs when it has already changed two tables."""
FILES = {
    "d1": ("b1", "notes.txt"),
    "d2": ("b2", "notes.txt"),
    "d3": ("b2", "more.txt"),
    "d4": ("b3", DECOMPOSED),
    "d5": ("b4", "notes.txt"),
}


@pytest.fixture
def library(database: Database) -> LibraryStore:
    library = LibraryStore(database)
    LearnerStore(database).known(ADA)
    downgrade(database, "0003")
    with whole(database) as connection:
        for statement in PLACES.split(";"):
            connection.execute(text(statement))
        for id_, (book, filename) in FILES.items():
            connection.execute(text(DOCUMENT), {"id": id_, "book": book, "filename": filename})
    migrate(database.engine)
    return library


def test_places_of_one_name_become_one_with_the_documents_of_both(library: LibraryStore) -> None:
    tree = {semester.name: semester for semester in library.tree(ADA)}
    assert set(tree) == {"Ökologie", "X"}
    subjects = {subject.name: subject for subject in tree["Ökologie"].children}
    assert set(subjects) == {"Éléments", "Rest"}
    [physics] = subjects["Éléments"].children
    assert _files(physics) == {"d1": "notes.txt", "d2": "notes (2).txt", "d3": "more.txt"}
    [book] = subjects["Rest"].children
    assert (book.name, _files(book)) == ("A book", {"d4": "Ökologie"})
    assert library.resolve(ADA, Scope()).document_ids == set(FILES)


def test_the_way_back_and_forth_keeps_every_document(library: LibraryStore) -> None:
    downgrade(library.database, "0003")
    migrate(library.database.engine)
    assert library.resolve(ADA, Scope(semester="ÖKOLOGIE")).document_ids == {"d1", "d2", "d3", "d4"}


def test_a_migration_that_breaks_off_leaves_the_library_as_it_was(database: Database) -> None:
    LearnerStore(database).known(ADA)
    downgrade(database, "0003")
    in_the_way = OBSTACLES[database.engine.dialect.name]
    with whole(database) as connection:
        connection.execute(text("INSERT INTO semesters (id, owner_id, name) VALUES ('s1', 'ada', 'Ökologie')"))
        connection.execute(text(f"CREATE TABLE {in_the_way} (a INTEGER)"))
    with pytest.raises(Exception, match=in_the_way):
        migrate(database.engine)
    with whole(database) as connection:
        assert connection.execute(text("SELECT * FROM semesters")).all() == [("s1", "ada", "Ökologie")]
        connection.execute(text(f"DROP TABLE {in_the_way}"))
    migrate(database.engine)
    assert [node.name for node in LibraryStore(database).tree(ADA)] == ["Ökologie"]


def _files(book: Node) -> dict[str, str]:
    return {document.id: document.filename for document in book.documents}
