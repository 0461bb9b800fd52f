"""Books in memory behind the retrieval ports: the real reading, chunking, embedding and ranking, without servers."""

import hashlib
import pickle
import sqlite3
import sys
import tempfile
from collections.abc import Collection, Sequence
from math import log
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.models.minilm import MiniLM
from ingestion.chunk import ChunkConfig, SectionPath, chunk
from ingestion.embed import EmbeddedPassage, embed_passages
from ingestion.partition import partition
from ingestion.types import Chunk, Outline, Page
from tools.ports import Vectors
from tools.search import HybridSearch
from tools.types import Passage, ResolvedScope
from tools.words import stem

BOOKS = Path(__file__).resolve().parent.parent.parent / "shared" / "books"
CACHE = Path(tempfile.gettempdir()) / "studyrag-evals"


class MemoryShelf:
    """Implements KeywordIndex, VectorIndex and PassageStore for the documents that were put on it."""

    def __init__(self) -> None:
        self.embeddings = MiniLM(CACHE / "models")
        self._passages: dict[str, Passage] = {}
        self._embedded: dict[str, EmbeddedPassage] = {}
        self._pages: dict[tuple[str, int], str] = {}
        self._means: dict[str, tuple[list[str], NDArray[np.float32]]] = {}
        self._words = sqlite3.connect(":memory:", check_same_thread=False)
        self._words.execute("CREATE VIRTUAL TABLE words USING fts5(text, section, tokenize='porter unicode61')")
        self._words.execute("CREATE VIRTUAL TABLE vocabulary USING fts5vocab(words, 'row')")
        self._words.execute("CREATE TABLE places (n INTEGER PRIMARY KEY, id TEXT, document_id TEXT)")

    def put(self, path: Path, book: str) -> None:
        """Read a document, from the cache when it was read before; its id is the name without the ending."""
        self._keep(path.stem, *_read(path, book, self.embeddings))

    def put_texts(self, document_id: str, texts: Sequence[str]) -> None:
        """A document of short texts, one to a page."""
        pages = [Page(n, str(n), "page", text) for n, text in enumerate(texts, start=1)]
        pieces = [Chunk(page.index, 0, len(page.text), page.text, ()) for page in pages]
        passages = [
            _passage(document_id, document_id, document_id, page, piece)
            for page, piece in zip(pages, pieces, strict=True)
        ]
        self._keep(document_id, pages, passages, embed_passages(texts, self.embeddings))

    def _keep(
        self, document_id: str, pages: list[Page], passages: list[Passage], embedded: list[EmbeddedPassage]
    ) -> None:
        self._pages.update({(document_id, page.index): page.text for page in pages})
        for n, (passage, vectors) in enumerate(zip(passages, embedded, strict=True), start=len(self._passages) + 1):
            self._passages[passage.id] = passage
            self._embedded[passage.id] = vectors
            row = n, passage.text, " ".join(passage.section)
            self._words.execute("INSERT INTO words (rowid, text, section) VALUES (?, ?, ?)", row)
            self._words.execute("INSERT INTO places VALUES (?, ?, ?)", (n, passage.id, document_id))
        self._means[document_id] = [passage.id for passage in passages], np.stack([e.mean for e in embedded])

    def searcher(self) -> HybridSearch:
        return HybridSearch(self.embeddings, _Keywords(self._words), _VectorsOf(self._means), self)

    def scope(self, *document_ids: str) -> ResolvedScope:
        return ResolvedScope("eval", frozenset(document_ids or self._means), ", ".join(document_ids) or "all books")

    def ids(self, document_ids: Collection[str], limit: int) -> list[str]:
        return [id_ for document_id in document_ids for id_ in self._means[document_id][0]][:limit]

    def passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        return {id_: self._passages[id_] for id_ in ids if id_ in self._passages}

    def sentences(self, ids: Sequence[str]) -> dict[str, tuple[NDArray[np.uint16], NDArray[np.int8]]]:
        return {id_: (self._embedded[id_].spans, self._embedded[id_].vectors) for id_ in ids if id_ in self._embedded}

    def neighbours(self, passage_id: str, radius: int = 1) -> list[Passage]:
        ids = self._means[self._passages[passage_id].document_id][0]
        at = ids.index(passage_id)
        return [self._passages[id_] for id_ in ids[max(0, at - radius) : at + radius + 1]]

    def page_text(self, document_id: str, page_index: int) -> str | None:
        return self._pages.get((document_id, page_index))


