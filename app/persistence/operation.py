"""What an operator wants to know: how much is used, asked, waiting and failing. No learner is named."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import quantiles
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.persistence.db import Database, Service
from app.persistence.tables import Document, Feedback, LearnerRow, ModelUsageRow, PipelineRun, Process, Query, Quiz
from tools.names import name_key
from tools.types import QueryState, QuizState

NEWEST = 5_000
"""So many queries tell latencies and popular questions."""
POPULAR = 10
ENOUGH_LEARNERS = 2
"""Where there are several learners, so many must have asked a question before the operator sees its words."""


@dataclass(frozen=True, slots=True)
class Popular:
    """A question in the words in which it was asked last."""

    question: str
    times: int


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds of a part of a turn: half of `count`, and 19 of 20, took no longer."""

    part: str
    count: int
    median: int
    p95: int


@dataclass(frozen=True, slots=True)
class Day:
    """The questions of one day, as the database counts days."""

    date: str
    questions: int
    refused: int
    failed: int


@dataclass(frozen=True, slots=True)
class Usage:
    """What happened in a span of time; `learners` were active in it, `dollars` what models of a known price cost."""

    learners: int
    questions: int
    refused: int
    failed: int
    documents: int
    quizzes: int
    thumbs_up: int
    thumbs_down: int
    tokens: int
    dollars: float
    routes: dict[str, int]
    models: dict[str, int]
    errors: dict[str, int]
    days: tuple[Day, ...]


@dataclass(frozen=True, slots=True)
class Work:
    """What there is now: jobs by state, quizzes being written, living processes by role."""

    jobs: dict[str, int]
    writing: int
    processes: dict[str, int]


@dataclass(frozen=True, slots=True)
class Holdings:
    """What is kept, in `bytes` of originals."""

    learners: int
    documents: int
    passages: int
    bytes: int


class OperationStore:
    """Counts over all learners."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def usage(self, since: datetime) -> Usage:
        """From `since` on."""
        asked = Query.created_at >= since
        with self._database.service_session(Service.OPERATOR) as session:
            questions, refused, failed = session.execute(select(*_questions()).where(asked)).one()
            tokens, dollars = _spent(session, since)
            thumbs = _by(session, Feedback.value, Feedback.created_at >= since)
            return Usage(
                learners=session.scalar(select(func.count(Query.owner_id.distinct())).where(asked)) or 0,
                questions=questions,
                refused=refused,
                failed=failed,
                documents=_count(session, Document.created_at >= since),
                quizzes=_count(session, Quiz.created_at >= since),
                thumbs_up=thumbs.get("1", 0),
                thumbs_down=thumbs.get("0", 0),
                tokens=tokens,
                dollars=dollars,
                routes=_by(session, Query.route, asked),
                models=_by(session, Query.model, asked),
                errors=_by(session, PipelineRun.error_code, PipelineRun.finished_at >= since)
                | _by(session, Quiz.error, Quiz.created_at >= since),
                days=_days(session, since),
            )

    def popular(self, since: datetime) -> list[Popular]:
        """Questions that were asked more than once, most often first."""
        columns = select(Query.question, Query.owner_id).where(Query.created_at >= since)
        with self._database.service_session(Service.OPERATOR) as session:
            rows = session.execute(columns.order_by(Query.created_at.desc()).limit(NEWEST)).all()
            several = (session.scalar(select(func.count()).select_from(LearnerRow)) or 0) > 1
        return _most_asked(rows, ENOUGH_LEARNERS if several else 1)

    def latencies(self, since: datetime) -> list[Latency]:
        """Of each part of a turn, and of the whole, the slowest first."""
        columns = select(Query.milliseconds).where(Query.created_at >= since, Query.state == QueryState.DONE)
        with self._database.service_session(Service.OPERATOR) as session:
            taken = session.scalars(columns.order_by(Query.created_at.desc()).limit(NEWEST)).all()
        return _latencies(taken)

    def work(self) -> Work:
        """What waits and runs now."""
        with self._database.service_session(Service.OPERATOR) as session:
            jobs, processes = _by(session, PipelineRun.state), _by(session, Process.role)
            return Work(jobs, _count(session, Quiz.state == QuizState.WRITING), processes)

    def stored(self) -> Holdings:
        """All that is kept."""
        with self._database.service_session(Service.OPERATOR) as session:
            learners = session.scalar(select(func.count()).select_from(LearnerRow)) or 0
            sums = _sum(Document.passage_count), _sum(Document.size)
            documents, passages, size = session.execute(select(func.count(Document.id), *sums)).one()
        return Holdings(learners, documents, passages, int(size))


def _spent(session: Session, since: datetime) -> tuple[int, float]:
    """Tokens and dollars by the day, since that is how they are kept."""
    sums = select(_sum(ModelUsageRow.read + ModelUsageRow.written), _sum(ModelUsageRow.dollars))
    tokens, dollars = session.execute(sums.where(ModelUsageRow.day >= since.date().isoformat())).one()
    return int(tokens), round(float(dollars), 4)


def _sum(column: Any) -> Any:
    return func.coalesce(func.sum(column), 0)


def _questions() -> tuple[Any, Any, Any]:
    """All, those refused, and those failed."""
    failed = func.count().filter(Query.state == QueryState.FAILED)
    return func.count(), func.count().filter(Query.refused), failed


def _days(session: Session, since: datetime) -> tuple[Day, ...]:
    day = func.date(Query.created_at)
    rows = session.execute(select(day, *_questions()).where(Query.created_at >= since).group_by(day).order_by(day))
    return tuple(Day(str(date), questions, refused, failed) for date, questions, refused, failed in rows)


def _by(session: Session, column: InstrumentedAttribute[Any], *where: Any) -> dict[str, int]:
    """How many rows have each value, the most frequent first."""
    counted = select(column, func.count()).where(column.is_not(None), *where).group_by(column)
    return {str(row[0]): int(row[1]) for row in session.execute(counted.order_by(func.count().desc()))}


def _count(session: Session, where: Any) -> int:
    return session.scalar(select(func.count()).where(where)) or 0


def _most_asked(rows: Sequence[Any], enough: int) -> list[Popular]:
    words: dict[str, str] = {}
    askers: dict[str, list[str]] = {}
    for question, owner_id in rows:
        key = name_key(question).rstrip("?!. ")
        words.setdefault(key, question)
        askers.setdefault(key, []).append(owner_id)
    known = [key for key, who in askers.items() if len(who) > 1 and len(set(who)) >= enough]
    return [Popular(words[key], len(askers[key])) for key in sorted(known, key=lambda key: -len(askers[key]))[:POPULAR]]


def _latencies(taken: Sequence[dict[str, Any]]) -> list[Latency]:
    parts: dict[str, list[int]] = {}
    for one in filter(None, taken):
        for part, milliseconds in {**one, "whole turn": sum(one.values())}.items():
            parts.setdefault(part, []).append(milliseconds)
    told = [_latency(part, milliseconds) for part, milliseconds in parts.items()]
    return sorted(told, key=lambda one: -one.p95)


def _latency(part: str, milliseconds: list[int]) -> Latency:
    if len(milliseconds) == 1:
        return Latency(part, 1, milliseconds[0], milliseconds[0])
    cuts = quantiles(milliseconds, n=20, method="inclusive")
    return Latency(part, len(milliseconds), round(cuts[9]), round(cuts[18]))
