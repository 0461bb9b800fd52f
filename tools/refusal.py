"""Whether what was found supports an answer, decided before any model is asked."""

from collections.abc import Iterable
from math import exp

from tools.spelling import corrections, seen_words
from tools.types import Degraded, Found
from tools.words import stem, words

THRESHOLD = 0.5

# A logistic model, fitted by `python -m evals.refusal --fit` on three books and a corpus of short texts. In a small
# scope a foreign question finds nothing near it, so that less is enough there: hence the weight of the size.
# The cosines are those of the built-in embedding model.
_BIAS = -7.15
_BEST = 8.0
_BEST_THREE = 6.3
_BACKGROUND = 6.9
_SHARE = 3.5
_SIZE = -5.3

_ENOUGH_WORDS, _STEEPNESS = 0.45, 8.5
"""By words alone: the share of the question that the best passage must hold; see `python -m evals.refusal --words`."""

_HITS = 8
_LARGE = 75


def confidence(found: Found) -> float:
    """From 0 to 1: how well the passages support an answer to the question."""
    if found.degraded in (Degraded.UNMEASURED, Degraded.EMBEDDER):
        return _by_words(found)
    features = measures(found)
    if features is None:
        return 0.0
    weights = (_BEST, _BEST_THREE, _BACKGROUND, _SHARE, _SIZE)
    score = _BIAS + sum(weight * feature for weight, feature in zip(weights, features, strict=True))
    return 1 / (1 + exp(-score))


def supports(found: Found) -> bool:
    """Whether to answer from what was found, rather than to refuse."""
    return confidence(found) >= THRESHOLD


def measures(found: Found) -> tuple[float, ...] | None:
    """Best sentence's cosine, mean of the three best passages', mean of all sentences', share of words, scope size."""
    hits = found.hits[:_HITS]
    if not hits:
        return None
    cosines = [[sentence.cosine for sentence in hit.sentences] or [hit.cosine] for hit in hits]
    best = sorted((max(of_hit) for of_hit in cosines), reverse=True)
    every = [cosine for of_hit in cosines for cosine in of_hit]
    size = 1.0 if found.degraded else min(found.candidates or len(hits), _LARGE) / _LARGE
    return best[0], sum(best[:3]) / len(best[:3]), sum(every) / len(every), _covered(found, seen_words(found)), size


def _by_words(found: Found) -> float:
    """Where cosines tell nothing: a passage by itself must name what is asked for, since a large book has all words."""
    shares = [_covered(found, words(hit.passage.text)) for hit in found.hits[:_HITS]]
    return 1 / (1 + exp(-_STEEPNESS * (max(shares) - _ENOUGH_WORDS))) if any(shares) else 0.0


def _covered(found: Found, seen: Iterable[str]) -> float:
    """Share of the question's words, by rarity, that are among those seen; one that is only misspelt does not count."""
    roots = {stem(word) for word in seen}
    misspelt = corrections(found)
    known = {word: weight for word, weight in found.rarity.items() if word not in misspelt}
    total = sum(known.values())
    if not total:
        return 1.0 if found.rarity else 0.0
    return sum(weight for word, weight in known.items() if stem(word) in roots) / total
