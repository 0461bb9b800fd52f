"""Weights of a ranking, fitted on some sets of questions to be reported on another."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

STEPS = 400
_RATE, _RIDGE = 0.3, 0.5
_NEVER = np.float64(-1e9)

Weights = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Candidates:
    """What was found for one question, best first: features (n, f), and which of them are right (n,)."""

    features: NDArray[np.float64]
    right: NDArray[np.bool_]

    def first(self, weights: Weights) -> NDArray[np.bool_]:
        """Whether each of the five best is right, ranked by these weights."""
        return self.right[np.argsort(-(self.features @ weights), kind="stable")[:5]]


def shares(found: Sequence[Candidates], weights: Weights) -> tuple[float, float]:
    """Right first, right among the first five."""
    best = [one.first(weights) for one in found]
    return float(np.mean([one[:1].any() for one in best])), float(np.mean([one.any() for one in best]))


def fitted(sets: Sequence[Sequence[Candidates]]) -> Weights:
    """The weights, with a sum of 1, that make it likeliest that a right passage is drawn; each set counts the same."""
    told = [[one for one in found if one.right.any() and not one.right.all()] for found in sets]
    every = [one for found in told for one in found]
    each = np.array([1 / len(found) for found in told for _ in found])
    most = max(len(one.right) for one in every)
    features = np.stack([_padded(one.features, most) for one in every])
    right = np.stack([_padded(one.right[:, None].astype(float), most)[:, 0] for one in every])
    absent = np.array([[_NEVER * (n >= len(one.right)) for n in range(most)] for one in every])
    weights = _descended(features, right, absent, each / each.sum())
    normed: Weights = weights / weights.sum()
    return normed


def _padded(rows: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    return np.pad(rows, ((0, size - len(rows)), (0, 0)))


def _descended(
    features: NDArray[np.float64], right: NDArray[np.float64], absent: NDArray[np.float64], each: NDArray[np.float64]
) -> Weights:
    """Adam's steps down the negative logarithm of the likelihood."""
    weights = np.full(features.shape[2], 5.0)
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, STEPS + 1):
        scores = features @ weights + absent
        drawn = np.exp(scores - scores.max(axis=1, keepdims=True))
        drawn /= drawn.sum(axis=1, keepdims=True)
        wanted = drawn * right
        wanted /= np.maximum(wanted.sum(axis=1, keepdims=True), 1e-9)
        slope = -np.einsum("n,nk,nkf->f", each, wanted - drawn, features) + 2 * _RIDGE * weights / len(each)
        mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope**2
        rate = _RATE * (1 - step / (STEPS + 40))
        weights -= rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    return weights
