"""What books are about, as rows; a book that has none yet gets them when they are first asked for."""

import logging
from collections.abc import Collection, Sequence
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import delete, func, insert, select

from app.persistence.apparatus import ApparatusTable
from app.persistence.db import Sessions
from app.persistence.passages import PassageTable
from app.persistence.tables import ConceptRow, Document
from tools.concepts.find import find
from tools.concepts.types import Concept

log = logging.getLogger(__name__)

_CONCEPT: TypeAdapter[Concept] = TypeAdapter(Concept)
_NONE = ""
"""The passage of the row of a document that was looked through and has no concepts."""
_AT_ONCE = 500


class ConceptTable:
    """Implements ConceptShelf; a document that is deleted takes its concepts along."""

    def __init__(self, sessions: Sessions, passages: PassageTable, apparatus: ApparatusTable) -> None:
        self._sessions = sessions
        self._passages, self._apparatus = passages, apparatus

    def remake(self, document_id: str) -> None:
        """Find the concepts of a document anew. Whatever is in its text, it can be studied without them."""
        ids = [place.passage_id for place in self._passages.places([document_id])]
        parts = (self._passages.passages(ids[at : at + _AT_ONCE]) for at in range(0, len(ids), _AT_ONCE))
        passages = {id_: passage for part in parts for id_, passage in part.items()}
        entries = [entry for _, entry in self._apparatus.entries([document_id])]
        try:
            found = find([passages[id_] for id_ in ids if id_ in passages], entries)
        except Exception:
            log.exception("the concepts of a document could not be found")
            found = []
        self._replace(document_id, found)

    def delete(self, document_id: str) -> None:
        """Nothing of the document is kept any more."""
        with self._sessions.session() as session:
            session.execute(delete(ConceptRow).where(ConceptRow.document_id == document_id))

    def weights(self, document_ids: Collection[str]) -> dict[str, float]:
        """By the id of each passage that explains a concept, how much the weightiest of them weighs."""
        for document_id in self._without(document_ids):
            self.remake(document_id)
        weight = func.max(ConceptRow.weight)
        query = select(ConceptRow.passage_id, weight).where(ConceptRow.document_id.in_(document_ids))
        with self._sessions.session() as session:
            rows = session.execute(query.group_by(ConceptRow.passage_id)).all()
        return {passage_id: weight for passage_id, weight in rows if passage_id != _NONE}

    def concepts(self, document_id: str) -> Sequence[Concept]:
        """In reading order."""
        query = select(ConceptRow.body).where(ConceptRow.document_id == document_id, ConceptRow.passage_id != _NONE)
        with self._sessions.session() as session:
            bodies = session.scalars(query.order_by(ConceptRow.ordinal)).all()
        return [_CONCEPT.validate_python(body) for body in bodies]

    def _replace(self, document_id: str, concepts: Sequence[Concept]) -> None:
        with self._sessions.session() as session:
            owner_id = session.scalar(select(Document.owner_id).where(Document.id == document_id))
            if owner_id is None:
                return  # deleted meanwhile
            session.execute(delete(ConceptRow).where(ConceptRow.document_id == document_id))
            own = {"document_id": document_id, "owner_id": owner_id}
            rows = [own | _row(n, concept) for n, concept in enumerate(concepts)]
            none = own | {"ordinal": 0, "passage_id": _NONE, "weight": 0.0, "body": {}}
            session.execute(insert(ConceptRow), rows or [none])

    def _without(self, document_ids: Collection[str]) -> list[str]:
        """Those that were never looked through."""
        query = select(ConceptRow.document_id).where(ConceptRow.document_id.in_(document_ids)).distinct()
        with self._sessions.session() as session:
            return sorted({*document_ids} - {*session.scalars(query).all()})


def _row(ordinal: int, concept: Concept) -> dict[str, Any]:
    body = _CONCEPT.dump_python(concept, mode="json")
    return {"ordinal": ordinal, "passage_id": concept.passage_id, "weight": concept.weight, "body": body}
