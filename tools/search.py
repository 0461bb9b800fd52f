"""Hybrid search: candidates from vectors and keywords, ranked by meaning, words and the meaning of words."""

from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice, pairwise

import numpy as np
from langchain_core.embeddings import Embeddings

from tools.calibration import BUILT_IN, Calibration
from tools.errors import IndexUnavailable, ModelBusy, ModelFailed
from tools.ports import KeywordIndex, PassageStore, VectorIndex, Vectors, Worded, WordEmbeddings
from tools.ranking import AskedWords, Ranked, likenesses, ranked, word_by_word
from tools.types import Degraded, Found, Hit, Passage, ResolvedScope
from tools.words import content_words, words

CANDIDATES = 50
MATCHED = 20
"""So many of the candidates are matched word by word; more make no difference."""
FEW_PASSAGES = 300
"""A scope of so few is ranked as a whole: quicker than asking the vector index, and nothing can be missed."""
PATIENCE = 1.0
_SAME = 0.75
"""Share of the shorter passage's pairs of words that makes it a repetition."""

Scores = dict[str, float]


@dataclass(frozen=True, slots=True)
class _Embedded:
    """The vector of a question, and those of its words if the model has any."""

    vector: Vectors
    words: Vectors | None


@dataclass(frozen=True, slots=True)
class Candidates:
    """What is ranked for a question, best first, of so many passages, and what its words found."""

    ranked: tuple[Ranked, ...]
    worded: Worded
    degraded: Degraded | None
    passages: int


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
        found = self.candidates(question, scope, among)
        hits = tuple(self._hits(found.ranked, scope.document_ids, k))
        return Found(question, hits, found.worded.rarity, found.degraded, found.passages, found.worded.spelt)

    def candidates(self, question: str, scope: ResolvedScope, among: Collection[str] | None = None) -> Candidates:
        """All that is ranked, best first, with what each rank is made of."""
        telling = content_words(question)
        worded = self._threads.submit(self._keywords.search, telling, scope.document_ids, FEW_PASSAGES)
        asked, by_words_because = self._asked(question)
        near = self._threads.submit(self._near, asked, scope.document_ids, among)
        by_words = worded.result()
        found, missing = _awaited(near)
        best = self._ranked(asked, _among(found, among), _among(by_words.found, among))
        if asked and asked.words is not None:
            best = self._by_words(AskedWords.of(question, asked.words, by_words.rarity), best)
        size = by_words.passages if among is None else len(among)
        return Candidates(tuple(best), by_words, by_words_because or missing, size)

    def _asked(self, question: str) -> tuple[_Embedded | None, Degraded | None]:
        """The question's vectors, or why words alone must do."""
        if not self._is_measured:
            return None, Degraded.UNMEASURED
        try:
            return self._embedded(question), None
        except (ModelBusy, ModelFailed):
            return None, Degraded.EMBEDDER

    def _embedded(self, question: str) -> _Embedded:
        if isinstance(self._embeddings, WordEmbeddings):
            vectors, words_of = self._embeddings.embed_words([question])
            return _Embedded(vectors[0], words_of[0])
        return _Embedded(np.asarray(self._embeddings.embed_query(question), dtype=np.float32), None)

    def _near(
        self, asked: _Embedded | None, document_ids: Collection[str], among: Collection[str] | None
    ) -> list[tuple[str, float]]:
        few = self._passages.ids(document_ids, FEW_PASSAGES + 1) if among is None else among
        if len(few) <= FEW_PASSAGES:
            return [(id_, 0.0) for id_ in few]
        return [] if asked is None else self._nearest(asked.vector, document_ids)

    def _nearest(self, vector: Vectors, document_ids: Collection[str]) -> list[tuple[str, float]]:
        found = self._vectors.search(vector.tolist(), document_ids, CANDIDATES)
        cosines = self._calibration.scaled(np.array([cosine for _, cosine in found], np.float32))
        return list(zip([id_ for id_, _ in found], cosines.tolist(), strict=True))

    def close(self) -> None:
        """End the threads; what they had begun is given up."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _ranked(self, asked: _Embedded | None, by_vector: Scores, by_word: Scores) -> list[Ranked]:
        ids = list(by_vector | dict(islice(by_word.items(), CANDIDATES)))
        parts = {} if asked is None else self._passages.sentences(ids)
        likeness = likenesses(asked.vector, parts, self._calibration) if asked else {}
        best_word = max(by_word.values(), default=1.0)
        every = [
            ranked(id_, likeness.get(id_), by_vector.get(id_, 0.0), by_word.get(id_, 0.0) / best_word) for id_ in ids
        ]
        return sorted(every, key=_order)

    def _by_words(self, asked: AskedWords, before: list[Ranked]) -> list[Ranked]:
        """The first ones in a new order; as they were where the words of one are not embedded yet."""
        first, rest = before[:MATCHED], before[MATCHED:]
        held = self._passages.words([one.id for one in first])
        if not len(asked.vectors) or len(held) < len(first):
            return before
        again = sorted(word_by_word(first, asked, held), key=_order)
        # Their scores are on another scale than those of the rest, which stay behind them.
        return again + [replace(one, score=min(one.score, again[-1].score)) for one in rest]

    def _hits(self, best: Sequence[Ranked], scope: Collection[str], k: int) -> Iterator[Hit]:
        """The first `k` that are in scope and do not repeat one another."""
        kept: list[set[tuple[str, str]]] = []
        for one, passage in self._with_passages(best, 2 * k):
            pairs = _word_pairs(passage.text)
            if passage.document_id not in scope or any(_repeats(pairs, other) for other in kept):
                continue
            kept.append(pairs)
            yield Hit(passage, one.score, one.cosine, one.keyword, one.sentences(), one.match)
            if len(kept) == k:
                return

    def _with_passages(self, best: Sequence[Ranked], batch: int) -> Iterator[tuple[Ranked, Passage]]:
        for first in range(0, len(best), batch):
            some = best[first : first + batch]
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


def _order(one: Ranked) -> tuple[float, str]:
    return -one.score, one.id


def _word_pairs(text: str) -> set[tuple[str, str]]:
    listed = words(text)
    return set(pairwise(listed)) or {(word, "") for word in listed}


def _repeats(one: set[tuple[str, str]], other: set[tuple[str, str]]) -> bool:
    return len(one & other) >= _SAME * min(len(one), len(other))
