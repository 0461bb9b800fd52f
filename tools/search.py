"""Hybrid search: candidates from vectors and keywords, ranked by their best sentence and BM25."""

from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice, pairwise

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from tools.calibration import BUILT_IN, Calibration
from tools.errors import IndexUnavailable, ModelBusy, ModelFailed
from tools.ports import KeywordIndex, PassageStore, VectorIndex, Vectors
from tools.types import Degraded, Found, Hit, Passage, ResolvedScope, Sentence
from tools.words import content_words, words

CANDIDATES = 50
FEW_PASSAGES = 300
"""A scope of so few is ranked as a whole: quicker than asking the vector index, and nothing can be missed."""
COSINE_WEIGHT = 0.6
MEAN_SHARE = 0.2
"""How much of the cosine weight the whole passage has beside its best sentence; measured in evals/retrieval.py."""
PATIENCE = 1.0
_SAME = 0.75
"""Share of the shorter passage's pairs of words that makes it a repetition."""

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
        self,
        embeddings: Embeddings,
        keywords: KeywordIndex,
        vectors: VectorIndex,
        passages: PassageStore,
        threads: ThreadPoolExecutor | None = None,
        calibration: Calibration | None = BUILT_IN,
    ) -> None:
        """`threads` are shared with other searches; without them it has its own, which `close` ends.

        Without a calibration of the embedding model it goes by words alone: what its cosines mean is not known.
        """
        self._is_measured = calibration is not None
        self._calibration = calibration or BUILT_IN
        self._embeddings = embeddings
        self._keywords = keywords
        self._vectors = vectors
        self._passages = passages
        self._threads = threads or ThreadPoolExecutor(max_workers=8, thread_name_prefix="search")

    def search(self, question: str, scope: ResolvedScope, k: int = 8, among: Collection[str] | None = None) -> Found:
        """The `k` best passages of the scope, or of those of it whose ids are given.

        Without the vector index there are keyword candidates alone; that, a model without calibration, and one that
        does not answer, is said.
        """
        if not scope.document_ids or not question.strip():
            return Found(question)
        telling = content_words(question)
        worded = self._threads.submit(self._keywords.search, telling, scope.document_ids, FEW_PASSAGES)
        vector, by_words_because = self._vector(question)
        near = self._threads.submit(self._near, vector, scope.document_ids, among)
        by_words = worded.result()
        by_word = _among(by_words.found, among)
        found, missing = _awaited(near)
        by_vector = _among(found, among)
        ranked = self._ranked(vector, by_vector, by_word)
        hits = tuple(self._hits(ranked, scope.document_ids, k))
        return Found(question, hits, by_words.rarity, by_words_because or missing, len(ranked))

    def _vector(self, question: str) -> tuple[Vectors | None, Degraded | None]:
        """The question's vector, or why words alone must do."""
        if not self._is_measured:
            return None, Degraded.UNMEASURED
        try:
            return np.asarray(self._embeddings.embed_query(question), dtype=np.float32), None
        except (ModelBusy, ModelFailed):
            return None, Degraded.EMBEDDER

    def _near(
        self, vector: Vectors | None, document_ids: Collection[str], among: Collection[str] | None
    ) -> list[tuple[str, float]]:
        few = self._passages.ids(document_ids, FEW_PASSAGES + 1) if among is None else among
        if len(few) <= FEW_PASSAGES:
            return [(id_, 0.0) for id_ in few]
        return [] if vector is None else self._nearest(vector, document_ids)

    def _nearest(self, vector: Vectors, document_ids: Collection[str]) -> list[tuple[str, float]]:
        found = self._vectors.search(vector.tolist(), document_ids, CANDIDATES)
        cosines = self._calibration.scaled(np.array([cosine for _, cosine in found], np.float32))
        return list(zip([id_ for id_, _ in found], cosines.tolist(), strict=True))

    def close(self) -> None:
        """End the threads; what they had begun is given up."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _ranked(self, vector: Vectors | None, by_vector: Scores, by_word: Scores) -> list[_Ranked]:
        ids = list(by_vector | dict(islice(by_word.items(), CANDIDATES)))
        likeness = {} if vector is None else self._likenesses(vector, self._passages.sentences(ids))
        best_word = max(by_word.values(), default=1.0)
        ranked = [
            _rank(id_, likeness.get(id_), by_vector.get(id_, 0.0), by_word.get(id_, 0.0) / best_word) for id_ in ids
        ]
        return sorted(ranked, key=lambda one: (-one.score, one.id))

    def _likenesses(self, vector: Vectors, parts: Parts) -> dict[str, _Likeness]:
        if not parts:
            return {}
        unit = (vector / (np.linalg.norm(vector) or 1.0)).astype(np.float32)
        sizes = np.array([len(spans) for spans, _ in parts.values()], dtype=np.intp)
        matrix = np.concatenate([vectors for _, vectors in parts.values()]).astype(np.float32)
        ends: NDArray[np.intp] = sizes.cumsum()
        sums = np.add.reduceat(matrix, ends - sizes)
        wholes = self._calibration.scaled(((sums @ unit) / np.linalg.norm(sums, axis=1)).astype(np.float32))
        cosines: list[Vectors] = np.split(self._calibration.scaled(matrix @ (unit / np.float32(127))), ends[:-1])
        return {
            id_: _Likeness(float(whole), spans, of_sentences)
            for (id_, (spans, _)), whole, of_sentences in zip(parts.items(), wholes, cosines, strict=True)
        }

    def _hits(self, ranked: Sequence[_Ranked], scope: Collection[str], k: int) -> Iterator[Hit]:
        """The first `k` that are in scope and do not repeat one another."""
        kept: list[set[tuple[str, str]]] = []
        for one, passage in self._with_passages(ranked, 2 * k):
            pairs = _word_pairs(passage.text)
            if passage.document_id not in scope or any(_repeats(pairs, other) for other in kept):
                continue
            kept.append(pairs)
            sentences = one.likeness.sentences() if one.likeness else ()
            yield Hit(passage, one.score, one.cosine, one.keyword, sentences)
            if len(kept) == k:
                return

    def _with_passages(self, ranked: Sequence[_Ranked], batch: int) -> Iterator[tuple[_Ranked, Passage]]:
        for first in range(0, len(ranked), batch):
            some = ranked[first : first + batch]
            passages = self._passages.passages([one.id for one in some])
            yield from ((one, passages[one.id]) for one in some if one.id in passages)


def _awaited(near: Future[list[tuple[str, float]]]) -> tuple[list[tuple[str, float]], Degraded | None]:
    try:
        return near.result(timeout=PATIENCE), None
    except (IndexUnavailable, TimeoutError):
        near.cancel()
        return [], Degraded.VECTORS


def _among(found: Sequence[tuple[str, float]], ids: Collection[str] | None) -> Scores:
    return {id_: score for id_, score in found if ids is None or id_ in ids}


def _rank(id_: str, likeness: _Likeness | None, cosine: float, keyword: float) -> _Ranked:
    """Without sentence vectors, as while a new model is taking over, the passage's own cosine stands in."""
    best, whole = (likeness.best, likeness.whole) if likeness else (cosine, cosine)
    meaning = (1 - MEAN_SHARE) * best + MEAN_SHARE * whole
    return _Ranked(id_, COSINE_WEIGHT * meaning + (1 - COSINE_WEIGHT) * keyword, best, keyword, likeness)


def _word_pairs(text: str) -> set[tuple[str, str]]:
    listed = words(text)
    return set(pairwise(listed)) or {(word, "") for word in listed}


def _repeats(one: set[tuple[str, str]], other: set[tuple[str, str]]) -> bool:
    return len(one & other) >= _SAME * min(len(one), len(other))
