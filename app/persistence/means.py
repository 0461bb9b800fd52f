"""The vectors of passages, packed by the hundred, for an exact look at all of a scope."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from app.cache import ByteCache
from app.persistence.db import Sessions
from app.persistence.tables import Document, MeanVectors
from tools.ports import Vectors

_SCALE = 127
_BYTES_AN_ID = 100
_BLOCKS_AT_ONCE = 8

MeanCache = ByteCache[str, tuple[list[str], Vectors]]
"""Passage ids and unit vectors by the digest of their block."""


@dataclass(frozen=True, slots=True)
class VectorBlock:
    """Some passages of a document: the digest of ids and vectors, and how many there are."""

    digest: str
    size: int


class MeanTable:
    """Vectors of one embedding model; a document that is deleted takes its own along.

    A block is known by the digest of what is in it. Every search asks the database which blocks there are, so it finds
    what another process has added or deleted, and reads only those that are not in the cache.
    """

    def __init__(self, sessions: Sessions, model: str, cache: MeanCache) -> None:
        self._sessions = sessions
        self._model = model
        self._cache = cache

    def blocks(self, document_ids: Collection[str]) -> list[VectorBlock]:
        """What there is to search in these documents."""
        query = select(MeanVectors.digest, MeanVectors.size).where(*self._of(document_ids))
        with self._sessions.session() as session:
            return [VectorBlock(digest, size) for digest, size in session.execute(query)]

    def add(self, document_id: str, passage_ids: Sequence[str], vectors: Vectors) -> None:
        """One block of passages; the same block again changes nothing."""
        first, ids = passage_ids[0], "\n".join(passage_ids)
        packed = np.rint(vectors * _SCALE).astype(np.int8).tobytes()
        block = MeanVectors(
            owner_id=self._sessions.owner_id,
            document_id=document_id,
            model=self._model,
            first=first,
            size=len(passage_ids),
            digest=digest(ids, packed),
            passage_ids=ids,
            vectors=packed,
        )
        with self._sessions.session() as session:
            session.execute(delete(MeanVectors).where(*self._of([document_id]), MeanVectors.first == first))
            session.add(block)

    def nearest(self, vector: Vectors, blocks: Sequence[VectorBlock], k: int) -> list[tuple[str, float]]:
        """The nearest passages of these blocks with their cosines."""
        unit = vector / np.float32(np.linalg.norm(vector) or 1.0)
        ids: list[str] = []
        cosines: list[Vectors] = []
        for block_ids, vectors in self._read(blocks):
            ids += block_ids
            cosines.append(vectors @ unit)
        if not ids:
            return []
        together = np.concatenate(cosines)
        return [(ids[at], float(together[at])) for at in np.argsort(-together)[:k]]

    def every(self) -> Iterator[tuple[str, list[str], Vectors]]:
        """Document, passage ids and vectors of every block of this learner."""
        query = (
            select(MeanVectors.document_id, MeanVectors.passage_ids, MeanVectors.vectors)
            .join(Document, Document.id == MeanVectors.document_id)
            .where(self._sessions.owns(Document.owner_id), MeanVectors.model == self._model)
        )
        with self._sessions.session() as session:
            for document_id, ids, packed in session.execute(query).yield_per(_BLOCKS_AT_ONCE):
                yield document_id, *_unpacked(ids, packed)

    def delete(self, document_id: str) -> None:
        """Nothing of the document is found any more."""
        with self._sessions.session() as session:
            session.execute(delete(MeanVectors).where(*self._of([document_id])))

    def delete_other_models(self) -> None:
        """Remove the vectors of the models that serve no longer."""
        with self._sessions.session() as session:
            session.execute(delete(MeanVectors).where(MeanVectors.model != self._model))

    def _read(self, blocks: Sequence[VectorBlock]) -> Iterator[tuple[list[str], Vectors]]:
        kept = self._cache.get(block.digest for block in blocks)
        yield from kept.values()
        missing = [block.digest for block in blocks if block.digest not in kept]
        with self._sessions.session() as session:
            for first in range(0, len(missing), _BLOCKS_AT_ONCE):
                yield from self._fetched(session, missing[first : first + _BLOCKS_AT_ONCE])

    def _fetched(self, session: Session, digests: Sequence[str]) -> Iterator[tuple[list[str], Vectors]]:
        query = select(MeanVectors.digest, MeanVectors.passage_ids, MeanVectors.vectors)
        query = query.where(self._sessions.owns(MeanVectors.owner_id), MeanVectors.digest.in_(digests))
        for name, packed_ids, packed in session.execute(query):
            ids, vectors = _unpacked(packed_ids, packed)
            self._cache.put(name, (ids, vectors), vectors.nbytes + _BYTES_AN_ID * len(ids))
            yield ids, vectors

    def _of(self, document_ids: Collection[str]) -> tuple[ColumnElement[bool], ...]:
        own = self._sessions.owns(MeanVectors.owner_id)
        return own, MeanVectors.model == self._model, MeanVectors.document_id.in_(document_ids)


def digest(passage_ids: str, packed: bytes) -> str:
    """Two blocks with the same one are the same."""
    return blake2b(packed, digest_size=16, key=blake2b(passage_ids.encode(), digest_size=32).digest()).hexdigest()


def _unpacked(passage_ids: str, packed: bytes) -> tuple[list[str], NDArray[np.float32]]:
    ids = passage_ids.split("\n")
    return ids, np.frombuffer(packed, np.int8).reshape(len(ids), -1).astype(np.float32) / np.float32(_SCALE)
