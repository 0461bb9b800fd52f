"""BM25 over exactly the passages that are searched: what other books or learners hold changes no score."""

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import log

import numpy as np
from numpy.typing import NDArray

from tools.words import stem, words

POSTING = np.dtype([("passage", "<u4"), ("count", "<u2"), ("length", "<u2")])
"""A passage that holds a stem: its number, how often the stem stands in it, and how many words it has."""
_SATURATION, _LENGTH_WEIGHT = 1.2, 0.75
_MOST = np.iinfo(np.uint16).max

Postings = NDArray[np.void]


def postings(texts: Iterable[tuple[int, str]]) -> dict[str, Postings]:
    """For each stem the passages that hold it, from numbered texts."""
    stems: dict[str, int] = {}
    entries = array("Q")
    for number, text in texts:
        listed = words(text)
        length = min(len(listed), _MOST)
        for held, count in Counter(map(stem, listed)).items():
            entries.extend((stems.setdefault(held, len(stems)), number, min(count, _MOST), length))
    return dict(zip(stems, _by_stem(np.array(entries).reshape(-1, 4)), strict=True))


def _by_stem(entries: NDArray[np.uint64]) -> list[Postings]:
    """From rows of stem, passage, count and length, in the order of the stems."""
    entries = entries[np.argsort(entries[:, 0], kind="stable")]
    packed = np.empty(len(entries), POSTING)
    for column, name in enumerate(("passage", "count", "length"), start=1):
        packed[name] = entries[:, column]
    starts = np.unique(entries[:, 0], return_index=True)[1]
    return np.split(packed, starts[1:]) if len(entries) else []


def rarity(asked: Sequence[str], counts: Mapping[str, int], passages: int) -> dict[str, float]:
    """Inverse document frequency of each word, given how many of the passages hold its stem; the unseen are rarest."""
    return {word: inverse_frequency(counts.get(stem(word), 0), passages) for word in asked}


def inverse_frequency(count: int, passages: int) -> float:
    """Never below zero, also for what most passages hold."""
    return log(1 + (passages - count + 0.5) / (count + 0.5))


def ranked(held: Mapping[str, Postings], passages: int, mean_length: float, k: int) -> list[tuple[int, float]]:
    """The `k` passages with the highest BM25, best first, from the postings of each stem that is asked for."""
    if not held:
        return []
    every = np.concatenate(list(held.values()))
    weights = np.repeat(
        [inverse_frequency(len(entries), passages) for entries in held.values()],
        [len(entries) for entries in held.values()],
    )
    counts = every["count"].astype(np.float32)
    longer = _SATURATION * (1 - _LENGTH_WEIGHT + _LENGTH_WEIGHT * every["length"] / mean_length)
    scores = weights * counts * (_SATURATION + 1) / (counts + longer)
    numbers, places = np.unique(every["passage"], return_inverse=True)
    sums = np.bincount(places, scores)
    best = np.argsort(-sums, kind="stable")[:k]
    return list(zip(numbers[best].tolist(), sums[best].tolist(), strict=True))