class _Keywords:
    def __init__(self, words: sqlite3.Connection) -> None:
        self._words = words

    def search(self, words: Sequence[str], document_ids: Collection[str], k: int) -> list[tuple[str, float]]:
        if not words:
            return []
        match = " OR ".join(f'"{word}"' for word in words)
        marks = ",".join("?" * len(document_ids))
        found = self._words.execute(
            "SELECT id, -bm25(words) AS score FROM words JOIN places ON n = words.rowid"
            f" WHERE words MATCH ? AND document_id IN ({marks}) ORDER BY score DESC LIMIT ?",
            (match, *document_ids, k),
        )
        return found.fetchall()

    def rarity(self, words: Sequence[str]) -> dict[str, float]:
        total = self._words.execute("SELECT count(*) FROM places").fetchone()[0]
        return {word: _inverse_frequency(self._count(stem(word)), total) for word in words}

    def _count(self, term: str) -> int:
        row = self._words.execute("SELECT doc FROM vocabulary WHERE term = ?", (term,)).fetchone()
        return row[0] if row else 0


class _VectorsOf:
    def __init__(self, means: dict[str, tuple[list[str], NDArray[np.float32]]]) -> None:
        self._means = means

    def search(self, vector: Sequence[float], document_ids: Collection[str], k: int) -> list[tuple[str, float]]:
        found: list[tuple[str, float]] = []
        for document_id in document_ids:
            ids, means = self._means[document_id]
            found += zip(ids, (means @ np.asarray(vector, np.float32)).tolist(), strict=True)
        return sorted(found, key=lambda one: -one[1])[:k]

    def add(self, document_id: str, passage_ids: Sequence[str], vectors: Vectors) -> None:
        self._means[document_id] = list(passage_ids), vectors

    def delete(self, document_id: str) -> None:
        self._means.pop(document_id, None)

    def count(self, document_id: str) -> int:
        return len(self._means.get(document_id, ([],))[0])


def _inverse_frequency(count: int, total: int) -> float:
    return log(1 + (total - count + 0.5) / (count + 0.5))


Reading = tuple[list[Page], list[Passage], list[EmbeddedPassage]]


def _read(path: Path, book: str, embeddings: MiniLM) -> Reading:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    kept = CACHE / f"{digest}.pickle"
    if kept.exists():
        reading: Reading = pickle.loads(kept.read_bytes())
        return reading
    print(f"reading {path.name}", file=sys.stderr)
    pages, passages = _passages(path, book)
    reading = pages, passages, embed_passages([passage.text for passage in passages], embeddings)
    CACHE.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(pickle.dumps(reading))
    return reading


def _passages(path: Path, book: str) -> tuple[list[Page], list[Passage]]:
    stream = partition(path, path.name, max_pages=5000, should_stop=lambda: False)
    outline = next(stream)
    assert isinstance(outline, Outline)
    sections, pages, passages = SectionPath(outline), [], []
    for page in stream:
        assert isinstance(page, Page)
        pages.append(page)
        pieces = chunk(page, sections.follow(page), ChunkConfig())
        passages += [_passage(path.stem, book, path.name, page, piece) for piece in pieces]
    return pages, passages


def _passage(document_id: str, book: str, filename: str, page: Page, piece: Chunk) -> Passage:
    return Passage(
        id=f"{document_id}-{page.index}-{piece.start}-{piece.end}",
        document_id=document_id,
        book=book,
        filename=filename,
        page_index=page.index,
        page_label=page.label,
        page_kind=page.kind,
        section=piece.section,
        start=piece.start,
        end=piece.end,
        text=piece.text,
    )
