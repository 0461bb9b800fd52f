"""Quizzes and their items. Every call names its owner."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.persistence.answers import AnswerStore, Loaded, read_quiz
from app.persistence.db import Database, take_turns
from app.persistence.question_items import item_of, row_of, with_own_option_ids
from app.persistence.tables import QuestionItem, Quiz, QuizItem
from tools.errors import Conflict, NotFound
from tools.questions.order import shown
from tools.questions.types import Item, Mode
from tools.types import Learner, QuizState


class Overtaken(Exception):
    """The learner was asked something meanwhile that the claimer has not compared with."""


@dataclass(frozen=True, slots=True)
class Slot:
    """The end of a quiz: for its writer as long as it is his, or for anybody as long as the quiz is not over."""

    quiz_id: str
    writer: str | None = None

    def is_free(self) -> ColumnElement[bool]:
        """The condition on the quiz's row."""
        if self.writer is None:
            return and_(Quiz.id == self.quiz_id, Quiz.state != QuizState.FINISHED)
        return and_(Quiz.id == self.quiz_id, Quiz.state == QuizState.WRITING, Quiz.writer == self.writer)


class QuizStore:
    """Quizzes, the questions in them, and those that a learner was ever given."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.answers = AnswerStore(database)

    def create(self, quiz: Quiz, items: Sequence[Item] = ()) -> None:
        """A new quiz, perhaps of questions that the learner knows already."""
        learner = Learner(quiz.owner_id)
        with self.database.session_of(learner) as session:
            session.add(quiz)
            session.flush()
            for item in items:
                _append(session, learner, Slot(quiz.id), item)
                session.flush()

    def discard(self, learner: Learner, quiz_id: str) -> None:
        """Forget a quiz that has no questions."""
        filled = select(QuizItem.quiz_id).where(QuizItem.quiz_id == quiz_id)
        with self.database.session_of(learner) as session:
            session.execute(delete(Quiz).where(_own(learner, quiz_id), ~filled.exists()))

    def get(self, learner: Learner, quiz_id: str) -> Quiz:
        """The quiz's row. Raises NotFound, also for another learner's."""
        with self.database.session_of(learner) as session:
            return _quiz(session, learner, quiz_id)

    def mine(
        self, learner: Learner, *, state: QuizState | None = None, thread_id: str | None = None
    ) -> list[tuple[Quiz, int]]:
        """The latest 100 with the number of their items, newest first."""
        count = select(func.count()).where(QuizItem.quiz_id == Quiz.id).scalar_subquery()
        query = select(Quiz, count).where(Quiz.owner_id == learner.id)
        if state:
            query = query.where(Quiz.state == state)
        if thread_id:
            query = query.where(Quiz.thread_id == thread_id)
        with self.database.session_of(learner) as session:
            return [(row[0], row[1]) for row in session.execute(query.order_by(Quiz.created_at.desc()).limit(100))]

    def load(self, learner: Learner, quiz_id: str) -> Loaded:
        """A quiz with its questions and answers. Raises NotFound, also for another learner's."""
        with self.database.session_of(learner) as session:
            return read_quiz(session, _quiz(session, learner, quiz_id))

    def settle(self, learner: Learner, quiz_id: str, reason: str | None, at: datetime) -> None:
        """The writing is over: the quiz is open, and its clock runs if it did not yet."""
        with self.database.session_of(learner) as session:
            session.execute(
                update(Quiz)
                .where(_own(learner, quiz_id), Quiz.state == QuizState.WRITING)
                .values(state=QuizState.OPEN, reason=reason)
            )
        self.begin(learner, quiz_id, at)

    def begin(self, learner: Learner, quiz_id: str, at: datetime) -> None:
        """Start a quiz's clock, once."""
        with self.database.session_of(learner) as session:
            session.execute(update(Quiz).where(_own(learner, quiz_id), Quiz.started_at.is_(None)).values(started_at=at))

    def finish(self, learner: Learner, quiz_id: str, at: datetime) -> bool:
        """End a quiz once; False when it was over already."""
        with self.database.session_of(learner) as session:
            ended = update(Quiz).where(_own(learner, quiz_id), Quiz.state != QuizState.FINISHED)
            return bool(_count(session.execute(ended.values(state=QuizState.FINISHED, finished_at=at))))

    def claim(
        self, learner: Learner, item: Item, slot: Slot | None = None, compared: Collection[str] | None = None
    ) -> Item | None:
        """Make an item this learner's, at the end of a quiz if one is given; None when it was asked before.

        Whichever process comes second gets None: the unique keys of the row decide. Raises Overtaken when the learner
        has items that are not among those `compared`, and Conflict when the quiz takes no more questions.
        """
        item = with_own_option_ids(item)
        try:
            with self.database.session_of(learner) as session:
                take_turns(session, learner)
                session.add(row_of(learner, item))
                session.flush()
                if compared is not None and _ids(session, learner).difference(compared, [item.id]):
                    raise Overtaken
                if slot is not None:
                    _append(session, learner, slot, item)
        except IntegrityError:
            return None
        return item

    def others(self, learner: Learner, known: Collection[str] = ()) -> list[Item]:
        """Every item this learner was ever given, reported ones too, apart from those of these ids; oldest first."""
        bodies = select(QuestionItem.body).where(QuestionItem.owner_id == learner.id).order_by(QuestionItem.created_at)
        with self.database.session_of(learner) as session:
            unknown = _ids(session, learner).difference(known)
            return [item_of(body) for body in session.scalars(bodies.where(QuestionItem.id.in_(unknown)))]

    def held(self, learner: Learner) -> set[str]:
        """Items whose answers a quiz that is not over holds back."""
        running = select(Quiz.id).where(
            Quiz.owner_id == learner.id, Quiz.mode == Mode.QUIZ, Quiz.state != QuizState.FINISHED
        )
        with self.database.session_of(learner) as session:
            return set(session.scalars(select(QuizItem.item_id).where(QuizItem.quiz_id.in_(running))))

    def question(self, learner: Learner, item_id: str) -> Item:
        """One of the learner's items. Raises NotFound, also for one that was reported."""
        with self.database.session_of(learner) as session:
            row = session.get(QuestionItem, (learner.id, item_id))
            if row is None or row.reported is not None:
                raise NotFound("There is no such question among yours.")
            return item_of(row.body)

    def report(self, learner: Learner, item_id: str, reason: str) -> None:
        """A bad question: it counts no more, and never comes again."""
        with self.database.session_of(learner) as session:
            row = session.get(QuestionItem, (learner.id, item_id))
            if row is None:
                raise NotFound("There is no such question among yours.")
            row.reported = reason

    def set_place(self, learner: Learner, quiz_id: str, item_id: str, **values: bool) -> None:
        """Flag, skip, hint given, answer shown."""
        with self.database.session_of(learner) as session:
            session.execute(
                update(QuizItem).where(QuizItem.quiz_id == quiz_id, QuizItem.item_id == item_id).values(**values)
            )


def _own(learner: Learner, quiz_id: str) -> ColumnElement[bool]:
    return and_(Quiz.id == quiz_id, Quiz.owner_id == learner.id)


def _ids(session: Session, learner: Learner) -> set[str]:
    return set(session.scalars(select(QuestionItem.id).where(QuestionItem.owner_id == learner.id)))


def _quiz(session: Session, learner: Learner, quiz_id: str) -> Quiz:
    row = session.get(Quiz, quiz_id)
    if row is None or row.owner_id != learner.id:
        raise NotFound("There is no such quiz among yours.")
    return row


def _append(session: Session, learner: Learner, slot: Slot, item: Item) -> None:
    """Put an item at the end, its options shuffled so that over a quiz the right ones are spread evenly."""
    # The write comes first: it makes the transaction the only writer, so that the position is free.
    quiz_id = slot.quiz_id
    if not _count(session.execute(update(Quiz).where(slot.is_free()).values(requested=Quiz.requested))):
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
    options = shown(item, used)
    session.add(QuizItem(quiz_id=quiz_id, item_id=item.id, owner_id=learner.id, position=position, options=options))


def _count(result: Any) -> int:
    return int(result.rowcount)
