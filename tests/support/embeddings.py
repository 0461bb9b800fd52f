"""Small deterministic embeddings: texts that share words are near one another."""

from collections.abc import Sequence
from typing import ClassVar
from zlib import crc32

import numpy as np
from langchain_core.embeddings import Embeddings

from tools.ports import Vectors
from tools.words import is_telling, stem, words

DIMENSIONS = 64
SHARE = 0.3


class HashingEmbeddings(Embeddings):
    def __init__(self) -> None:
        self.asked: list[str] = []
        self.calls = 0

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.asked.extend(texts)
        self.calls += 1
        return [_vector(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        return _vector(text)


class WordHashing(HashingEmbeddings):
    """Tells words apart, too; words of `SAME` mean the same, which the vectors of whole texts do not see."""

    SAME: ClassVar[dict[str, str]] = {"automobile": "car", "physician": "doctor"}

    def embed_words(self, texts: Sequence[str]) -> tuple[Vectors, list[Vectors]]:
        vectors = np.array(self.embed_documents(list(texts)), np.float32)
        return vectors, [self._of_words(text) for text in texts]

    def _of_words(self, text: str) -> Vectors:
        telling = [_direction(stem(self.SAME.get(word, word))) for word in words(text) if is_telling(word)]
        rows = np.array(telling, np.float32).reshape(-1, DIMENSIONS)
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), np.float32(1e-12))


class High(HashingEmbeddings):
    """Cosines from 1 - SHARE up, in the order of the others."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [_raised(vector) for vector in super().embed_documents(texts)]

    def embed_query(self, text: str) -> list[float]:
        return _raised(super().embed_query(text))


def _raised(vector: list[float]) -> list[float]:
    return [*(SHARE**0.5 * value for value in vector), (1 - SHARE) ** 0.5]


def _vector(text: str) -> list[float]:
    vector = np.full(DIMENSIONS, 1e-3)
    for word in words(text):
        vector += _direction(stem(word))
    unit: Sequence[float] = (vector / np.linalg.norm(vector)).tolist()
    return list(unit)


def _direction(word: str) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
    return np.random.default_rng(crc32(word.encode())).normal(size=DIMENSIONS)
