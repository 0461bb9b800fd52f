"""Searches of every door; what was found is kept for an hour, or until the books change."""

from collections.abc import Collection
from dataclasses import replace

from pydantic import TypeAdapter
from sqlalchemy import func, select

from app.caches import Cache, Kept, key_of
from app.chapters import find_chapter
from app.indexes import Index, Indexes
from app.persistence.db import Database
from app.persistence.tables import Document
from tools.outline import OutlinedChapter, Reference
from tools.types import Found, ResolvedScope
from tools.words import stem, words

_FOUND = TypeAdapter(Found)
_CHAPTER = TypeAdapter(OutlinedChapter | None)
_IDLE = frozenset(words("what is are was were the a an please tell me about explain define describe can could you"))
"""Words without which a question asks for the same."""


class Searches:
    """Each scope is one learner's, and nothing kept for it is another's."""

    def __init__(self, database: Database, indexes: Indexes, cache: Cache) -> None:
        self._database = database
        self._indexes = indexes
        self._cache = cache

    def search(self, question: str, scope: ResolvedScope, k: int = 8, among: Collection[str] | None = None) -> Found:
        """The `k` best passages of the scope, or of those of it whose ids are given; see tools.search."""
        index = self._indexes.serving(scope.learner)
        key = self._key(Kept.RETRIEVAL, scope, index, wish(question), k, sorted(among or ()))
        if (kept := self._kept(key, index)) is not None:
            return replace(kept, question=question)
        found = index.search.search(question, scope, k, among)
        if not found.degraded:
            self._cache.put(key, _FOUND.dump_json(found), Kept.RETRIEVAL.seconds)
        return found

    def chapter(self, wanted: Reference, scope: ResolvedScope) -> OutlinedChapter | None:
        """None when the tables of contents of the scope know no such chapter."""
        index = self._indexes.serving(scope.learner)
        key = self._key(Kept.OUTLINE, scope, index, wanted)
        if kept := self._cache.get(key):
            return _CHAPTER.validate_json(kept)
        found = find_chapter(index.passages, wanted, scope.document_ids)
        self._cache.put(key, _CHAPTER.dump_json(found), Kept.OUTLINE.seconds)
        return found

    def _kept(self, key: str, index: Index) -> Found | None:
        """With the passages as they are now, under the names that their books have now; None when one is gone."""
        stored = self._cache.get(key)
        if stored is None:
            return None
        found = _FOUND.validate_json(stored)
        passages = index.passages.passages([hit.passage.id for hit in found.hits])
        if len(passages) < len(found.hits):
            return None
        return replace(found, hits=tuple(replace(hit, passage=passages[hit.passage.id]) for hit in found.hits))

    def _key(self, kept: Kept, scope: ResolvedScope, index: Index, *parts: object) -> str:
        """Another one as soon as a document of the scope comes, goes or is read again, or another model serves."""
        ids = sorted(scope.document_ids)
        model = index.model, self._indexes.calibration(index.model)
        with self._database.session_of(scope.learner) as session:
            read_at = session.scalar(select(func.max(Document.ready_at)).where(Document.id.in_(ids)))
        return key_of(kept, scope.learner, model, ids, str(read_at), *parts)


def wish(question: str) -> tuple[str, ...]:
    """What is asked for, whatever the wording around it: the other words by their stems, in their order."""
    said = words(question)
    return tuple(stem(word) for word in said if word not in _IDLE) or tuple(said)
