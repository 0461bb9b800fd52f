"""What goes over the wire; field names are a promise to clients."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.documents import Accepted
from app.pages import PageView
from app.painter import Box
from app.persistence.library import Node, Shelved
from app.persistence.tables import CitationRow, Document, PipelineRun, Query
from tools.errors import StudyError
from tools.types import Citation, JobState, Passage, QueryState, Scope

DOCUMENT_ID = "3f6c0d1e9a7b4c558d2e1f0a9b8c7d6e"
JOB_ID = "b1946ac92492d2347c6235b4d2611184"
THREAD_ID = "7d1b3c6e-6f0c-4f7e-9a59-0d7f5f3a2b10"
QUERY_ID = "9e107d9d372bb6826bd81d3542a419d6"
QUOTE = "Water moves across a semipermeable membrane by osmosis."

Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")
]


Question = Annotated[str, StringConstraints(max_length=1_000_000)]  # a constraint makes it valid Unicode, too


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class User(BaseModel):
    id: str = Field(examples=["local"])
    name: str = Field(examples=["You"])


class LoginReply(BaseModel):
    message: str = Field(examples=["You are signed in already: this is your own machine, so no password is needed."])
    user: User


class Login(BaseModel):
    """Both fields are ignored on the learner's own machine."""

    email: str | None = None
    password: str | None = None


class Message(BaseModel):
    message: str


class Uploaded(BaseModel):
    """What became of one file. A refused one has the status `failed`, its sentence in `error`, and no ids."""

    id: str | None = Field(examples=[DOCUMENT_ID])
    job_id: str | None = Field(examples=[JOB_ID])
    filename: str = Field(examples=["biology.pdf"])
    status: JobState = Field(examples=["queued"])
    duplicate_of: str | None = Field(
        default=None, description="The document that already held these bytes.", examples=[None]
    )
    error: str | None = Field(default=None, examples=[None])

    @classmethod
    def of(cls, accepted: Accepted) -> "Uploaded":
        return cls(
            id=accepted.document_id,
            job_id=accepted.job_id,
            filename=accepted.filename,
            status=JobState(accepted.status),
            duplicate_of=accepted.duplicate_of,
        )

    @classmethod
    def refused(cls, filename: str, error: StudyError) -> "Uploaded":
        return cls(id=None, job_id=None, filename=filename, status=JobState.FAILED, error=str(error))


class Uploads(BaseModel):
    documents: list[Uploaded]


class DocumentOut(BaseModel):
    """A document. `book` and its like are null while it belongs to chats only."""

    id: str = Field(examples=[DOCUMENT_ID])
    filename: str = Field(examples=["biology.pdf"])
    title: str | None = Field(examples=["Biology"])
    author: str | None = Field(examples=[None])
    semester: str | None = Field(examples=["Spring 2026"])
    subject: str | None = Field(examples=["Biology"])
    book: str | None = Field(examples=["Biology"])
    book_id: str | None = Field(examples=["0cc175b9c0f1b6a831c399e269772661"])
    kind: str = Field(examples=["pdf"])
    language: str | None = Field(examples=["en"])
    size: int = Field(description="Bytes.", examples=[10_482_113])
    status: JobState = Field(examples=["ready"])
    error: str | None = Field(examples=[None])
    version: int = Field(examples=[1])
    current: bool = Field(description="False for a version that a newer one has replaced.", examples=[True])
    page_count: int = Field(examples=[763])
    passage_count: int = Field(examples=[3523])
    notes: list[str] = Field(description="What the learner should know, e.g. that pages hold no text.", examples=[[]])
    empty_pages: list[int] = Field(description="Pages without text.", examples=[[2]])
    recognised_pages: list[int] = Field(description="Pages whose text was recognised from an image.", examples=[[]])
    contents: list[tuple[int, str, int]] = Field(
        description="Table of contents: level, heading, page index.", examples=[[(1, "The Study of Life", 9)]]
    )
    subject_words: list[str] = Field(examples=[["cell", "membrane"]])
    created_at: datetime
    ready_at: datetime | None

    @classmethod
    def of(cls, shelved: Shelved) -> "DocumentOut":
        document = shelved.document
        return cls(
            id=document.id,
            filename=document.filename,
            title=document.title,
            author=document.author,
            semester=shelved.semester or None,
            subject=shelved.subject or None,
            book=shelved.book or None,
            book_id=document.book_id,
            kind=document.kind,
            language=document.language,
            size=document.size,
            status=JobState(document.state),
            error=document.error,
            version=document.version,
            current=document.superseded_by is None,
            page_count=document.page_count,
            passage_count=document.passage_count,
            **{name: document.details.get(name) or [] for name in DETAILS},
            created_at=document.created_at,
            ready_at=document.ready_at,
        )


