"""What a learner answered, as rows: read into records for tools.scores, and written once, never changed."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields, replace
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import Select, and_, exists, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.persistence.db import Database
from app.persistence.question_items import item_of
from app.persistence.tables import Attempt, Mark, QuestionItem, Quiz, QuizItem
from tools.errors import Conflict, NotFound
from tools.questions.types import Item, Marked, Mode
from tools.scores import Given, Record
from tools.types import Learner, QuizState

SEVERAL_TABS = 5
_MARKED = TypeAdapter(Marked)
_MARK = [field.name for field in fields(Marked)]

Key = tuple[str, str]
"""A quiz and an item in it."""


@dataclass(frozen=True, slots=True)
class AskedItem:
    """An item in a quiz with everything that was answered; `item.options` stand in the order shown."""

    item: Item
    row: QuizItem
    record: Record


@dataclass(frozen=True, slots=True)
class Loaded:
    """A quiz with its items in order."""

    quiz: Quiz
    asked: list[AskedItem]

    def item(self, item_id: str) -> AskedItem:
        """Raises NotFound."""
        found = next((one for one in self.asked if one.item.id == item_id), None)
        if found is None:
            raise NotFound("There is no such question in this quiz.")
        return found


class AnswerStore:
    """Attempts and marks. Every call names its owner."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def answer(self, learner: Learner, key: Key, answer: str, attempt: int | None) -> int:
        """Keep an answer and return its number. The same one sent again is the same attempt.

        Raises Conflict when the attempt of that number holds another answer.
        """
        for _ in range(SEVERAL_TABS):
            try:
                with self.database.session_of(learner) as session:
                    return _record_answer(session, learner, key, answer, attempt)
            except IntegrityError:  # another tab took this number
                continue
        raise Conflict("This question is being answered in another window. Reload to see what was answered.")

    def mark(self, learner: Learner, key: Key, attempt: int, marked: Marked, n: int = 0) -> Marked:
        """Keep a mark; the first one for its number stays, and is returned."""
        where = dict(zip(("quiz_id", "item_id"), key, strict=True)) | {"attempt": attempt, "n": n}
        try:
            with self.database.session_of(learner) as session:
                session.add(Mark(**where, owner_id=learner.id, **_MARKED.dump_python(marked, mode="json")))
        except IntegrityError:
            pass
        with self.database.session_of(learner) as session:
            return _marked(session.get_one(Mark, where))

    def history(self, learner: Learner, document_ids: Collection[str]) -> list[tuple[Item, Record]]:
        """Every item of these documents that was answered or given up, over all quizzes and rounds, oldest first."""
        attempted = exists().where(Attempt.quiz_id == QuizItem.quiz_id, Attempt.item_id == QuizItem.item_id)
        places = (
            select(QuizItem, QuestionItem, Quiz)
            .join(Quiz, Quiz.id == QuizItem.quiz_id)
            .join(QuestionItem, and_(QuestionItem.id == QuizItem.item_id, QuestionItem.owner_id == Quiz.owner_id))
            .where(Quiz.owner_id == learner.id, QuestionItem.document_id.in_(document_ids))
            .where(QuestionItem.reported.is_(None), or_(QuizItem.revealed, attempted))
        )
        with self.database.session_of(learner) as session:
            rows = session.execute(places).all()
            answers = read_answers(session, select(Quiz.id).where(Quiz.owner_id == learner.id))
        items = {question.id: item_of(question.body) for _, question, _ in rows}
        found = [(answers.when(place, quiz), place, quiz) for place, _, quiz in rows]
        found.sort(key=lambda one: one[0])
        return [(items[place.item_id], answers.record(place, quiz, items[place.item_id])) for _, place, quiz in found]


