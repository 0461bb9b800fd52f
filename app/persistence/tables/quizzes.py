"""Questions, the quizzes that ask them, answers with their marks, and what is to be reviewed."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.persistence.tables.base import Base, now
from tools.correlation import request_id
from tools.types import QuizState


class QuestionItem(Base):
    """A question that passed every check and was given to its learner; `body` is its Item.

    The row is the claim: its unique keys keep two processes from asking the same thing twice. A reported one is
    never asked again.
    """

    __tablename__ = "question_items"
    __table_args__ = (
        UniqueConstraint("owner_id", "stem_key"),
        UniqueConstraint("owner_id", "fact_key"),
        Index("question_items_document", "owner_id", "document_id"),
    )

    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"), primary_key=True)
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    document_id: Mapped[str] = mapped_column(String(64))
    stem_key: Mapped[str] = mapped_column(String(32))
    """Digest of the normalised stem."""
    fact_key: Mapped[str] = mapped_column(String(32))
    """Digest of evidence and answer."""
    topic: Mapped[str]
    body: Mapped[dict[str, Any]]
    reported: Mapped[str | None]
    """What the learner said is wrong with it."""
    created_at: Mapped[datetime] = mapped_column(default=now)


class Quiz(Base):
    """One quiz or practice round, with a state of its own: writing, open or finished."""

    __tablename__ = "quizzes"
    __table_args__ = (Index("quizzes_owner", "owner_id", "created_at"), Index("quizzes_thread", "thread_id"))

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    thread_id: Mapped[str | None] = mapped_column(String(64))
    mode: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16), default=QuizState.WRITING)
    topic: Mapped[str | None]
    difficulty: Mapped[str | None] = mapped_column(String(16))
    kinds: Mapped[list[Any]] = mapped_column(default=list)
    document_ids: Mapped[list[Any]] = mapped_column(default=list)
    scope_label: Mapped[str]
    requested: Mapped[int]
    reason: Mapped[str | None]
    """Why fewer than requested were delivered, and what else the learner should know of the writing."""
    seconds_allowed: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    writer: Mapped[str | None] = mapped_column(String(64))
    """The process that writes it; a quiz in writing without one waits for one."""
    attempts: Mapped[int] = mapped_column(default=0)
    request_id: Mapped[str | None] = mapped_column(String(64), default=request_id)
    """The request that asked for it, as the logs name it."""
    taken_at: Mapped[datetime | None]
    """When a writer last took it into its hands."""
    error: Mapped[str | None] = mapped_column(String(64))
    """The code of what kept it from having any question."""
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class QuizItem(Base):
    """An item's place in a quiz; `options` is the order in which this quiz shows its options."""

    __tablename__ = "quiz_items"
    __table_args__ = (UniqueConstraint("quiz_id", "position"),)

    quiz_id: Mapped[str] = mapped_column(ForeignKey("quizzes.id", ondelete="CASCADE"), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    item_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    position: Mapped[int]
    options: Mapped[list[Any]] = mapped_column(default=list)
    flagged: Mapped[bool] = mapped_column(default=False)
    skipped: Mapped[bool] = mapped_column(default=False)
    hinted: Mapped[bool] = mapped_column(default=False)
    revealed: Mapped[bool] = mapped_column(default=False)
    """In practice: the learner has seen the answer."""


class Attempt(Base):
    """One answer to one item, never changed afterwards; in quiz mode the last one before the end counts."""

    __tablename__ = "attempts"

    quiz_id: Mapped[str] = mapped_column(ForeignKey("quizzes.id", ondelete="CASCADE"), primary_key=True)
    item_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    attempt: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    answer: Mapped[str]
    hinted: Mapped[bool] = mapped_column(default=False)
    after_key: Mapped[bool] = mapped_column(default=False)
    """In practice: the learner had seen the answer before, so that this one counts for nothing."""
    created_at: Mapped[datetime] = mapped_column(default=now)


class Mark(Base):
    """How an attempt was marked: `n` is 0 for the first marking, then one for each challenge; all are kept."""

    __tablename__ = "marks"
    __table_args__ = (Index("marks_item", "owner_id", "item_id"),)

    quiz_id: Mapped[str] = mapped_column(ForeignKey("quizzes.id", ondelete="CASCADE"), primary_key=True)
    item_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    attempt: Mapped[int] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, default=0)
    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    verdict: Mapped[str] = mapped_column(String(16))
    score: Mapped[float]
    explanation: Mapped[str]
    points: Mapped[list[Any]] = mapped_column(default=list)
    """For each point of a rubric: its text, its quote in the book, whether the answer makes it, and where."""
    created_at: Mapped[datetime] = mapped_column(default=now)


class ReviewCard(Base):
    """The FSRS card of a learner and an item; `body` is the package's own form. A leech is suspended."""

    __tablename__ = "review_cards"
    __table_args__ = (Index("review_cards_due", "owner_id", "due"),)

    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"), primary_key=True)
    item_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    due: Mapped[datetime]
    lapses: Mapped[int] = mapped_column(default=0)
    suspended: Mapped[bool] = mapped_column(default=False)
    body: Mapped[dict[str, Any]]


class ReviewLog(Base):
    """One review; `source` names what led to it (a quiz, or the due date it answered), so that none counts twice."""

    __tablename__ = "review_logs"

    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"), primary_key=True)
    item_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    source: Mapped[str] = mapped_column(String(80), primary_key=True)
    rating: Mapped[int]
    reviewed_at: Mapped[datetime]
