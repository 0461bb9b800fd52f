"""Embeddings of short texts, kept while they may be asked for again."""

from collections.abc import Sequence

import numpy as np
from langchain_core.embeddings import Embeddings

from tools.ports import Vectors

_KEPT = 24576


class TextVectors:
    """Normalised vectors of short texts, each embedded once."""

    def __init__(self, embeddings: Embeddings) -> None:
        self._embeddings = embeddings
        self._kept: dict[str, Vectors] = {}

    def of(self, texts: Sequence[str]) -> Vectors:
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