DETAILS = ("notes", "empty_pages", "recognised_pages", "contents", "subject_words")


class DocumentList(BaseModel):
    documents: list[DocumentOut]


class DocumentStatus(BaseModel):
    """How far a document is; `done` of `total` counts the pages or passages of its stage."""

    id: str = Field(examples=[DOCUMENT_ID])
    job_id: str | None = Field(examples=[JOB_ID])
    filename: str = Field(examples=["biology.pdf"])
    status: JobState = Field(examples=["running"])
    stage: str = Field(examples=["embed"])
    done: int = Field(examples=[212])
    total: int = Field(examples=[763])
    error: str | None = Field(examples=[None])


class DocumentChange(Body):
    """Fields that are left out stay as they are."""

    filename: Name | None = Field(default=None, examples=["biology-2e.pdf"])
    semester: Name | None = Field(default=None, examples=["Spring 2026"])
    subject: Name | None = Field(default=None, examples=["Biology"])
    book: Name | None = Field(default=None, examples=["Concepts of Biology"])


class Highlight(BaseModel):
    """A box as shares of the page's width and height, from the top left corner."""

    left: float = Field(examples=[0.12])
    top: float = Field(examples=[0.41])
    width: float = Field(examples=[0.7])
    height: float = Field(examples=[0.015])

    @classmethod
    def of(cls, box: Box) -> "Highlight":
        left, top, right, bottom = (round(share, 5) for share in box)
        return cls(left=left, top=top, width=round(right - left, 5), height=round(bottom - top, 5))


class PageOut(BaseModel):
    """One page: `index` is physical and from 1, `label` is what is printed on it."""

    index: int = Field(examples=[230])
    label: str = Field(examples=["212"])
    kind: str = Field(description="page, slide or section", examples=["page"])
    text: str = Field(examples=[QUOTE])
    recognised: bool = Field(description="True when the text was recognised from an image.", examples=[False])
    page_count: int = Field(examples=[763])
    image_url: str | None = Field(examples=[f"/api/documents/{DOCUMENT_ID}/pages/230?format=image"])
    document: DocumentOut
    marks: list[Highlight] | None = Field(default=None, description="Where `start` to `end` stands on the image.")

    @classmethod
    def of(cls, view: PageView, marks: list[Highlight] | None) -> "PageOut":
        document = DocumentOut.of(view.shelved)
        image = f"/api/documents/{document.id}/pages/{view.row.index}?format=image" if view.has_image else None
        return cls(
            index=view.row.index,
            label=view.row.label,
            kind=view.row.kind,
            text=view.row.text,
            recognised=view.row.recognised,
            page_count=view.count,
            image_url=image,
            document=document,
            marks=marks,
        )


class Counts(BaseModel):
    documents: int = Field(examples=[2])
    queued: int = Field(examples=[0])
    running: int = Field(examples=[1])
    ready: int = Field(examples=[1])
    failed: int = Field(examples=[0])
    cancelled: int = Field(examples=[0])

    @classmethod
    def of(cls, documents: Sequence[Document]) -> "Counts":
        states = [document.state for document in documents]
        return cls(documents=len(states), **{state.value: states.count(state) for state in JobState})


class PlaceName(BaseModel):
    """A semester, subject or book."""

    id: str = Field(examples=["0cc175b9c0f1b6a831c399e269772661"])
    name: str = Field(examples=["Autumn 2026"])


class Placed(PlaceName):
    counts: Counts


class BookOut(Placed):
    documents: list[DocumentOut]


class SubjectOut(Placed):
    books: list[BookOut]


class SemesterOut(Placed):
    subjects: list[SubjectOut]


class LibraryOut(BaseModel):
    """The tree; `unfiled` holds what was dropped into chats and not filed yet."""

    semesters: list[SemesterOut]
    unfiled: list[DocumentOut]
    counts: Counts


class NewName(Body):
    name: Name = Field(examples=["Autumn 2026"])


