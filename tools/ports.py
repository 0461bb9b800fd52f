"""What retrieval needs from the shell. Embeddings are LangChain's; the rest are these few calls."""

from collections.abc import Collection, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tools.types import Passage

Vectors = NDArray[np.float32]


class KeywordIndex(Protocol):
    def search(self, words: Sequence[str], document_ids: Collection[str], k: int) -> list[tuple[str, float]]:
        """Passage ids with BM25 (higher is better), best first, within these documents only."""
        ...

    def rarity(self, words: Sequence[str]) -> dict[str, float]:
        """Inverse document frequency of each word over the index; an unseen word gets the highest value."""
        ...


class VectorIndex(Protocol):
    def search(self, vector: Sequence[float], document_ids: Collection[str], k: int) -> list[tuple[str, float]]:
        """Passage ids with cosine, best first, within these documents only; in many documents the far may be left out.

        Raises IndexUnavailable.
        """
        ...

    def add(self, document_id: str, passage_ids: Sequence[str], vectors: Vectors) -> None:
        """Upsert; running it twice changes nothing. Raises IndexUnavailable."""
        ...

    def delete(self, document_id: str) -> None: ...

    def count(self, document_id: str) -> int: ...


class PassageStore(Protocol):
    def ids(self, document_ids: Collection[str], limit: int) -> list[str]:
        """Ids of at most `limit` passages of these documents."""
        ...

    def passages(self, ids: Sequence[str]) -> dict[str, Passage]: ...

    def sentences(self, ids: Sequence[str]) -> dict[str, tuple[NDArray[np.uint16], NDArray[np.int8]]]:
        """For each passage its sentence spans (n, 2) into the passage text and unit vectors (n, dim) times 127."""
        ...

    def neighbours(self, passage_id: str, radius: int = 1) -> list[Passage]:
        """The passages around this one in the same document, in reading order, itself included."""
        ...

    def page_text(self, document_id: str, page_index: int) -> str | None: ...
