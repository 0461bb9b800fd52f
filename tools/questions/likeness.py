"""How much alike short texts are, on the scale of the built-in embedding model, where every threshold stands."""

from collections.abc import Sequence
from functools import lru_cache
from math import sqrt

import numpy as np
from langchain_core.embeddings import Embeddings

from tools.calibration import BUILT_IN, Calibration
from tools.concepts.prose import root_words
from tools.errors import ModelBusy, ModelFailed
from tools.ports import Vectors

_KEPT = 24576


class Likeness:
    """Of one embedding model; each text is embedded once.

    Without a calibration, and while the model does not answer, the words that texts share decide.
    """

    def __init__(self, embeddings: Embeddings, calibration: Calibration | None = BUILT_IN) -> None:
        self._embeddings = embeddings
        self._calibration = calibration
        self._kept: dict[str, Vectors] = {}

    def cosines(self, text: str, others: Sequence[str]) -> Vectors:
        """Of one text to each of the others."""
        vectors = self._vectors([text, *others])
        if vectors is None or self._calibration is None:
            return np.array([_by_words(text, other) for other in others], dtype=np.float32)
        return self._calibration.scaled(np.asarray(vectors[1:] @ vectors[0], dtype=np.float32))

    def _vectors(self, texts: Sequence[str]) -> Vectors | None:
        if self._calibration is None:
            return None
        try:
            return self._of(texts)
        except (ModelBusy, ModelFailed):
            return None

    def _of(self, texts: Sequence[str]) -> Vectors:
        """One unit vector a row, in the order of the texts."""
        known = {text: self._kept[text] for text in texts if text in self._kept}
        if new := list(dict.fromkeys(text for text in texts if text not in known)):
            vectors: Vectors = np.asarray(self._embeddings.embed_documents(new), dtype=np.float32)
            vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
            known.update(zip(new, vectors, strict=True))
        self._keep(known)
        return np.stack([known[text] for text in texts])

    def _keep(self, found: dict[str, Vectors]) -> None:
        if len(self._kept) > _KEPT:
            self._kept = {}
        self._kept.update(found)


def _by_words(text: str, other: str) -> float:
    """The cosine of two texts as sets of words."""
    mine, theirs = _roots(text), _roots(other)
    return len(mine & theirs) / sqrt(len(mine) * len(theirs)) if mine and theirs else 0.0


@lru_cache(_KEPT)
def _roots(text: str) -> frozenset[str]:
    return root_words(text)
