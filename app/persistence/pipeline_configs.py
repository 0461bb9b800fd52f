"""The pipeline settings of learners, version by version."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.persistence.db import Database, is_taken
from app.persistence.tables import Document, PipelineConfigRow
from tools.errors import Conflict, NotFound
from tools.types import JobState, Learner


class PipelineConfigStore:
    """Versions count from 1 for each learner, and never change; 0 is the file."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def latest(self, learner: Learner) -> tuple[int, dict[str, Any]]:
        """Version and settings; 0 and nothing for a learner who has none."""
        query = select(PipelineConfigRow).where(PipelineConfigRow.owner_id == learner.id)
        with self._database.session_of(learner) as session:
            row = session.scalar(query.order_by(PipelineConfigRow.version.desc()).limit(1))
        return (row.version, row.body) if row else (0, {})

    def get(self, learner: Learner, version: int) -> dict[str, Any]:
        """Raises NotFound."""
        with self._database.session_of(learner) as session:
            row = session.get(PipelineConfigRow, (learner.id, version))
        if row is None:
            raise NotFound("There is no such version of your settings.")
        return row.body

    def add(self, learner: Learner, after: int, body: dict[str, Any]) -> int:
        """Keep a new version; returns its number. Raises Conflict when `after` is not the latest any more."""
        try:
            with self._database.session_of(learner) as session:
                query = select(func.max(PipelineConfigRow.version)).where(PipelineConfigRow.owner_id == learner.id)
                if (session.scalar(query) or 0) != after:
                    raise Conflict("These settings were changed meanwhile: load them again.")
                session.add(PipelineConfigRow(owner_id=learner.id, version=after + 1, body=body))
        except IntegrityError as error:
            if is_taken(error):
                raise Conflict("These settings were changed meanwhile: load them again.") from error
            raise
        return after + 1

    def read_by(self, learner: Learner) -> list[tuple[str, int]]:
        """The ready documents of a learner, each with the version by which it was read."""
        query = select(Document.id, Document.config_version).where(
            Document.owner_id == learner.id, Document.state == JobState.READY, Document.superseded_by.is_(None)
        )
        with self._database.session_of(learner) as session:
            return [(row[0], row[1]) for row in session.execute(query.order_by(Document.created_at))]
