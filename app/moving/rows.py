"""The rows of a learner, table by table; what is there already stays as it is."""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Table, func, select

from app.moving.renaming import Renaming
from app.persistence.db import Database, Service, insert_if_new
from app.persistence.means import digest
from app.persistence.question_items import fact_key, item_of
from app.persistence.tables import Base, Document, MeanVectors, QuestionItem, WordTotals
from tools.types import Learner

AT_ONCE = 500
MADE_ANEW = ("word_postings", "word_totals")
"""They name passages by numbers, which are another database's."""
NOT_MOVED = ("learners", "processes", "settings", "key_claims", "own_models")
"""Of the installation, or, as the keys of own models, sealed with its secret."""


def tables() -> list[Table]:
    """Those whose rows move, each behind those that it refers to."""
    left = {*MADE_ANEW, *NOT_MOVED}
    return [table for table in Base.metadata.sorted_tables if table.name not in left]


def new_ids(source: Database, before: Learner, id_of: Callable[[str], str]) -> dict[str, str]:
    """The new id of each document, from the digest of its bytes."""
    with source.session_of(before) as session:
        rows = session.execute(select(Document.id, Document.sha256).where(Document.owner_id == before.id))
        return {id_: id_of(sha256) for id_, sha256 in rows}


def move(source: Database, target: Database, table: Table, renaming: Renaming) -> None:
    """Every row in its turn, some hundred in a transaction, so that who was stopped goes on."""
    rows = _rows(source, table, renaming.before)
    while some := list(islice(rows, AT_ONCE)):
        new = [_finished(table, renaming.row(row)) for row in some]
        with target.session_of(renaming.after) as session:
            session.execute(insert_if_new(session, table), new)


def count(database: Database, table: Table, learner: Learner) -> int:
    """How many rows of a table are this learner's."""
    with database.session_of(learner) as session:
        return session.scalar(select(func.count()).select_from(table).where(_own(table, learner))) or 0


def searched(database: Database, learner: Learner) -> set[str]:
    """The documents whose words are in the keyword index."""
    with database.session_of(learner) as session:
        return set(session.scalars(select(WordTotals.document_id).where(WordTotals.owner_id == learner.id)))


def strangers(target: Database, renaming: Renaming) -> bool:
    """Whether the new owner has documents already that do not come from here."""
    with target.session_of(renaming.after) as session:
        there = set(session.scalars(select(Document.id).where(Document.owner_id == renaming.after.id)))
    return not there <= set(renaming.documents.values())


def _rows(source: Database, table: Table, owner: Learner) -> Iterator[Mapping[str, Any]]:
    # What the database numbers itself is numbered anew.
    columns = [column for column in table.columns if column.autoincrement is not True]
    query = select(*columns).where(_own(table, owner)).order_by(*table.primary_key)
    with source.service_session(Service.INSTALLATION) as session:
        for row in session.execute(query).yield_per(AT_ONCE).mappings():
            yield dict(row)


def _own(table: Table, learner: Learner) -> ColumnElement[bool]:
    return table.c.owner_id == learner.id


def _finished(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """What was worked out from names that are others now."""
    if table is MeanVectors.__table__:
        row["digest"] = digest(row["passage_ids"], row["vectors"])
    if table is QuestionItem.__table__:
        row["fact_key"] = fact_key(item_of(row["body"]))
    return row
