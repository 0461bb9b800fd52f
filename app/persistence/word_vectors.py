"""The vectors of words, beside those of the sentences in which they stand."""

from collections.abc import Sequence

import numpy as np
from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from app.persistence.db import Sessions
from app.persistence.tables import PassageRow, SentenceVectors
from ingestion.embed import Cuts
from tools.ports import PackedWords
from tools.types import Learner

_SPAN_BYTES = 4


class WordTable:
    """Of one embedding model."""

    def __init__(self, sessions: Sessions, model: str) -> None:
        self._sessions = sessions
        self._model = model

    def of(self, ids: Sequence[str]) -> dict[str, PackedWords]:
        """By passage; one without is left out."""
        size = func.length(SentenceVectors.spans)
        query = select(SentenceVectors.passage_id, SentenceVectors.words, size).where(
            SentenceVectors.passage_id.in_(ids), SentenceVectors.model == self._model
        )
        with self._sessions.session() as session:
            rows = session.execute(query)
            return {id_: PackedWords.from_bytes(words, size // _SPAN_BYTES) for id_, words, size in rows if words}

    def add(self, ids: Sequence[str], words: Sequence[PackedWords]) -> None:
        """Beside the vectors of sentences, which are there already."""
        with self._sessions.session() as session:
            for id_, one in zip(ids, words, strict=True):
                row = update(SentenceVectors).where(self._sessions.owns(SentenceVectors.owner_id))
                row = row.where(SentenceVectors.passage_id == id_, SentenceVectors.model == self._model)
                session.execute(row, {"words": one.to_bytes()})

    def lacking(self, document_id: str, limit: int) -> list[tuple[str, str, Cuts]]:
        """Id, text and sentence spans of passages that were embedded without their words."""
        query = (
            select(PassageRow.id, PassageRow.text, SentenceVectors.spans)
            .join(SentenceVectors, SentenceVectors.passage_id == PassageRow.id)
            .where(self._sessions.owns(PassageRow.owner_id), PassageRow.document_id == document_id)
            .where(*_wordless(self._model))
        )
        with self._sessions.session() as session:
            rows = session.execute(query.limit(limit))
            return [(id_, text, np.frombuffer(spans, np.uint16).reshape(-1, 2)) for id_, text, spans in rows]


def wordless(session: Session, model: str) -> list[tuple[Learner, str]]:
    """Owner and id of every learner's documents with passages that were embedded without their words."""
    query = (
        select(PassageRow.owner_id, PassageRow.document_id)
        .join(SentenceVectors, SentenceVectors.passage_id == PassageRow.id)
        .where(*_wordless(model))
    )
    return [(Learner(owner_id), document_id) for owner_id, document_id in session.execute(query.distinct())]


def _wordless(model: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return SentenceVectors.model == model, SentenceVectors.words.is_(None)
