"""Quizzes and their items. Every call names its owner."""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.persistence.answers import AnswerStore, Loaded, read_quiz
from app.persistence.db import Database, Service
from app.persistence.question_items import item_of, row_of, with_own_option_ids
from app.persistence.tables import QuestionItem, Quiz, QuizItem, now
from tools.errors import Conflict, NotFound
from tools.questions.order import shown
from tools.questions.types import Item, Mode
from tools.types import QuizState

SILENT_AFTER = timedelta(seconds=60)
"""A quiz whose writer gave no sign for so long is taken as it is."""

Others = Callable[[Collection[str]], list[Item]]
"""The learner's items apart from those of these ids."""
IsNew = Callable[[Others], bool]


class _AskedBefore(Exception):
    """Undoes a claim."""


class QuizStore:
    """Quizzes, the questions in them, and those that a learner was ever given."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.answers = AnswerStore(database)

    def create(self, quiz: Quiz) -> None:
        with self.database.session_of(quiz.owner_id) as session:
            session.add(quiz)

    def discard(self, owner_id: str, quiz_id: str) -> None:
        """Forget a quiz that has no questions."""
        filled = select(QuizItem.quiz_id).where(QuizItem.quiz_id == quiz_id)
        with self.database.session_of(owner_id) as session:
            session.execute(delete(Quiz).where(_own(owner_id, quiz_id), ~filled.exists()))

    def get(self, owner_id: str, quiz_id: str) -> Quiz:
        with self.database.session_of(owner_id) as session:
            return _quiz(session, owner_id, quiz_id)

    def mine(
        self, owner_id: str, *, state: QuizState | None = None, thread_id: str | None = None
    ) -> list[tuple[Quiz, int]]:
        """The latest 100 with the number of their items, newest first."""
        count = select(func.count()).where(QuizItem.quiz_id == Quiz.id).scalar_subquery()
        query = select(Quiz, count).where(Quiz.owner_id == owner_id)
        if state:
            query = query.where(Quiz.state == state)
        if thread_id:
            query = query.where(Quiz.thread_id == thread_id)
        with self.database.session_of(owner_id) as session:
            return [(row[0], row[1]) for row in session.execute(query.order_by(Quiz.created_at.desc()).limit(100))]

    def load(self, owner_id: str, quiz_id: str) -> Loaded:
        with self.database.session_of(owner_id) as session:
            return read_quiz(session, _quiz(session, owner_id, quiz_id))

    def touch(self, owner_id: str, quiz_id: str) -> None:
        with self.database.session_of(owner_id) as session:
            session.execute(update(Quiz).where(_own(owner_id, quiz_id)).values(touched_at=now()))

    def settle(self, owner_id: str, quiz_id: str, reason: str | None, at: datetime) -> None:
        """The writing is over: the quiz is open, and its clock runs if it did not yet."""
        with self.database.session_of(owner_id) as session:
            session.execute(
                update(Quiz)
                .where(_own(owner_id, quiz_id), Quiz.state == QuizState.WRITING)
                .values(state=QuizState.OPEN, reason=reason)
            )
        self.begin(owner_id, quiz_id, at)

    def interrupt(self, reason: str, at: datetime) -> None:
        """The writing of every quiz is over, as `settle` for one; a quiz without a question is finished."""
        being_written = update(Quiz).where(Quiz.state == QuizState.WRITING)
        is_empty = ~select(QuizItem.quiz_id).where(QuizItem.quiz_id == Quiz.id).exists()
        begun = func.coalesce(Quiz.started_at, at)
        with self.database.service_session(Service.WATCHDOG) as session:
            session.execute(
                being_written.where(is_empty).values(state=QuizState.FINISHED, reason=reason, finished_at=at)
            )
            session.execute(being_written.values(state=QuizState.OPEN, reason=reason, started_at=begun))

    def begin(self, owner_id: str, quiz_id: str, at: datetime) -> None:
        """Start a quiz's clock, once."""
        with self.database.session_of(owner_id) as session:
            session.execute(
                update(Quiz).where(_own(owner_id, quiz_id), Quiz.started_at.is_(None)).values(started_at=at)
            )

    def finish(self, owner_id: str, quiz_id: str, at: datetime) -> bool:
        """End a quiz once; False when it was over already."""
        with self.database.session_of(owner_id) as session:
            ended = update(Quiz).where(_own(owner_id, quiz_id), Quiz.state != QuizState.FINISHED)
            return bool(_count(session.execute(ended.values(state=QuizState.FINISHED, finished_at=at))))

    def claim(
        self,
        owner_id: str,
        item: Item,
        quiz_id: str | None = None,
        states: Collection[QuizState] = (QuizState.WRITING,),
        is_new: IsNew = lambda others: True,
    ) -> Item | None:
        """Make an item this learner's, at the end of a quiz if one is given; None when it was asked before.

        Whichever process comes second gets None: the unique keys of the row decide, and `is_new`, which is asked
        while no other process can write, with the learner's other items. Raises Conflict when the quiz is not in one of
        these states any more.
        """
        item = with_own_option_ids(item)
        try:
            with self.database.session_of(owner_id) as session:
                if self.database.engine.dialect.name == "postgresql":
                    session.execute(select(func.pg_advisory_xact_lock(func.hashtext(owner_id))))
                session.add(row_of(owner_id, item))
                session.flush()
                if not is_new(_others(session, owner_id, but=item.id)):
                    raise _AskedBefore
                if quiz_id is not None:
                    _append(session, quiz_id, item, states)
        except (IntegrityError, _AskedBefore):
            return None
        return item

    def append(self, owner_id: str, quiz_id: str, items: Sequence[Item]) -> None:
        """Put items that the learner knows already into a quiz that is being written."""
        with self.database.session_of(owner_id) as session:
            for item in items:
                _append(session, quiz_id, item, (QuizState.WRITING,))
                session.flush()

    def known(self, owner_id: str) -> list[Item]:
        """Every item this learner was ever given, reported ones too."""
        with self.database.session_of(owner_id) as session:
            return [item_of(body) for body in session.scalars(_bodies(owner_id))]

    def others(self, owner_id: str) -> Others:
        def others(seen: Collection[str]) -> list[Item]:
            with self.database.session_of(owner_id) as session:
                return _others(session, owner_id)(seen)

        return others

    def held(self, owner_id: str) -> set[str]:
        """Items whose answers a quiz that is not over holds back."""
        running = select(Quiz.id).where(
            Quiz.owner_id == owner_id, Quiz.mode == Mode.QUIZ, Quiz.state != QuizState.FINISHED
        )
        with self.database.session_of(owner_id) as session:
            return set(session.scalars(select(QuizItem.item_id).where(QuizItem.quiz_id.in_(running))))

    def question(self, owner_id: str, item_id: str) -> Item:
        with self.database.session_of(owner_id) as session:
            row = session.get(QuestionItem, (owner_id, item_id))
            if row is None or row.reported is not None:
                raise NotFound("There is no such question among yours.")
            return item_of(row.body)

    def report(self, owner_id: str, item_id: str, reason: str) -> None:
        """A bad question: it counts no more, and never comes again."""
        with self.database.session_of(owner_id) as session:
            row = session.get(QuestionItem, (owner_id, item_id))
            if row is None:
                raise NotFound("There is no such question among yours.")
            row.reported = reason

    def set_place(self, owner_id: str, quiz_id: str, item_id: str, **values: bool) -> None:
        """Flag, skip, hint given, answer shown."""
        with self.database.session_of(owner_id) as session:
            session.execute(
                update(QuizItem).where(QuizItem.quiz_id == quiz_id, QuizItem.item_id == item_id).values(**values)
            )


