"""What books say of themselves, as rows."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Annotated, Any

from pydantic import Field, TypeAdapter
from sqlalchemy import ColumnElement, and_, delete, insert, select

from app.persistence.db import Sessions
from app.persistence.tables import ApparatusRow, Document
from tools.apparatus import Entry, EntryKind
from tools.errors import NotFound

_ENTRY: TypeAdapter[Entry] = TypeAdapter(Annotated[Entry, Field(discriminator="kind")])


class ApparatusTable:
    """Implements tools.apparatus.ApparatusStore; a document that is deleted takes its entries along."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def replace(self, document_id: str, entries: Sequence[Entry]) -> None:
        """Raises NotFound when the document was deleted meanwhile."""
        with self._sessions.session() as session:
            mine = select(Document.id).where(self._sessions.owns(Document.owner_id), Document.id == document_id)
            if session.scalar(mine) is None:
                raise NotFound("This document is not there any more.")
            session.execute(delete(ApparatusRow).where(self._of(document_id)))
            rows = [_row(self._sessions.owner_id, document_id, n, entry) for n, entry in enumerate(entries)]
            if rows:
                session.execute(insert(ApparatusRow), rows)

    def delete(self, document_id: str) -> None:
        """Nothing of the document is kept any more."""
        with self._sessions.session() as session:
            session.execute(delete(ApparatusRow).where(self._of(document_id)))

    def entries(self, document_ids: Collection[str], kinds: Collection[EntryKind] = ()) -> list[tuple[str, Entry]]:
        """Each with its document, in reading order; of all kinds if none is named."""
        query = select(ApparatusRow).where(self._of(*document_ids))
        if kinds:
            query = query.where(ApparatusRow.kind.in_(kinds))
        with self._sessions.session() as session:
            rows = session.scalars(query.order_by(ApparatusRow.document_id, ApparatusRow.ordinal)).all()
            return [(row.document_id, _entry(row)) for row in rows]

    def _of(self, *document_ids: str) -> ColumnElement[bool]:
        return and_(self._sessions.owns(ApparatusRow.owner_id), ApparatusRow.document_id.in_(document_ids))


def _row(owner_id: str, document_id: str, ordinal: int, entry: Entry) -> dict[str, Any]:
    body = asdict(entry)
    at, kind = body.pop("at"), body.pop("kind")
    at["section"] = list(at["section"])
    return {"owner_id": owner_id, "document_id": document_id, "ordinal": ordinal, "kind": kind, "body": body, **at}


def _entry(row: ApparatusRow) -> Entry:
    at = {"page_index": row.page_index, "start": row.start, "end": row.end, "section": row.section}
    return _ENTRY.validate_python({**row.body, "kind": row.kind, "at": at})
