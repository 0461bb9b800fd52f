"""The vectors of the words that carry a text, from those of its tokens."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from tools.ports import Vectors
from tools.words import is_telling

_GOES_ON = "##"


class TellingWords:
    """Knows of each token of the vocabulary whether it goes on with a word, and whether it is a telling one."""

    def __init__(self, vocabulary: Mapping[str, int]) -> None:
        pieces = sorted(vocabulary, key=lambda piece: vocabulary[piece])
        self._goes_on = np.array([piece.startswith(_GOES_ON) for piece in pieces])
        self._is_telling = np.array([piece[:1].isalnum() and is_telling(piece) for piece in pieces])

    def vectors(self, ids: NDArray[np.int32], tokens: Vectors) -> Vectors:
        """One unit vector for each telling word (words, dim), in their order; a word of several tokens is telling."""
        starts = np.flatnonzero(~self._goes_on[ids])
        is_long = np.diff(starts, append=len(ids)) > 1
        sums = np.add.reduceat(tokens, starts, axis=0)[is_long | self._is_telling[ids[starts]]]
        unit: Vectors = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), np.float32(1e-12))
        return unit
