"""What a cosine of another embedding model would be in the built-in one, on whose scale every threshold is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from tools.ports import Vectors

SHARES = (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99)
ENOUGH_PASSAGES = 100
"""From so many on the distribution of their cosines says something."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """The cosines of one embedding model at SHARES of the pairs that `measured` looks at."""

    quantiles: tuple[float, ...]

    def scaled(self, cosines: Vectors) -> Vectors:
        """Each cosine as the built-in model would have it; their order stays."""
        own, built_in = (np.array([-1.0, *one.quantiles, 1.0]) for one in (self, BUILT_IN))
        scaled: Vectors = np.interp(cosines, own, built_in).astype(np.float32)
        return scaled


def measured(passages: Sequence[Vectors]) -> Calibration | None:
    """From the unit vectors of passages' sentences: those of neighbours, and as many that have little in common.

    None when there are too few, or when they all lie alike and tell nothing.
    """
    if len(passages) < ENOUGH_PASSAGES:
        return None
    near = np.concatenate([np.sum(one[1:] * one[:-1], axis=1) for one in passages])
    half = len(passages) // 2
    far = [float(one[0] @ other[0]) for one, other in zip(passages, [*passages[half:], *passages[:half]], strict=True)]
    if not len(near):
        return None
    quantiles = np.quantile([*near[np.linspace(0, len(near) - 1, len(far), dtype=np.intp)], *far], SHARES)
    if any(after - before < 1e-6 for before, after in pairwise(quantiles)):
        return None
    return Calibration(tuple(round(float(one), 4) for one in quantiles))


BUILT_IN = Calibration((-0.0784, -0.0229, 0.0078, 0.0751, 0.2139, 0.4855, 0.6329, 0.6999, 0.8096))
"""Of the built-in model; `python -m evals.calibration` measures it."""
