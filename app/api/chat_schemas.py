"""Questions, answers, passages and what was asked before."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field, StringConstraints

from app.api.schemas import DOCUMENT_ID, QUERY_ID, QUOTE, THREAD_ID, Question, Scoped, ScopedInChat
from app.persistence.tables import CitationRow, Query
from tools.types import Citation, Passage, QueryState


class SearchRequest(Scoped):
    """A question, and how many passages to find."""

    query: Question = Field(examples=["How does water cross a membrane?"])
    k: int = Field(default=8, ge=1, le=50, description="At most this many passages.")


class PassageOut(BaseModel):
    """A passage that was found."""

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
        """A passage with its score."""
        values = {name: getattr(passage, name) for name in cls.model_fields if name not in ("score", "section")}
        return cls(**values, section=list(passage.section), score=round(score, 4))


class SearchReply(BaseModel):
    """Best first."""

    passages: list[PassageOut]
    degraded: str | None = Field(
        default=None, description="`vectors`, `unmeasured` or `embedder` when only words were searched."
    )


class ChatRequest(ScopedInChat):
    """A question in a conversation."""

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
        """A citation of an answer."""
        return cls.model_validate(citation, from_attributes=True)


class ChatReply(BaseModel):
    """An answer with its sources."""

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
        """A citation that was kept; its source may be gone."""
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
    dollars: float | None = Field(description="Null: no model was asked, or its price is not known.", examples=[0.0004])
    milliseconds: dict[str, Any] = Field(examples=[{"retrieve": 31, "answer": 4}])
    created_at: datetime

    @classmethod
    def of(cls, row: Query) -> "QueryOut":
        """A row of the history."""
        return cls.model_validate(row, from_attributes=True)


class History(BaseModel):
    """Newest first."""

    queries: list[QueryOut]
