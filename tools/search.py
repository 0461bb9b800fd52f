"""Hybrid search: candidates from vectors and keywords, ranked by their best sentence and BM25."""

from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from tools.errors import IndexUnavailable
from tools.ports import KeywordIndex, PassageStore, VectorIndex, Vectors
from tools.types import Found, Hit, Passage, ResolvedScope, Sentence
from tools.words import content_words, words

CANDIDATES = 50
COSINE_WEIGHT = 0.6
MEAN_SHARE = 0.2
"""How much of the cosine weight the whole passage has beside its best sentence; measured in evals/retrieval.py."""
PATIENCE = 1.0
_SAME = 0.7

Scores = dict[str, float]
Parts = dict[str, tuple[NDArray[np.uint16], NDArray[np.int8]]]


@dataclass(frozen=True, slots=True)
class _Likeness:
    """How near a passage is to the question: as a whole, and sentence by sentence."""

    whole: float
    spans: NDArray[np.uint16]
    cosines: Vectors

    @property
    def best(self) -> float:
        return float(self.cosines.max())

    def sentences(self) -> tuple[Sentence, ...]:
        spans = zip(self.spans.tolist(), self.cosines.tolist(), strict=True)
        return tuple(Sentence(start, end, cosine) for (start, end), cosine in spans)


@dataclass(frozen=True, slots=True)
class _Ranked:
    id: str
    score: float
    cosine: float
    keyword: float
    likeness: _Likeness | None


class HybridSearch:
    """Searches one library; safe to call from many threads."""

    def __init__(
        self, embeddings: Embeddings, keywords: KeywordIndex, vectors: VectorIndex, passages: PassageStore
    ) -> None:
        self._embeddings = embeddings
        self._keywords = keywords
        self._vectors = vectors
        self._passages = passages
        self._threads = ThreadPoolExecutor(max_workers=8, thread_name_prefix="vectors")

    def search(self, question: str, scope: ResolvedScope, k: int = 8) -> Found:
        """The `k` best passages of the scope; without the vector index, keyword candidates alone, marked degraded."""
        if not scope.document_ids or not question.strip():
            return Found(question)
        telling = content_words(question)
        vector = np.asarray(self._embeddings.embed_query(question), dtype=np.float32)
        near = self._threads.submit(self._vectors.search, vector.tolist(), scope.document_ids, CANDIDATES)
        by_word = dict(self._keywords.search(telling, scope.document_ids, CANDIDATES))
        rarity = self._keywords.rarity(telling)
        by_vector, degraded = _awaited(near)
        ranked = self._ranked(vector, by_vector, by_word)
        return Found(question, tuple(self._hits(ranked, scope.document_ids, k)), rarity, degraded, len(ranked))

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _ranked(self, vector: Vectors, by_vector: Scores, by_word: Scores) -> list[_Ranked]:
        ids = list(by_vector | by_word)
        likeness = _likenesses(vector, self._passages.sentences(ids))
        best_word = max(by_word.values(), default=1.0)
        ranked = [
            _rank(id_, likeness.get(id_), by_vector.get(id_, 0.0), by_word.get(id_, 0.0) / best_word) for id_ in ids
        ]
        return sorted(ranked, key=lambda one: (-one.score, one.id))

    def _hits(self, ranked: Sequence[_Ranked], scope: Collection[str], k: int) -> Iterator[Hit]:
        """The first `k` that are in scope and do not repeat one another."""
        kept: list[set[str]] = []
        for one, passage in self._with_passages(ranked, 2 * k):
            shingles = _shingles(passage.text)
            if passage.document_id not in scope or any(_repeats(shingles, other) for other in kept):
                continue
            kept.append(shingles)
            sentences = one.likeness.sentences() if one.likeness else ()
            yield Hit(passage, one.score, one.cosine, one.keyword, sentences)
            if len(kept) == k:
                return

    def _with_passages(self, ranked: Sequence[_Ranked], batch: int) -> Iterator[tuple[_Ranked, Passage]]:
        for first in range(0, len(ranked), batch):
            some = ranked[first : first + batch]
            passages = self._passages.passages([one.id for one in some])
            yield from ((one, passages[one.id]) for one in some if one.id in passages)


def _awaited(near: Future[list[tuple[str, float]]]) -> tuple[Scores, str | None]:
    try:
        return dict(near.result(timeout=PATIENCE)), None
    except (IndexUnavailable, TimeoutError):
        near.cancel()
        return {}, "vectors"


def _rank(id_: str, likeness: _Likeness | None, cosine: float, keyword: float) -> _Ranked:
    """Without sentence vectors, as while a new model is taking over, the passage's own cosine stands in."""
    best, whole = (likeness.best, likeness.whole) if likeness else (cosine, cosine)
    meaning = (1 - MEAN_SHARE) * best + MEAN_SHARE * whole
    return _Ranked(id_, COSINE_WEIGHT * meaning + (1 - COSINE_WEIGHT) * keyword, best, keyword, likeness)


def _likenesses(vector: Vectors, parts: Parts) -> dict[str, _Likeness]:
    if not parts:
        return {}
    unit = vector / (np.linalg.norm(vector) or 1.0)
    sizes = np.array([len(spans) for spans, _ in parts.values()], dtype=np.intp)
    matrix = np.concatenate([vectors for _, vectors in parts.values()]).astype(np.float32)
    ends: NDArray[np.intp] = sizes.cumsum()
    sums = np.add.reduceat(matrix, ends - sizes)
    wholes = (sums @ unit) / np.linalg.norm(sums, axis=1)
    cosines: list[Vectors] = np.split(matrix @ (unit / 127), ends[:-1])
    return {
        id_: _Likeness(float(whole), spans, of_sentences)
        for (id_, (spans, _)), whole, of_sentences in zip(parts.items(), wholes, cosines, strict=True)
    }


def _shingles(text: str) -> set[str]:
    listed = words(text)
    return {" ".join(listed[at : at + 3]) for at in range(max(1, len(listed) - 2))}


def _repeats(one: set[str], other: set[str]) -> bool:
    return len(one & other) >= _SAME * min(len(one), len(other))
