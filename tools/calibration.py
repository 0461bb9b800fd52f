"""What a cosine of another embedding model would be in the built-in one, on whose scale every threshold is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from tools.ports import Vectors

SHARES = (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99)
ENOUGH_PASSAGES = 30
"""From so many on the distribution of their cosines says something."""

Quantiles = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Calibration:
    """The cosines of an embedding model, and of the built-in one, at SHARES of the same pairs of sentences."""

    own: Quantiles = ()
    built_in: Quantiles = ()

    def scaled(self, cosines: Vectors) -> Vectors:
        """Each cosine as the built-in model would have it; their order stays."""
        scaled = np.interp(cosines, (-1.0, *self.own, 1.0), (-1.0, *self.built_in, 1.0))
        return scaled.astype(np.float32)


BUILT_IN = Calibration()
"""Of the built-in model: each cosine stays what it is."""


def measured(own: Sequence[Vectors], built_in: Sequence[Vectors]) -> Calibration | None:
    """From both models' unit vectors of the sentences of some passages, the same of both.

    None when there are too few, or when a model finds them all alike.
    """
    if len(own) < ENOUGH_PASSAGES:
        return None
    found = [_quantiles(vectors) for vectors in (own, built_in)]
    if any(after - before < 1e-6 for of_model in found for before, after in pairwise(of_model)):
        return None
    return Calibration(*found)


def _quantiles(passages: Sequence[Vectors]) -> Quantiles:
    """Of as many neighbouring sentences as of sentences that have little in common."""
    half = len(passages) // 2
    far = [float(one[0] @ other[0]) for one, other in zip(passages, [*passages[half:], *passages[:half]], strict=True)]
    near = np.concatenate([np.sum(one[1:] * one[:-1], axis=1) for one in passages])
    some = near[np.linspace(0, len(near) - 1, len(far), dtype=np.intp)] if len(near) else near
    return tuple(round(float(one), 4) for one in np.quantile([*some, *far], SHARES))
