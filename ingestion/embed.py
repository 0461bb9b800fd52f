"""The vectors of passages: one for each sentence, their mean, and those of words if the model has any."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Literal

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from tools import sentences
from tools.matching import packed
from tools.ports import PackedWords, Vectors, WordEmbeddings

Cuts = NDArray[np.uint16]
"""Where the sentences of a passage begin and end in its text (n, 2)."""


class EmbedConfig(BaseModel):
    """`unit` is what gets a vector: each sentence, which finds more, or each passage, which takes less time."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    unit: Literal["sentence", "passage"] = "sentence"


SENTENCES = EmbedConfig()


@dataclass(frozen=True, slots=True)
class EmbeddedPassage:
    """Sentence spans (n, 2) into the text, unit vectors times 127 (n, dim), and their normalised mean (dim,).

    `words` are there if the model tells them apart.
    """

    spans: Cuts
    vectors: NDArray[np.int8]
    mean: NDArray[np.float32]
    words: PackedWords | None = None


def embed_passages(
    texts: Sequence[str], embeddings: Embeddings, config: EmbedConfig = SENTENCES
) -> list[EmbeddedPassage]:
    """All sentences of all passages in one call, so that the model can sort them by length."""
    spans = [_units(text, config) for text in texts]
    parts = [text[start:end] for text, cuts in zip(texts, spans, strict=True) for start, end in cuts]
    if not parts:
        return []
    vectors, words = _vectors(parts, embeddings)
    bounds = pairwise(accumulate((len(cuts) for cuts in spans), initial=0))
    return [
        _embedded(cuts, vectors[first:last], words and words[first:last])
        for cuts, (first, last) in zip(spans, bounds, strict=True)
    ]


def _units(text: str, config: EmbedConfig) -> list[tuple[int, int]]:
    """What of a passage gets vectors, never nothing."""
    if config.unit == "passage":
        return [(0, len(text))]
    return sentences.split(text) or [(0, min(len(text), sentences.LONGEST))]


def _vectors(parts: list[str], embeddings: Embeddings) -> tuple[Vectors, list[Vectors] | None]:
    if isinstance(embeddings, WordEmbeddings):
        return embeddings.embed_words(parts)
    return normalised(np.asarray(embeddings.embed_documents(parts), dtype=np.float32)), None


def _embedded(cuts: Sequence[tuple[int, int]], vectors: Vectors, words: Sequence[Vectors] | None) -> EmbeddedPassage:
    return EmbeddedPassage(
        spans=np.asarray(cuts, dtype=np.uint16).reshape(-1, 2),
        vectors=np.rint(vectors * 127).astype(np.int8),
        mean=normalised(vectors.mean(axis=0)),
        words=packed(words) if words is not None else None,
    )


def words_of(passages: Sequence[tuple[str, Cuts]], embeddings: WordEmbeddings) -> list[PackedWords]:
    """The words of passages whose sentences were embedded before, from texts and sentence spans."""
    _, words = embeddings.embed_words([text[start:end] for text, cuts in passages for start, end in cuts.tolist()])
    bounds = pairwise(accumulate((len(cuts) for _, cuts in passages), initial=0))
    return [packed(words[first:last]) for first, last in bounds]


def normalised(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Each row divided by its length; a zero row stays zero."""
    lengths = np.sqrt(np.square(vectors).sum(axis=-1, keepdims=True))
    unit: NDArray[np.float32] = vectors / np.maximum(lengths, np.float32(1e-12))
    return unit