class Answers:
    """The attempts and marks of some quizzes, by item."""

    def __init__(self, attempts: Iterable[Attempt], marks: Iterable[Mark]) -> None:
        """Both in order."""
        self._attempts: defaultdict[Key, list[Attempt]] = defaultdict(list)
        self._marks: defaultdict[tuple[Key, int], list[Marked]] = defaultdict(list)
        for attempt in attempts:
            self._attempts[attempt.quiz_id, attempt.item_id].append(attempt)
        for mark in marks:
            self._marks[(mark.quiz_id, mark.item_id), mark.attempt].append(_marked(mark))

    def record(self, place: QuizItem, quiz: Quiz, item: Item, *, reported: bool = False) -> Record:
        """What was done with an item in a quiz."""
        key = place.quiz_id, place.item_id
        given = tuple(_given(one, self._marks[key, one.attempt]) for one in self._attempts[key])
        is_over = quiz.state == QuizState.FINISHED
        return Record(Mode(quiz.mode), item.kind, is_over, given, revealed=place.revealed, reported=reported)

    def when(self, place: QuizItem, quiz: Quiz) -> datetime:
        """When an item was last answered before its key was shown."""
        attempts = self._attempts[place.quiz_id, place.item_id]
        return max((one.created_at for one in attempts if not one.after_key), default=quiz.created_at)


def read_answers(session: Session, quiz_ids: Select[str]) -> Answers:
    """Everything that was answered in these quizzes."""
    attempts = session.scalars(select(Attempt).where(Attempt.quiz_id.in_(quiz_ids)).order_by(Attempt.attempt))
    marks = session.scalars(select(Mark).where(Mark.quiz_id.in_(quiz_ids)).order_by(Mark.attempt, Mark.n))
    return Answers(attempts, marks)


def read_quiz(session: Session, quiz: Quiz) -> Loaded:
    """A quiz with its items in order, and what was answered so far."""
    rows = session.execute(
        select(QuizItem, QuestionItem)
        .join(QuestionItem, and_(QuestionItem.id == QuizItem.item_id, QuestionItem.owner_id == quiz.owner_id))
        .where(QuizItem.quiz_id == quiz.id)
        .order_by(QuizItem.position)
    ).all()
    answers = read_answers(session, select(Quiz.id).where(Quiz.id == quiz.id))
    return Loaded(quiz, [_asked(place, quiz, question, answers) for place, question in rows])


def _asked(place: QuizItem, quiz: Quiz, question: QuestionItem, answers: Answers) -> AskedItem:
    item = item_of(question.body)
    by_id = {option.id: option for option in item.options}
    shown = replace(item, options=tuple(by_id[id_] for id_ in place.options))
    return AskedItem(shown, place, answers.record(place, quiz, item, reported=question.reported is not None))


def _given(attempt: Attempt, marks: Iterable[Marked]) -> Given:
    return Given(
        attempt.attempt, attempt.answer, hinted=attempt.hinted, after_key=attempt.after_key, marks=tuple(marks)
    )


def _marked(mark: Mark) -> Marked:
    return _MARKED.validate_python({name: getattr(mark, name) for name in _MARK})


def _record_answer(session: Session, learner: Learner, key: Key, answer: str, attempt: int | None) -> int:
    quiz_id, item_id = key
    here = select(Attempt).where(Attempt.quiz_id == quiz_id, Attempt.item_id == item_id)
    rows = list(session.scalars(here.order_by(Attempt.attempt)))
    wanted = rows[-1:] if attempt is None else [row for row in rows if row.attempt == attempt]
    if wanted and wanted[0].answer == answer:
        return wanted[0].attempt
    if wanted and attempt is not None:
        raise Conflict("This attempt holds another answer already, perhaps from another window. Reload to see it.")
    number = len(rows) + 1
    if attempt is not None and attempt != number:
        raise Conflict(f"The next attempt at this question is number {number}.")
    _append(session, learner, key, answer, number)
    return number


def _append(session: Session, learner: Learner, key: Key, answer: str, number: int) -> None:
    """The learner's place in the quiz tells what was known before this attempt."""
    quiz_id, item_id = key
    place = session.get_one(QuizItem, key)
    hinted, after_key = place.hinted, place.revealed
    session.add(
        Attempt(
            quiz_id=quiz_id,
            item_id=item_id,
            attempt=number,
            owner_id=learner.id,
            answer=answer,
            hinted=hinted,
            after_key=after_key,
        )
    )
    session.flush()
    session.execute(
        update(QuizItem).where(QuizItem.quiz_id == quiz_id, QuizItem.item_id == item_id).values(skipped=False)
    )
