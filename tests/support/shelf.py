"""A searchable library on a temporary database: real tables and keyword index, exact vectors in memory."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np
from langchain_core.embeddings import Embeddings
from sqlalchemy.orm import Session

from app.cache import ByteCache
from app.persistence.db import Database
from app.persistence.keyword import KeywordTable
from app.persistence.passages import PassageTable, passage_id
from app.persistence.tables import Book, Document, LearnerRow, Semester, Subject
from ingestion.embed import EmbeddedPassage, embed_passages
from ingestion.types import Chunk, Page
from tests.support.learners import ADA
from tools.errors import IndexUnavailable
from tools.ports import VectorIndex, Vectors
from tools.search import HybridSearch
from tools.types import ResolvedScope

LEARNER = ADA


@dataclass
class ExactVectors:
    """Implements VectorIndex by looking at every vector; refuses while `down`."""

    down: bool = False
    stored: dict[str, tuple[str, Vectors]] = field(default_factory=dict)

    def search(self, vector: Sequence[float], document_ids: Collection[str], k: int) -> list[tuple[str, float]]:
        if self.down:
            raise IndexUnavailable
        asked = np.asarray(vector, dtype=np.float32)
        asked = asked / np.linalg.norm(asked)
        inside = [(id_, row) for id_, (document_id, row) in self.stored.items() if document_id in document_ids]
        if not inside:
            return []
        cosines = np.stack([row for _, row in inside]) @ asked
        return [(inside[at][0], float(cosines[at])) for at in np.argsort(-cosines)[:k]]

    def add(self, document_id: str, passage_ids: Sequence[str], vectors: Vectors) -> None:
        rows = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        self.stored.update({id_: (document_id, row) for id_, row in zip(passage_ids, rows, strict=True)})

    def delete(self, document_id: str) -> None:
        self.stored = {id_: entry for id_, entry in self.stored.items() if entry[0] != document_id}

    def count(self, document_id: str) -> int:
        return sum(owner == document_id for owner, _ in self.stored.values())


@dataclass
class SearchShelf:
    """Documents put here are found by `search`."""

    database: Database
    embeddings: Embeddings
    vectors: VectorIndex = field(default_factory=ExactVectors)
    model: str = "test"

    def __post_init__(self) -> None:
        self.passages = PassageTable(self.database.of(LEARNER), self.model, ByteCache())
        self.keywords = KeywordTable(self.database.of(LEARNER))
        self.search = HybridSearch(self.embeddings, self.keywords, self.vectors, self.passages)
        with self.database.session_of(LEARNER) as session:
            if session.get(LearnerRow, LEARNER.id) is None:
                _furnish(session)

    def put(self, document_id: str, pages: Sequence[str], book: str | None = None) -> None:
        """A document of one passage a page."""
        chunks = [Chunk(n, 0, len(text), text, ()) for n, text in enumerate(pages, start=1)]
        self.put_chunks(document_id, [Page(n, str(n), "page", text) for n, text in enumerate(pages, 1)], chunks, book)

    def put_chunks(
        self,
        document_id: str,
        pages: Sequence[Page],
        chunks: Sequence[Chunk],
        book: str | None = None,
        embedded: Sequence[EmbeddedPassage] | None = None,
    ) -> None:
        """Sentences are embedded here unless that has been done."""
        with self.database.session_of(LEARNER) as session:
            _add_document(session, document_id, book)
        self.passages.add_pages(document_id, pages, chunks)
        embedded = embedded or embed_passages([chunk.text for chunk in chunks], self.embeddings)
        self.passages.add_vectors([passage_id(document_id, chunk) for chunk in chunks], embedded)
        self.keywords.add(document_id, self.passages.texts(document_id))
        for ids, means in self.passages.means(document_id):
            self.vectors.add(document_id, ids, means)


def scope(*document_ids: str) -> ResolvedScope:
    return ResolvedScope(LEARNER, frozenset(document_ids), "these")


def _furnish(session: Session) -> None:
    session.add(LearnerRow(id=LEARNER.id, identifier=LEARNER.id, display_name="Ada"))
    session.flush()
    session.add(Semester(id="autumn", owner_id=LEARNER.id, name="Autumn"))
    session.flush()
    session.add(Subject(id="science", owner_id=LEARNER.id, semester_id="autumn", name="Science"))


def _add_document(session: Session, document_id: str, book: str | None) -> None:
    if book and session.get(Book, book) is None:
        session.add(Book(id=book, owner_id=LEARNER.id, subject_id="science", title=book))
        session.flush()
    session.add(
        Document(
            id=document_id,
            owner_id=LEARNER.id,
            book_id=book,
            filename=f"{document_id}.txt",
            sha256=document_id,
            size=1,
            storage_key=document_id,
        )
    )
