"""The vectors of passages, packed by the hundred, for an exact look at all of a scope."""

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, delete, func, select

from app.persistence.db import Sessions
from app.persistence.tables import MeanVectors

_BLOCKS_AT_ONCE = 8
_SCALE = 127


class MeanTable:
    """Vectors of one embedding model; a document that is deleted takes its own along."""

    def __init__(self, sessions: Sessions, model: str) -> None:
        self._sessions = sessions
        self._model = model

    def size(self, document_ids: Collection[str]) -> int:
        """Number of passages with a vector in these documents."""
        query = select(func.coalesce(func.sum(MeanVectors.size), 0)).where(*self._of(document_ids))
        with self._sessions.session() as session:
            return session.scalar(query) or 0

    def add(self, document_id: str, passage_ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """One block of passages; the same block again changes nothing."""
        first = passage_ids[0]
        block = MeanVectors(
            document_id=document_id,
            model=self._model,
            first=first,
            size=len(passage_ids),
            passage_ids="\n".join(passage_ids),
            vectors=np.rint(vectors * _SCALE).astype(np.int8).tobytes(),
        )
        with self._sessions.session() as session:
            session.execute(delete(MeanVectors).where(*self._of([document_id]), MeanVectors.first == first))
            session.add(block)

    def nearest(self, vector: NDArray[np.float32], document_ids: Collection[str], k: int) -> list[tuple[str, float]]:
        """The nearest passages of these documents with their cosines; a few blocks in memory at a time."""
        unit = vector / np.float32((np.linalg.norm(vector) or 1.0) * _SCALE)
        ids: list[str] = []
        cosines: list[NDArray[np.float32]] = []
        query = select(MeanVectors.passage_ids, MeanVectors.vectors).where(*self._of(document_ids))
        with self._sessions.session() as session:
            for block, packed in session.execute(query).yield_per(_BLOCKS_AT_ONCE):
                ids += block.split("\n")
                cosines.append(np.frombuffer(packed, np.int8).reshape(-1, unit.size).astype(np.float32) @ unit)
        if not ids:
            return []
        together = np.concatenate(cosines)
        return [(ids[at], float(together[at])) for at in np.argsort(-together)[:k]]

    def delete(self, document_id: str) -> None:
        with self._sessions.session() as session:
            session.execute(delete(MeanVectors).where(*self._of([document_id])))

    def delete_other_models(self) -> None:
        with self._sessions.session() as session:
            session.execute(delete(MeanVectors).where(MeanVectors.model != self._model))

    def _of(self, document_ids: Collection[str]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        return MeanVectors.model == self._model, MeanVectors.document_id.in_(document_ids)
