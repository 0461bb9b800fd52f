"""Semesters, subjects and books are told apart by one key of their names.

Until now SQLite compared names and lowered ASCII only, so “Ökologie” and “ökologie” could be two places. They become
one, with the documents of both; a file whose name is taken there gets a number.
"""

import unicodedata
from collections.abc import Iterator
from itertools import chain, count
from pathlib import PurePosixPath
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Table, its column with the name, its parent's, and the table below it, which refers to it by this column.
PLACES = (
    ("semesters", "name", "owner_id", "subjects", "semester_id"),
    ("subjects", "name", "semester_id", "books", "subject_id"),
    ("books", "title", "subject_id", "documents", "book_id"),
)
NAMING = {"uq": "%(table_name)s_%(column_0_N_name)s_key"}
"""A constraint that was made without a name has none in SQLite; this is what Postgres calls it."""


def upgrade() -> None:
    for table, name, parent, below, reference in PLACES:
        op.add_column(table, sa.Column("key", sa.Text(), nullable=True))
        _fill_keys(table, name)
        for first, again in _collisions(table, parent):
            if table == "books":
                _make_room(first, again)
            _execute(f"UPDATE {below} SET {reference} = :first WHERE {reference} = :again", first=first, again=again)
            _execute(f"DELETE FROM {table} WHERE id = :again", again=again)
        with op.batch_alter_table(table, naming_convention=NAMING) as batch:
            batch.alter_column("key", nullable=False)
            batch.drop_constraint(f"{table}_{parent}_{name}_key", type_="unique")
            batch.create_unique_constraint(f"{table}_{parent}_key_key", [parent, "key"])
    _compose_filenames()


def downgrade() -> None:
    for table, name, parent, _, _ in reversed(PLACES):
        with op.batch_alter_table(table, naming_convention=NAMING) as batch:
            batch.drop_constraint(f"{table}_{parent}_key_key", type_="unique")
            batch.drop_column("key")
            batch.create_unique_constraint(f"{table}_{parent}_{name}_key", [parent, name])


def _execute(statement: str, **values: object) -> Any:
    return op.get_bind().execute(sa.text(statement), values)


def _fill_keys(table: str, name: str) -> None:
    for id_, written in _execute(f"SELECT id, {name} FROM {table}").all():
        values = {"id": id_, "name": " ".join(unicodedata.normalize("NFC", written).split()), "key": _key(written)}
        _execute(f"UPDATE {table} SET {name} = :name, key = :key WHERE id = :id", **values)


def _collisions(table: str, parent: str) -> Iterator[tuple[str, str]]:
    """Pairs of a place and another of the same key beside it."""
    seen: dict[tuple[str, str], str] = {}
    for id_, above, key in _execute(f"SELECT id, {parent}, key FROM {table} ORDER BY id").all():
        first = seen.setdefault((above, key), id_)
        if first != id_:
            yield first, id_


def _make_room(first: str, again: str) -> None:
    """Rename the files of a book whose names the other has, too."""
    for filename in sorted(_filenames(first) & _filenames(again)):
        _rename(again, filename, _free(filename, _filenames(first) | _filenames(again)))


def _compose_filenames() -> None:
    """A name in decomposed characters is the same name as in composed ones."""
    for book, filename in _execute("SELECT DISTINCT book_id, filename FROM documents").all():
        composed = unicodedata.normalize("NFC", filename)
        if composed != filename:
            _rename(book, filename, _free(composed, _filenames(book)) if book else composed)


def _filenames(book: str) -> set[str]:
    return {row[0] for row in _execute("SELECT filename FROM documents WHERE book_id = :book", book=book)}


def _rename(book: str | None, filename: str, new: str) -> None:
    """All versions of a file together."""
    of_book = "book_id = :book" if book else "book_id IS NULL"
    values = {"book": book} if book else {}
    _execute(
        f"UPDATE documents SET filename = :new WHERE filename = :old AND {of_book}", new=new, old=filename, **values
    )


def _free(filename: str, taken: set[str]) -> str:
    path = PurePosixPath(filename)
    numbered = (f"{path.stem} ({n}){path.suffix}" for n in count(2))
    return next(name for name in chain([filename], numbered) if name not in taken)


def _key(name: str) -> str:
    plain = " ".join(unicodedata.normalize("NFC", name).split())
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", plain).casefold())
