"""Quizzes as work: who writes one, how far it is, and how the writing ended."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Update, func, select, update

from app.persistence.db import Database, Service
from app.persistence.fairness import next_in_turn
from app.persistence.processes import nobodys
from app.persistence.tables import Quiz, QuizItem, now
from tools.errors import NotFound
from tools.types import Learner, QuizState


@dataclass(frozen=True, slots=True)
class Taken:
    """A quiz in the hands of a writer; `done` of its questions were there before."""

    quiz: Quiz
    done: int


@dataclass(frozen=True, slots=True)
class WritingOutcome:
    """How the writing ended: what the learner should know, and the code of what kept it from giving any question."""

    reason: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """How far a quiz is."""

    state: QuizState
    done: int
    requested: int
    outcome: WritingOutcome


class WritingStore:
    """Quizzes that are being written, each by one process at a time; whoever lost one can write nothing to it."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def take_next(self, writer: str) -> Taken | None:
        """Take the quiz whose turn it is; None when there is nothing to do."""
        while (quiz_id := self._next()) is not None:
            if (taken := self.take(quiz_id, writer)) is not None:
                return taken
        return None

    def _next(self) -> str | None:
        with self.database.service_session(Service.WORKER) as session:
            return next_in_turn(session, Quiz, _is_waiting(), _is_being_written, Quiz.taken_at)

    def take(self, quiz_id: str, writer: str) -> Taken | None:
        """None when nobody needs to write it."""
        free = _writing().where(Quiz.id == quiz_id, Quiz.writer.is_(None))
        with self.database.service_session(Service.WORKER) as session:
            if not _count(session.execute(free.values(writer=writer, attempts=Quiz.attempts + 1, taken_at=now()))):
                return None
            return Taken(session.get_one(Quiz, quiz_id), session.scalar(select(_items(quiz_id))) or 0)

    def is_mine(self, quiz_id: str, writer: str) -> bool:
        """Whether this writer is to go on: nobody stopped it, and nobody took it for dead."""
        mine = select(Quiz.id).where(Quiz.id == quiz_id, Quiz.writer == writer, Quiz.state == QuizState.WRITING)
        with self.database.service_session(Service.WORKER) as session:
            return session.scalar(mine) is not None

    def note(self, quiz_id: str, writer: str, notice: str) -> None:
        """Tell the learner something while the writing goes on."""
        with self.database.service_session(Service.WORKER) as session:
            session.execute(_held(quiz_id, writer).values(reason=notice))

    def release(self, quiz_id: str, writer: str) -> None:
        """Leave the rest of it to another writer."""
        with self.database.service_session(Service.WORKER) as session:
            session.execute(_held(quiz_id, writer).values(writer=None))

    def end(self, quiz_id: str, writer: str, outcome: WritingOutcome, at: datetime) -> None:
        """Open the quiz; without a single question it is over before it began, and the error is kept."""
        with self.database.service_session(Service.WORKER) as session:
            if session.scalar(select(_items(quiz_id))):
                ending: dict[str, Any] = {"state": QuizState.OPEN, "started_at": func.coalesce(Quiz.started_at, at)}
            else:
                ending = {"state": QuizState.FINISHED, "finished_at": at, "error": outcome.error}
            session.execute(_held(quiz_id, writer).values(reason=outcome.reason, writer=None, **ending))

    def progress(self, learner: Learner, quiz_id: str) -> Written:
        """How far it is, whoever writes it. Raises NotFound."""
        row = select(Quiz.state, _items(quiz_id), Quiz.requested, Quiz.reason, Quiz.error)
        with self.database.session_of(learner) as session:
            found = session.execute(row.where(Quiz.id == quiz_id, Quiz.owner_id == learner.id)).one_or_none()
        if found is None:
            raise NotFound("There is no such quiz among yours.")
        state, done, requested, reason, error = found
        return Written(QuizState(state), done, requested, WritingOutcome(reason, error))

    def waiting(self) -> list[str]:
        """The quizzes that nobody writes, oldest first."""
        waiting = select(Quiz.id).where(_is_waiting())
        with self.database.service_session(Service.WATCHDOG) as session:
            return list(session.scalars(waiting.order_by(Quiz.created_at)))

    def let_go(self) -> list[str]:
        """Put back what dead writers had in hand; returns those quizzes."""
        return self._free(_writing().where(Quiz.writer.is_not(None), nobodys(Quiz.writer)))

    def let_go_but(self, writer: str, active: Collection[str]) -> list[str]:
        """Put back what stands in a writer's name, apart from what it is at; returns those quizzes."""
        return self._free(_writing().where(Quiz.writer == writer, Quiz.id.not_in(tuple(active))))

    def _free(self, held: Update) -> list[str]:
        with self.database.service_session(Service.WATCHDOG) as session:
            return list(session.scalars(held.values(writer=None).returning(Quiz.id)))


def _is_waiting() -> ColumnElement[bool]:
    return (Quiz.state == QuizState.WRITING) & Quiz.writer.is_(None)


def _is_being_written(row: type[Quiz]) -> ColumnElement[bool]:
    return (row.state == QuizState.WRITING) & row.writer.is_not(None)


def _writing() -> Update:
    return update(Quiz).where(Quiz.state == QuizState.WRITING)


def _held(quiz_id: str, writer: str) -> Update:
    return _writing().where(Quiz.id == quiz_id, Quiz.writer == writer)


def _items(quiz_id: str) -> ScalarSelect[int]:
    return select(func.count()).select_from(QuizItem).where(QuizItem.quiz_id == quiz_id).scalar_subquery()


def _count(result: Any) -> int:
    return int(result.rowcount)
