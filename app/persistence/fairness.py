"""Whose turn it is among learners whose work waits, so that one with fifty books does not starve the others."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from app.persistence.tables import PipelineRun, Quiz

Rows = type[PipelineRun] | type[Quiz]


def next_in_turn(
    session: Session,
    rows: Rows,
    waits: ColumnElement[bool],
    in_hand: Callable[[Any], ColumnElement[bool]],
    taken_at: InstrumentedAttribute[Any],
) -> str | None:
    """The id of the oldest row that waits, of the learner who has least in hand and was served longest ago."""
    other = aliased(rows)
    of_learner = select(func.count()).select_from(other).where(other.owner_id == rows.owner_id)
    held = of_learner.where(in_hand(other)).scalar_subquery()
    served = of_learner.with_only_columns(func.max(getattr(other, taken_at.key))).scalar_subquery()
    turn = held, served.nulls_first(), func.min(rows.created_at)
    learner = select(rows.owner_id).where(waits).group_by(rows.owner_id).order_by(*turn).limit(1)
    oldest = select(rows.id).where(waits, rows.owner_id == learner.scalar_subquery())
    found: str | None = session.scalar(oldest.order_by(rows.created_at, rows.id).limit(1))
    return found
