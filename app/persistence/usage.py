"""What the chat models did for each learner, by day."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select, update

from app.persistence.db import Database, insert_if_new
from app.persistence.tables import ModelUsageRow
from tools.types import Learner


@dataclass(frozen=True, slots=True)
class Spent:
    """What one answer took, in tokens and dollars, None where the price is not known; `is_own` paid the learner."""

    model: str
    is_own: bool
    read: int
    written: int
    dollars: float | None


@dataclass(frozen=True, slots=True)
class Total:
    """Of a day; what has no known price counts nothing in `dollars`."""

    tokens: int
    dollars: float


class UsageStore:
    """Counts in the database, so that all processes see one sum."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, learner: Learner, spent: Spent) -> None:
        """Count one answer for today."""
        key = {"owner_id": learner.id, "day": today(), "model": spent.model[:160], "is_own": spent.is_own}
        new: dict[str, Any] = {
            "calls": 1, "read": spent.read, "written": spent.written, "dollars": spent.dollars or 0.0,
        }  # fmt: skip
        with self._database.session_of(learner) as session:
            session.execute(insert_if_new(session, ModelUsageRow).values(key | dict.fromkeys(new, 0)))
            more = {name: getattr(ModelUsageRow, name) + value for name, value in new.items()}
            session.execute(update(ModelUsageRow).filter_by(**key).values(more))

    def today(self, learner: Learner) -> Total:
        """What the operator pays for a learner's day so far."""
        tokens = func.coalesce(func.sum(ModelUsageRow.read + ModelUsageRow.written), 0)
        query = select(tokens, func.coalesce(func.sum(ModelUsageRow.dollars), 0.0)).where(
            ModelUsageRow.owner_id == learner.id, ModelUsageRow.day == today(), ~ModelUsageRow.is_own
        )
        with self._database.session_of(learner) as session:
            return Total(*session.execute(query).one())


def today() -> str:
    """The day in UTC, as it is kept."""
    return datetime.now(UTC).date().isoformat()
