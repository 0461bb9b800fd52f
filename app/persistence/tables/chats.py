"""Conversations: what the chat shows, what was asked and what the answers rest on."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.persistence.tables.base import Base, now
from tools.types import QueryState


class Thread(Base):
    """A conversation. It has a name, and is listed, from the learner's first words on."""

    __tablename__ = "threads"
    __table_args__ = (Index("threads_owner", "owner_id", "updated_at"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    name: Mapped[str | None]
    tags: Mapped[list[Any]] = mapped_column(default=list)
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class ThreadDocument(Base):
    """A document that was dropped into a conversation."""

    __tablename__ = "thread_documents"

    thread_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    filename: Mapped[str] = mapped_column(String(255))
    added_at: Mapped[datetime] = mapped_column(default=now)


class Step(Base):
    """A message or step as Chainlit shows it; `body` is its StepDict."""

    __tablename__ = "steps"
    __table_args__ = (Index("steps_thread", "thread_id", "created_at"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    thread_id: Mapped[str] = mapped_column(String(64))
    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    body: Mapped[dict[str, Any]]


class Element(Base):
    """A file or custom element as Chainlit shows it; `body` is its ElementDict."""

    __tablename__ = "elements"
    __table_args__ = (Index("elements_thread", "thread_id"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    thread_id: Mapped[str | None] = mapped_column(String(64))
    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    for_id: Mapped[str | None] = mapped_column(String(64))
    storage_key: Mapped[str | None]
    body: Mapped[dict[str, Any]]


class Feedback(Base):
    """What the learner thinks of a message: `value` is 1 or 0."""

    __tablename__ = "feedbacks"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    for_id: Mapped[str] = mapped_column(String(64), index=True)
    thread_id: Mapped[str | None] = mapped_column(String(64))
    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    value: Mapped[int]
    comment: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=now)


class Query(Base):
    """What was asked, found and answered. One still `running` whose holder, a process, is dead was interrupted."""

    __tablename__ = "queries"
    __table_args__ = (Index("queries_owner", "owner_id", "created_at"), Index("queries_thread", "thread_id"))

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    thread_id: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16), default=QueryState.RUNNING)
    holder: Mapped[str | None] = mapped_column(String(64))
    question: Mapped[str]
    standalone: Mapped[str | None]
    route: Mapped[str | None] = mapped_column(String(16))
    scope_label: Mapped[str | None]
    passages: Mapped[list[Any]] = mapped_column(default=list)
    citations: Mapped[list[Any]] = mapped_column(default=list)
    answer: Mapped[str | None]
    refused: Mapped[bool] = mapped_column(default=False)
    confidence: Mapped[float] = mapped_column(default=0.0)
    model: Mapped[str | None]
    tokens: Mapped[dict[str, Any]] = mapped_column(default=dict)
    dollars: Mapped[float | None]
    """What its models cost; None where no model was asked, or a price is not known."""
    milliseconds: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(default=now)


class CitationRow(Base):
    """A numbered citation of a conversation. It outlives its document: an old answer then says "source removed"."""

    __tablename__ = "citations"

    thread_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    document_id: Mapped[str] = mapped_column(String(64), index=True)
    book: Mapped[str]
    filename: Mapped[str]
    page_index: Mapped[int]
    page_label: Mapped[str]
    page_kind: Mapped[str]
    quote: Mapped[str]
    start: Mapped[int]
    end: Mapped[int]
