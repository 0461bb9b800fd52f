"""The API on a temporary data folder: real tables, files and keyword index; vectors in memory, uploads read at once."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from fpdf import FPDF
from sqlalchemy import select

from agent.events import Event
from app.cache import ByteCache
from app.conversations import Conversation
from app.persistence.apparatus import ApparatusTable
from app.persistence.concepts import ConceptTable
from app.persistence.keyword import KeywordTable
from app.persistence.passages import PassageTable
from app.persistence.tables import Document
from app.wiring import LOCAL_LEARNER, Services
from ingestion.embed import embed_passages
from ingestion.types import Chunk, Page
from tests.support.embeddings import HashingEmbeddings
from tests.support.shelf import ExactVectors
from tools.calibration import BUILT_IN, Calibration
from tools.errors import IndexUnavailable
from tools.questions.likeness import Likeness
from tools.search import HybridSearch
from tools.types import Learner, Scope


class Vectors(ExactVectors):
    def ping(self) -> None:
        if self.down:
            raise IndexUnavailable


@dataclass(frozen=True)
class MemoryIndex:
    """Stands in for app.indexes.Index."""

    model: str
    embeddings: HashingEmbeddings
    keywords: KeywordTable
    vectors: Vectors
    passages: PassageTable
    apparatus: ApparatusTable
    concepts: ConceptTable
    search: HybridSearch
    likeness: Likeness


class MemoryIndexes:
    """Stands in for app.indexes.Indexes: vectors in memory, one index for each learner."""

    def __init__(self, services: Services) -> None:
        self.serving_model = self.wanted_model = services.settings.embeddings_name
        self.embeddings = HashingEmbeddings()
        self.likeness = Likeness(self.embeddings)
        self.measured: Calibration | None = BUILT_IN
        self.vectors = Vectors()
        self._database = services.database
        self._threads = ThreadPoolExecutor(4)
        self._made: dict[str, MemoryIndex] = {}

    def serving(self, learner: Learner) -> MemoryIndex:
        if learner not in self._made:
            sessions = self._database.of(learner)
            passages = PassageTable(sessions, self.serving_model, ByteCache())
            keywords, apparatus = KeywordTable(sessions), ApparatusTable(sessions)
            search = HybridSearch(self.embeddings, keywords, self.vectors, passages, self._threads)
            self._made[learner] = MemoryIndex(
                self.serving_model,
                self.embeddings,
                keywords,
                self.vectors,
                passages,
                apparatus,
                ConceptTable(sessions, passages, apparatus),
                search,
                self.likeness,
            )
        return self._made[learner]

    def ping(self) -> None:
        self.vectors.ping()

    def calibration(self, _model: str) -> Calibration | None:
        return self.measured

    def forget(self, learner: Learner, document_id: str) -> None:
        self.serving(learner).keywords.delete(document_id)
        self.vectors.delete(document_id)

    def forget_learner(self, learner: Learner) -> None:
        with self._database.session_of(learner) as session:
            theirs = set(session.scalars(select(Document.id).where(Document.owner_id == learner.id)))
        self.vectors.stored = {id_: one for id_, one in self.vectors.stored.items() if one[0] not in theirs}

    def close(self) -> None:
        self._threads.shutdown()


@dataclass
class ScriptedTurns:
    """Tells the given events and raises the given error; writes down what was asked, and when it was closed."""

    events: Sequence[Event] = ()
    error: Exception | None = None
    endless: bool = False
    pause: float = 0.0
    asked: list[tuple[str, str, Scope | None]] = field(default_factory=list)
    closed: bool = False
    scopes: dict[str, Scope] = field(default_factory=dict)

    async def scope(self, conversation: Conversation) -> Scope:
        return self.scopes.get(conversation.id, Scope())

    async def run(
        self, conversation: Conversation, question: str, scope: Scope | None = None
    ) -> AsyncGenerator[tuple[str, Event], None]:
        self.asked.append((conversation.id, question, scope))
        try:
            for event in self.events:
                await asyncio.sleep(self.pause)
                yield "query-1", event
            if self.error:
                raise self.error
            if self.endless:
                await asyncio.Event().wait()
        finally:
            self.closed = True


@dataclass
class Study:
    """The running API, its parts behind it, and short ways to fill it."""

    client: TestClient
    app: FastAPI
    services: Services
    indexes: MemoryIndexes
    turns: ScriptedTurns

    def upload(self, content: bytes | str, name: str = "notes.txt", **form: str) -> dict[str, Any]:
        data = content.encode() if isinstance(content, str) else content
        reply = self.client.post("/api/documents/upload", files={"file": (name, data)}, data=form)
        assert reply.status_code == 202, reply.text
        uploaded: dict[str, Any] = reply.json()["documents"][0]
        return uploaded

    def read(self, document_id: str, *pages: Page) -> str:
        """What the worker would do with the document; a passage a page."""
        chunks = [Chunk(page.index, 0, len(page.text), page.text, ("Chapter", "Section")) for page in pages]
        index = self.indexes.serving(LOCAL_LEARNER)
        index.passages.add_pages(document_id, pages, chunks)
        todo = index.passages.without_vectors(document_id, 100)
        index.passages.add_vectors([id_ for id_, _ in todo], embed_passages([t for _, t in todo], index.embeddings))
        index.keywords.add(document_id, index.passages.texts(document_id))
        for ids, means in index.passages.means(document_id):
            index.vectors.add(document_id, ids, means)
        with self.services.database.session_of(LOCAL_LEARNER) as session:
            document = session.get_one(Document, document_id)
            document.state, document.page_count = "ready", len(pages)
        return document_id

    def book(self, text: str, book: str, name: str = "notes.txt", **form: str) -> str:
        """A document of one page that is ready."""
        return self.read(self.upload(text, name, book=book, **form)["id"], Page(1, "1", "section", text))


def pdf(*texts: str) -> bytes:
    """A PDF with one line of text on each page."""
    document = FPDF()
    document.set_font("helvetica", size=14)
    for text in texts:
        document.add_page()
        document.text(20, 40, text)
    return bytes(document.output())