def _own(owner_id: str, quiz_id: str) -> ColumnElement[bool]:
    return and_(Quiz.id == quiz_id, Quiz.owner_id == owner_id)


def _bodies(owner_id: str) -> Select[tuple[dict[str, Any]]]:
    return select(QuestionItem.body).where(QuestionItem.owner_id == owner_id).order_by(QuestionItem.created_at)


def _others(session: Session, owner_id: str, but: str = "") -> Others:
    def others(seen: Collection[str]) -> list[Item]:
        ids = set(session.scalars(select(QuestionItem.id).where(QuestionItem.owner_id == owner_id)))
        unseen = ids.difference(seen, [but])
        return [item_of(body) for body in session.scalars(_bodies(owner_id).where(QuestionItem.id.in_(unseen)))]

    return others


def _quiz(session: Session, owner_id: str, quiz_id: str) -> Quiz:
    row = session.get(Quiz, quiz_id)
    if row is None or row.owner_id != owner_id:
        raise NotFound("There is no such quiz among yours.")
    return row


def _append(session: Session, quiz_id: str, item: Item, states: Collection[QuizState]) -> None:
    """Put an item at the end, its options shuffled so that over a quiz the right ones are spread evenly."""
    # The write comes first: it makes the transaction the only writer, so that the position is free.
    touched = session.execute(update(Quiz).where(Quiz.id == quiz_id, Quiz.state.in_(states)).values(touched_at=now()))
    if not _count(touched):
        raise Conflict("This quiz takes no more questions.")
    rows = session.execute(
        select(QuizItem.options, QuestionItem.body)
        .join(QuestionItem, QuestionItem.id == QuizItem.item_id)
        .join(Quiz, and_(Quiz.id == QuizItem.quiz_id, Quiz.owner_id == QuestionItem.owner_id))
        .where(QuizItem.quiz_id == quiz_id)
    ).all()
    alike = [(options, body["key"][0]) for options, body in rows if len(options) == len(item.options)]
    used = Counter(options.index(key) for options, key in alike if key in options)
    position = len(rows) + 1
    session.add(QuizItem(quiz_id=quiz_id, item_id=item.id, position=position, options=shown(item, used)))


def _count(result: Any) -> int:
    return int(result.rowcount)
