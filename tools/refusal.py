"""Whether what was found supports an answer, decided before any model is asked."""

from collections.abc import Iterable
from math import exp, log10

from tools.spelling import corrections, seen_words
from tools.types import Degraded, Found
from tools.words import stem, words

SURE = 0.5
"""From here on the passages support an answer."""
THRESHOLD = 0.25
"""From here on it is answered, and said that this is not sure; below it is refused."""

# Two logistic models, fitted by `python -m evals.refusal --fit` on textbooks, an encyclopedia and short texts: what
# each measure weighs, and the bias. The larger a scope, the nearer a foreign question comes to something in it, hence
# the weight of the size. The cosines are those of the built-in embedding model.
_WEIGHTS = (9.42, 6.10, 7.14, 3.01, -8.12)
_BIAS = -5.18
_MATCHED_WEIGHTS = (7.68, 5.08, 7.12, 1.62, -7.74, 5.71)
_MATCHED_BIAS = -6.40
"""With the words of the question matched one by one."""

_ENOUGH_WORDS, _STEEPNESS = 0.45, 8.5
"""By words alone: the share of the question that the best passage must hold; see `python -m evals.refusal --words`."""

_HITS = 8
_SMALLEST, _LARGEST = 6, 4
"""Of the scopes that were measured: passages of the smallest, and the decimal logarithm of a large one."""


def confidence(found: Found) -> float:
    """From 0 to 1: how well the passages support an answer to the question."""
    if found.degraded in (Degraded.UNMEASURED, Degraded.EMBEDDER):
        return _by_words(found)
    features = measures(found)
    if features is None:
        return 0.0
    bias, weights = (_BIAS, _WEIGHTS) if len(features) == len(_WEIGHTS) else (_MATCHED_BIAS, _MATCHED_WEIGHTS)
    return 1 / (1 + exp(-bias - sum(weight * feature for weight, feature in zip(weights, features, strict=True))))


def supports(found: Found) -> bool:
    """Whether what was found surely supports an answer."""
    return confidence(found) >= SURE


def measures(found: Found) -> tuple[float, ...] | None:
    """What the weights weigh, None where nothing was found.

    The best sentence's cosine, the mean of the three best passages', that of all sentences, the share of words, the
    size of the scope; then, where it is known, how well the words of the question are matched by one passage.
    """
    hits = found.hits[:_HITS]
    if not hits:
        return None
    cosines = [[sentence.cosine for sentence in hit.sentences] or [hit.cosine] for hit in hits]
    best = sorted((max(of_hit) for of_hit in cosines), reverse=True)
    every = [cosine for of_hit in cosines for cosine in of_hit]
    size = log10(max(found.passages, len(hits), _SMALLEST)) / _LARGEST
    told = best[0], sum(best[:3]) / len(best[:3]), sum(every) / len(every), _covered(found, seen_words(found)), size
    matches = [hit.match for hit in hits if hit.match is not None]
    return (*told, max(matches)) if matches else told


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