class Job(BaseModel):
    id: str = Field(examples=[JOB_ID])
    document_id: str = Field(examples=[DOCUMENT_ID])
    state: JobState = Field(examples=["running"])
    stage: str = Field(examples=["embed"])
    done: int = Field(examples=[212])
    total: int = Field(examples=[763])
    error: str | None = Field(examples=[None])
    error_code: str | None = Field(description="Why it failed, for programs.", examples=[None])
    attempts: int = Field(examples=[1])
    started_at: datetime | None
    finished_at: datetime | None = Field(examples=[None])

    @classmethod
    def of(cls, row: PipelineRun) -> "Job":
        return cls.model_validate(row, from_attributes=True)


class Ingest(Body):
    mode: Literal["new", "all"] = Field(
        default="new", description="`all` reads files again that are in the library already."
    )


class Ingesting(BaseModel):
    jobs: list[Job]
    refused: list["Refused"] = Field(examples=[[]])


class Refused(BaseModel):
    filename: str = Field(examples=["empty.pdf"])
    error: str = Field(examples=["This file is empty."])


class Scoped(Body):
    """The scope by names or ids. A field that is left out or null does not narrow."""

    active_semester: str | None = Field(default=None, max_length=255, examples=["Spring 2026"])
    active_subject: str | None = Field(default=None, max_length=255, examples=["Biology"])
    active_books: list[Annotated[str, StringConstraints(max_length=255)]] | None = Field(
        default=None, max_length=500, examples=[["Biology"]]
    )

    @property
    def scope(self) -> Scope:
        return Scope(self.active_semester or None, self.active_subject or None, tuple(self.active_books or ()))

    @property
    def names_a_scope(self) -> bool:
        return any(name.startswith("active_") for name in self.model_fields_set)


class SearchRequest(Scoped):
    query: Question = Field(examples=["How does water cross a membrane?"])
    k: int = Field(default=8, ge=1, le=50, description="At most this many passages.")


class PassageOut(BaseModel):
    text: str = Field(description="At most 1,500 characters.", examples=[QUOTE])
    document_id: str = Field(examples=[DOCUMENT_ID])
    book: str = Field(examples=["Biology"])
    filename: str = Field(examples=["biology.pdf"])
    page_index: int = Field(examples=[230])
    page_label: str = Field(examples=["212"])
    page_kind: str = Field(examples=["page"])
    section: list[str] = Field(examples=[["Structure and Function of Plasma Membranes", "Passive Transport"]])
    start: int = Field(examples=[118])
    end: int = Field(examples=[173])
    score: float = Field(examples=[0.83])

    @classmethod
    def of(cls, passage: Passage, score: float) -> "PassageOut":
        values = {name: getattr(passage, name) for name in cls.model_fields if name not in ("score", "section")}
        return cls(**values, section=list(passage.section), score=round(score, 4))


class SearchReply(BaseModel):
    """Best first."""

    passages: list[PassageOut]
    degraded: str | None = Field(default=None, description="The index that did not answer, if any.")


class ScopedInChat(Scoped):
    """The scope of a conversation, to which its own files belong."""

    active_chat_files: bool = Field(default=True, description="Whether the conversation's own files belong to it.")

    @property
    def scope(self) -> Scope:
        return replace(super().scope, chat_files=self.active_chat_files)


class ChatRequest(ScopedInChat):
    query: Question = Field(examples=["How does water cross a membrane?"])
    thread_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")] | None = Field(
        default=None, description="Left out: a new conversation.", examples=[THREAD_ID]
    )


class SourceOut(BaseModel):
    """A quote that stands on a page; `start` and `end` are character offsets into the page's text."""

    n: int = Field(examples=[1])
    quote: str = Field(examples=[QUOTE])
    document_id: str = Field(examples=[DOCUMENT_ID])
    book: str = Field(examples=["Biology"])
    filename: str = Field(examples=["biology.pdf"])
    page_index: int = Field(examples=[230])
    page_label: str = Field(examples=["212"])
    start: int = Field(examples=[118])
    end: int = Field(examples=[173])
    verified: bool = Field(examples=[True])

    @classmethod
    def of(cls, citation: Citation) -> "SourceOut":
        return cls.model_validate(citation, from_attributes=True)


