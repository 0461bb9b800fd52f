"""What learners have chosen, and what their models have cost."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.persistence.tables.base import Base, now


class PreferencesRow(Base):
    """How a learner wants to be answered, and by whom."""

    __tablename__ = "preferences"

    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"), primary_key=True)
    answer_length: Mapped[str] = mapped_column(String(16))
    tutor: Mapped[str] = mapped_column(String(16))
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class OwnModelRow(Base):
    """A learner's own model; `sealed_key` can be read with the installation's secret and for this owner only."""

    __tablename__ = "own_models"

    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"), primary_key=True)
    provider: Mapped[str] = mapped_column(String(32))
    model: Mapped[str] = mapped_column(String(128))
    api_base: Mapped[str] = mapped_column(default="")
    sealed_key: Mapped[bytes] = mapped_column(LargeBinary)
    tested_at: Mapped[datetime] = mapped_column(default=now)


class PipelineConfigRow(Base):
    """One version of a learner's pipeline settings; the highest number holds, the others are kept."""

    __tablename__ = "pipeline_configs"

    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(default=now)


class ModelUsageRow(Base):
    """What a model did for a learner on a day (UTC); `is_own` is what the learner's own key paid for."""

    __tablename__ = "model_usage"

    owner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"), primary_key=True)
    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    model: Mapped[str] = mapped_column(String(160), primary_key=True)
    is_own: Mapped[bool] = mapped_column(primary_key=True)
    calls: Mapped[int] = mapped_column(default=0)
    read: Mapped[int] = mapped_column(default=0)
    """Tokens."""
    written: Mapped[int] = mapped_column(default=0)
    """Tokens."""
    dollars: Mapped[float] = mapped_column(default=0.0)
