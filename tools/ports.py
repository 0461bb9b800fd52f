"""What lies behind a port: keyword index, vector index, passages, stored objects. Embeddings are LangChain's."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from tools.types import Passage

Vectors = NDArray[np.float32]


SentenceParts = tuple[NDArray[np.uint16], NDArray[np.int8]]
"""Of a passage: the spans of its sentences (n, 2) in its text, and their unit vectors (n, dim) times 127."""


@dataclass(frozen=True, slots=True)
class Worded:
    """What words find: passage ids with BM25, best first, and each word's inverse document frequency in the scope.

    `passages` is how many the scope has; `spelt` has words that none of them holds, each with the one it resembles.
    """

    found: tuple[tuple[str, float], ...] = ()
    rarity: dict[str, float] = field(default_factory=dict)
    passages: int = 0
    spelt: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PackedWords:
    """The telling words of a passage: how many each sentence has (n,), the signs of their vectors (words, dim / 8)."""

    counts: NDArray[np.uint8]
    signs: NDArray[np.uint8]

    def to_bytes(self) -> bytes:
        """As it is stored."""
        return self.counts.tobytes() + self.signs.tobytes()

    @classmethod
    def from_bytes(cls, packed: bytes, sentences: int) -> "PackedWords":
        """What was stored for a passage of so many sentences."""
        content = np.frombuffer(packed, np.uint8)
        counts, signs = content[:sentences], content[sentences:]
        total = int(counts.sum())
        return cls(counts, signs.reshape(total, len(signs) // max(total, 1)))


@runtime_checkable
class WordEmbeddings(Protocol):
    """What an embedding model may do besides: say what each word of a text means where it stands."""

    def embed_words(self, texts: Sequence[str]) -> tuple[Vectors, list[Vectors]]:
        """Unit vectors of the texts (n, dim), and for each text those of the words that carry it (words, dim)."""
        ...


class KeywordIndex(Protocol):
    """Words count by their stems (`tools.words.stem`), scores by these documents alone."""

    def search(self, words: Sequence[str], document_ids: Collection[str], k: int) -> Worded:
        """The `k` passages of these documents with the highest BM25; a word that none holds is the rarest."""
        ...

    def add(self, document_id: str, texts: Sequence[tuple[str, str]]) -> None:
        """Ids and texts of all stored passages of a document, in place of what it had before."""
        ...

    def delete(self, document_id: str) -> None:
        """Forget a document's words; one that has none is no error."""
        ...


class VectorIndex(Protocol):
    """One learner's vectors of one embedding model: nobody else's are near them."""

    def search(self, vector: Sequence[float], document_ids: Collection[str], k: int) -> list[tuple[str, float]]:
        """Passage ids with cosine, best first, within these documents only; in many documents the far may be left out.

        Raises IndexUnavailable.
        """
        ...

    def add(self, document_id: str, passage_ids: Sequence[str], vectors: Vectors) -> None:
        """Upsert; running it twice changes nothing. Raises IndexUnavailable."""
        ...

    def delete(self, document_id: str) -> None:
        """Nothing of the document is found any more; unknown is no error. Raises IndexUnavailable."""
        ...

    def count(self, document_id: str) -> int:
        """How many passages of the document can be found. Raises IndexUnavailable."""
        ...


class PassageStore(Protocol):
    """Passages and pages as they were read, by id."""

    def ids(self, document_ids: Collection[str], limit: int) -> list[str]:
        """Ids of at most `limit` passages of these documents."""
        ...

    def passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        """By id; unknown ids are left out."""
        ...

    def sentences(self, ids: Sequence[str]) -> dict[str, SentenceParts]:
        """By passage; one that is gone, or not embedded, is left out."""
        ...

    def words(self, ids: Sequence[str]) -> dict[str, PackedWords]:
        """The vectors of the words of those passages that have any."""
        ...

    def neighbours(self, passage_id: str, radius: int = 1) -> list[Passage]:
        """The passages around this one in the same document, in reading order, itself included."""
        ...

    def page_text(self, document_id: str, page_index: int) -> str | None:
        """None where there is no such page."""
        ...


class Storage(Protocol):
    """Objects by key, such as `users/{owner}/originals/{document}.pdf`.

    A key is a relative path of at most 1,024 bytes with `/` between its parts, none of them empty, `.` or `..`;
    any other names nothing. Whatever asks a store elsewhere may raise StorageUnavailable.
    """

    def put(self, key: str, content: BinaryIO) -> None:
        """Store what is left to read, all of it or nothing; readers see the old object or the new one.

        Raises StorageFull, NotFound for what is no key, and DamagedFile when not all of it arrived.
        """
        ...

    def stream(self, key: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes from `start` up to `end`, in blocks. Raises NotFound at once."""
        ...

    def local_copy(self, key: str) -> AbstractContextManager[Path]:
        """A file with the object's bytes, to read as long as the context lasts. Raises NotFound."""
        ...

    def delete(self, key: str) -> None:
        """Remove an object; one that is not there is no error."""
        ...

    def list(self, folder: str) -> Sequence[str]:
        """The keys below a folder, in order."""
        ...

    def link(self, key: str, media_type: str, disposition: str) -> str | None:
        """Where a browser may fetch the object for some minutes, with these headers; None where only we can."""
        ...

    def check(self) -> str:
        """How the store is, in words. Raises StudyError when it cannot be used."""
        ...

    def sweep(self) -> None:
        """Remove what writers left behind that died long ago; to be called now and then."""
        ...