class ChatReply(BaseModel):
    answer: str = Field(examples=["Water crosses the membrane by osmosis. [1]"])
    sources: list[SourceOut]
    confidence: float = Field(examples=[0.81])
    refused: bool = Field(description="True when the books do not hold the answer.", examples=[False])
    model: str = Field(examples=["built-in tutor"])
    thread_id: str = Field(examples=[THREAD_ID])
    query_id: str = Field(examples=[QUERY_ID])
    notices: list[str] = Field(description="Sentences for the learner beside the answer.", examples=[[]])
    quiz_id: str | None = Field(description="The quiz or practice round that this message began.", examples=[None])


class KeptCitation(BaseModel):
    """A numbered citation of a conversation; it outlives its document."""

    n: int = Field(examples=[1])
    quote: str = Field(examples=[QUOTE])
    document_id: str = Field(examples=[DOCUMENT_ID])
    book: str = Field(examples=["Biology"])
    filename: str = Field(examples=["biology.pdf"])
    page_index: int = Field(examples=[230])
    page_label: str = Field(examples=["212"])
    page_kind: str = Field(examples=["page"])
    start: int = Field(examples=[118])
    end: int = Field(examples=[173])
    source_removed: bool = Field(description="True when the document is gone.", examples=[False])
    view_url: str = Field(examples=[f"/cite/{THREAD_ID}/1"])

    @classmethod
    def of(cls, row: CitationRow, source_removed: bool) -> "KeptCitation":
        names = [name for name in cls.model_fields if name not in ("source_removed", "view_url")]
        values = {name: getattr(row, name) for name in names}
        return cls(**values, source_removed=source_removed, view_url=f"/cite/{row.thread_id}/{row.n}")


class QueryOut(BaseModel):
    """What was asked, found and answered."""

    id: str = Field(examples=[QUERY_ID])
    thread_id: str = Field(examples=[THREAD_ID])
    state: QueryState = Field(examples=["done"])
    question: str = Field(examples=["And against the gradient?"])
    standalone: str | None = Field(examples=["How does water cross a membrane against the gradient?"])
    route: str | None = Field(examples=["answer"])
    scope_label: str | None = Field(examples=["Spring 2026 › Biology"])
    answer: str | None = Field(examples=["Water crosses the membrane by osmosis. [1]"])
    refused: bool = Field(examples=[False])
    confidence: float = Field(examples=[0.81])
    model: str | None = Field(examples=["built-in tutor"])
    citations: list[dict[str, Any]]
    passages: list[dict[str, Any]]
    tokens: dict[str, Any] = Field(examples=[{}])
    milliseconds: dict[str, Any] = Field(examples=[{"retrieve": 31, "answer": 4}])
    created_at: datetime

    @classmethod
    def of(cls, row: Query) -> "QueryOut":
        return cls.model_validate(row, from_attributes=True)


class History(BaseModel):
    """Newest first."""

    queries: list[QueryOut]


class Dependency(BaseModel):
    state: Literal["ok", "down"] = Field(examples=["ok"])
    latency_ms: float | None = Field(default=None, examples=[0.4])
    detail: str | None = Field(default=None, examples=[None])


class Health(BaseModel):
    """`degraded` when a part is down; what still works goes on working."""

    status: Literal["ok", "degraded"]
    version: str = Field(examples=["0.1.0"])
    dependencies: dict[str, Dependency]


class Alive(BaseModel):
    status: Literal["ok"] = "ok"


def places(nodes: Sequence[Node]) -> list[SemesterOut]:
    return [_semester(node) for node in nodes]


def _semester(node: Node) -> SemesterOut:
    subjects = [_subject(child, node.name) for child in node.children]
    return SemesterOut(id=node.id, name=node.name, counts=Counts.of(_below(node)), subjects=subjects)


def _subject(node: Node, semester: str) -> SubjectOut:
    books = [_book(child, semester, node.name) for child in node.children]
    return SubjectOut(id=node.id, name=node.name, counts=Counts.of(_below(node)), books=books)


def _book(node: Node, semester: str, subject: str) -> BookOut:
    documents = [DocumentOut.of(Shelved(document, semester, subject, node.name)) for document in node.documents]
    return BookOut(id=node.id, name=node.name, counts=Counts.of(node.documents), documents=documents)


def _below(node: Node) -> list[Document]:
    return [*node.documents, *(document for child in node.children for document in _below(child))]
