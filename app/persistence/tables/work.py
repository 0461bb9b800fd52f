"""Jobs, the processes that do them, and facts about this installation."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.persistence.tables.base import Base, now
from tools.correlation import request_id


class PipelineRun(Base):
    """One job: the ingestion of a document. A running job whose worker is dead is taken up again."""

    __tablename__ = "pipeline_runs"
    __table_args__ = (
        Index("pipeline_runs_state", "state"),
        Index("pipeline_runs_document", "document_id"),
        Index("pipeline_runs_owner", "owner_id", "started_at"),
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    document_id: Mapped[str] = mapped_column(String(64))
    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    filename: Mapped[str] = mapped_column(String(255))
    state: Mapped[str] = mapped_column(String(16), default="queued")
    stage: Mapped[str] = mapped_column(String(16), default="waiting")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]
    error_code: Mapped[str | None] = mapped_column(String(64))
    attempts: Mapped[int] = mapped_column(default=0)
    cancel_requested: Mapped[bool] = mapped_column(default=False)
    worker: Mapped[str | None] = mapped_column(String(128))
    """The process that has it in hand."""
    created_at: Mapped[datetime] = mapped_column(default=now)
    request_id: Mapped[str | None] = mapped_column(String(64), default=request_id)
    """The request that asked for it, as the logs name it."""
    due_at: Mapped[datetime | None]
    """Not to be tried again before; None is at once."""
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class KeyClaim(Base):
    """A key of the store where an upload that is under way puts its bytes, until the row of its document names it."""

    __tablename__ = "key_claims"
    __table_args__ = (Index("key_claims_owner", "owner_id"),)

    key: Mapped[str] = mapped_column(primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    document_id: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(default=now)


class Process(Base):
    """A process that lives. Its row goes when it ends, or when another process finds it dead."""

    __tablename__ = "processes"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    role: Mapped[str] = mapped_column(String(16))
    host: Mapped[str] = mapped_column(String(255))
    pid: Mapped[int]
    birth: Mapped[str] = mapped_column(String(64))
    """When it began, in a form that no clock changes: numbers of processes are used again."""
    beats: Mapped[int] = mapped_column(default=0)
    heartbeat_at: Mapped[datetime] = mapped_column(default=now)
    started_at: Mapped[datetime] = mapped_column(default=now)


class Setting(Base):
    """Facts about this installation, such as the embedding model that serves."""

    __tablename__ = "settings"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[dict[str, Any]]
