"""Each word of a question with the word of a text that means most nearly the same: late interaction."""

from collections.abc import Sequence
from itertools import accumulate

import numpy as np

from tools.ports import PackedWords, Vectors

_MOST = np.iinfo(np.uint8).max
_SIGNS = np.float32(0.8)
"""The mean cosine between a vector of MiniLM and its signs: what a product with signs is divided by."""


def packed(sentences: Sequence[Vectors]) -> PackedWords:
    """The vectors of each sentence's words (words, dim), of which one bit a number is kept."""
    kept = [vectors[:_MOST] for vectors in sentences]
    counts = np.array([len(vectors) for vectors in kept], np.uint8)
    return PackedWords(counts, np.packbits(np.concatenate(kept) > 0, axis=1))


def matched(asked: Vectors, passages: Sequence[PackedWords]) -> list[Vectors]:
    """For each passage the best cosine of each word asked for in each sentence (words, sentences), 0 in one without."""
    counts = np.concatenate([words.counts for words in passages]).astype(np.intp)
    best = np.zeros((len(asked), len(counts)), np.float32)
    held = np.flatnonzero(counts)
    if len(held) and len(asked):
        starts = (counts.cumsum() - counts)[held]
        best[:, held] = np.maximum.reduceat(_cosines(asked, passages), starts, axis=1)
    return np.split(best, list(accumulate(len(words.counts) for words in passages))[:-1], axis=1)


def _cosines(asked: Vectors, passages: Sequence[PackedWords]) -> Vectors:
    bits = np.unpackbits(np.concatenate([words.signs for words in passages if len(words.signs)]), axis=1)
    ones = bits[:, : asked.shape[1]].astype(np.float32)
    # A bit is 0 or 1 and stands for -1 or 1: twice the product less the sum, over the length of such a vector.
    products = 2 * (asked @ ones.T) - asked.sum(axis=1, keepdims=True)
    scaled: Vectors = products / (_SIGNS * np.float32(np.sqrt(asked.shape[1])))
    return scaled
