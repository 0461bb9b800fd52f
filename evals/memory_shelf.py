"""Books in memory behind the retrieval ports: the real reading, chunking, embedding and ranking, without servers."""

import hashlib
import pickle
import sys
import tempfile
from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.models.minilm import MiniLM
from ingestion.chunk import ChunkConfig, SectionPath, chunk
from ingestion.embed import EmbeddedPassage, embed_passages
from ingestion.partition import Limits, partition
from ingestion.types import Chunk, Outline, Page
from tools.calibration import BUILT_IN, Calibration
from tools.keywords import Postings, postings, ranked, rarity
from tools.ports import PackedWords, SentenceParts, Vectors, Worded
from tools.search import HybridSearch
from tools.types import Learner, Passage, ResolvedScope
from tools.words import stem, words

BOOKS = Path(__file__).resolve().parent.parent.parent / "shared" / "books"
CACHE = Path(tempfile.gettempdir()) / "studyrag-evals"
TEXTBOOKS = ("biology", "psychology", "us-history")
"""Books with questions of their authors; each is reported by itself."""


def textbook(name: str, ending: str) -> Path:
    """A file of one of TEXTBOOKS: its text with `.pdf`, its questions with `.questions.jsonl`."""
    return BOOKS / f"openstax-{name}" / f"{name}{ending}"


class MemoryShelf:
    """Implements KeywordIndex, VectorIndex and PassageStore for the documents that were put on it."""

    def __init__(self) -> None:
        self.embeddings = MiniLM(CACHE / "models")
        self._passages: dict[str, Passage] = {}
        self._embedded: dict[str, EmbeddedPassage] = {}
        self._pages: dict[tuple[str, int], str] = {}
        self._means: dict[str, tuple[list[str], NDArray[np.float32]]] = {}
        self._keywords = _Keywords()

    def put(self, path: Path, book: str) -> None:
        """Read a document, from the cache when it was read before; its id is the name without the ending."""
        self._keep(path.stem, *read(path, book, self.embeddings))

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
        self._passages |= {passage.id: passage for passage in passages}
        self._embedded |= {passage.id: vectors for passage, vectors in zip(passages, embedded, strict=True)}
        self._keywords.add(document_id, [(one.id, "\n".join((one.text, *one.section))) for one in passages])
        self._means[document_id] = [passage.id for passage in passages], np.stack([e.mean for e in embedded])

    def searcher(self, calibration: Calibration | None = BUILT_IN) -> HybridSearch:
        """The product's search over these documents."""
        vectors = _VectorsOf(self._means)
        return HybridSearch(self.embeddings, self._keywords, vectors, self, calibration=calibration)

    def scope(self, *document_ids: str) -> ResolvedScope:
        """These documents, or all."""
        return ResolvedScope(
            Learner("eval"), frozenset(document_ids or self._means), ", ".join(document_ids) or "all books"
        )

    def ids(self, document_ids: Collection[str], limit: int) -> list[str]:
        """In reading order, document by document."""
        return [id_ for document_id in document_ids for id_ in self._means[document_id][0]][:limit]

    def passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        """By id; unknown ids are left out."""
        return {id_: self._passages[id_] for id_ in ids if id_ in self._passages}

    def sentences(self, ids: Sequence[str]) -> dict[str, SentenceParts]:
        """The spans and vectors of each passage's sentences."""
        return {id_: (self._embedded[id_].spans, self._embedded[id_].vectors) for id_ in ids if id_ in self._embedded}

    def words(self, ids: Sequence[str]) -> dict[str, PackedWords]:
        """The vectors of each passage's words."""
        return {id_: words for id_ in ids if id_ in self._embedded and (words := self._embedded[id_].words)}

    def neighbours(self, passage_id: str, radius: int = 1) -> list[Passage]:
        """The passage with those up to `radius` before and after it."""
        ids = self._means[self._passages[passage_id].document_id][0]
        at = ids.index(passage_id)
        return [self._passages[id_] for id_ in ids[max(0, at - radius) : at + radius + 1]]

    def page_text(self, document_id: str, page_index: int) -> str | None:
        """None for a page that was never put."""
        return self._pages.get((document_id, page_index))


class _Keywords:
    """The product's scores, from postings in memory."""

    def __init__(self) -> None:
        self._ids: list[str] = []
        self._postings: dict[str, dict[str, Postings]] = {}
        self._lengths: dict[str, list[int]] = {}

    def add(self, document_id: str, texts: Sequence[tuple[str, str]]) -> None:
        first = len(self._ids)
        self._ids += [id_ for id_, _ in texts]
        self._postings[document_id] = postings(enumerate((text for _, text in texts), first))
        self._lengths[document_id] = [len(words(text)) for _, text in texts]

    def delete(self, document_id: str) -> None:
        del self._postings[document_id], self._lengths[document_id]

    def search(self, words: Sequence[str], document_ids: Collection[str], k: int) -> Worded:
        lengths = [length for document_id in document_ids for length in self._lengths[document_id]]
        held = {
            asked: np.concatenate(blocks)
            for asked in {stem(word) for word in words}
            if (blocks := [of[asked] for id_ in document_ids if asked in (of := self._postings[id_])])
        }
        best = ranked(held, len(lengths), sum(lengths) / max(len(lengths), 1), k)
        counts = {asked: len(entries) for asked, entries in held.items()}
        found = tuple((self._ids[number], score) for number, score in best)
        return Worded(found, rarity(words, counts, len(lengths)), len(lengths))


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


Reading = tuple[list[Page], list[Passage], list[EmbeddedPassage]]
_MADE_BY = ("ingestion/chunk.py", "ingestion/embed.py", "tools/sentences.py", "tools/matching.py")
"""The code whose change makes what was read before out of date."""


def read(path: Path, book: str, embeddings: MiniLM) -> Reading:
    """Pages, passages and vectors of a document; from the cache when it was read before."""
    code = b"".join((Path(__file__).parents[1] / name).read_bytes() for name in _MADE_BY)
    kept = CACHE / f"{hashlib.sha256(path.read_bytes() + code).hexdigest()[:16]}.pickle"
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
    stream = partition(path, path.name, Limits(pages=5000), lambda: False)
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
