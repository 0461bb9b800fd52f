"""How passages are ranked for a question: by their sentences, as a whole, by BM25, and word by word."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tools.calibration import Calibration
from tools.matching import matched
from tools.ports import PackedWords, SentenceParts, Vectors
from tools.types import Sentence
from tools.words import is_telling, stem, words

COSINE_WEIGHT = 0.6
MEAN_SHARE = 0.2
"""How much of the cosine weight the whole passage has beside its best sentence."""

WEIGHTS = (0.43, 0.26, 0.24, 0.07)
"""Of the words one by one, the best sentence, the whole passage, BM25; fitted by `python -m evals.retrieval`."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How near a passage is to the question: as a whole, and sentence by sentence."""

    whole: float
    spans: NDArray[np.uint16]
    cosines: Vectors

    @property
    def best(self) -> float:
        """Of the sentence that is nearest."""
        return float(self.cosines.max())


@dataclass(frozen=True, slots=True)
class Ranked:
    """A passage with its score and what that is made of; `matches` says of each sentence how its words match."""

    id: str
    score: float
    cosine: float
    keyword: float
    likeness: Likeness | None
    match: float | None = None
    matches: Vectors | None = None

    def sentences(self) -> tuple[Sentence, ...]:
        """With their cosines to the question; none if the passage is not embedded."""
        if self.likeness is None:
            return ()
        cosines = self.likeness.cosines.tolist()
        matches = cosines if self.matches is None else self.matches.tolist()
        spans = self.likeness.spans.tolist()
        return tuple(
            Sentence(start, end, cosine, match)
            for (start, end), cosine, match in zip(spans, cosines, matches, strict=True)
        )

    def features(self) -> tuple[float, float, float, float]:
        """What WEIGHTS weigh."""
        whole = self.likeness.whole if self.likeness else self.cosine
        return self.match or 0.0, self.cosine, whole, self.keyword


@dataclass(frozen=True, slots=True)
class AskedWords:
    """The telling words of a question: their vectors (words, dim), and what each weighs; the weights sum to 1."""

    vectors: Vectors
    weights: Vectors

    @classmethod
    def of(cls, question: str, vectors: Vectors, rarity: dict[str, float]) -> "AskedWords":
        """Half of the weight goes by rarity, unless the model divides words in another way than the keyword index."""
        by_stem = {stem(word): weight for word, weight in rarity.items()}
        rare = np.array([by_stem.get(stem(word), 0.0) for word in words(question) if is_telling(word)], np.float32)
        even = np.full(len(vectors), 1 / max(len(vectors), 1), np.float32)
        is_known = len(rare) == len(vectors) and rare.sum() > 0
        return cls(vectors, (even + rare / rare.sum()) / 2 if is_known else even)


def likenesses(vector: Vectors, parts: dict[str, SentenceParts], calibration: Calibration) -> dict[str, Likeness]:
    """Of passages by id, from the vectors of their sentences."""
    if not parts:
        return {}
    unit = (vector / (np.linalg.norm(vector) or 1.0)).astype(np.float32)
    sizes = np.array([len(spans) for spans, _ in parts.values()], dtype=np.intp)
    matrix = np.concatenate([vectors for _, vectors in parts.values()]).astype(np.float32)
    ends: NDArray[np.intp] = sizes.cumsum()
    sums = np.add.reduceat(matrix, ends - sizes)
    wholes = calibration.scaled(((sums @ unit) / np.linalg.norm(sums, axis=1)).astype(np.float32))
    cosines: list[Vectors] = np.split(calibration.scaled(matrix @ (unit / np.float32(127))), ends[:-1])
    return {
        id_: Likeness(float(whole), spans, of_sentences)
        for (id_, (spans, _)), whole, of_sentences in zip(parts.items(), wholes, cosines, strict=True)
    }


def ranked(id_: str, likeness: Likeness | None, cosine: float, keyword: float) -> Ranked:
    """Without sentence vectors, as while a new model is taking over, the passage's own cosine stands in."""
    best, whole = (likeness.best, likeness.whole) if likeness else (cosine, cosine)
    meaning = (1 - MEAN_SHARE) * best + MEAN_SHARE * whole
    return Ranked(id_, COSINE_WEIGHT * meaning + (1 - COSINE_WEIGHT) * keyword, best, keyword, likeness)


def word_by_word(first: Sequence[Ranked], asked: AskedWords, held: dict[str, PackedWords]) -> list[Ranked]:
    """The best passages once more, with the words of the question matched one by one."""
    found = matched(asked.vectors, [held[one.id] for one in first])
    return [_with_match(one, asked.weights, best) for one, best in zip(first, found, strict=True)]


def _with_match(one: Ranked, weights: Vectors, best: Vectors) -> Ranked:
    match = float(weights @ best.max(axis=1))
    known = replace(one, match=match, matches=weights @ best)
    score = sum(weight * part for weight, part in zip(WEIGHTS, known.features(), strict=True))
    return replace(known, score=score)
