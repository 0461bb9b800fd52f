"""Quizzes, their items, and what the learner answered. Every call names its owner."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Select, and_, delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.persistence.db import Database
from app.persistence.tables import Attempt, Mark, QuestionItem, Quiz, QuizItem, now
from tools.errors import Conflict, NotFound
from tools.questions.order import shown
from tools.questions.types import Evidence, Item, Kind, Marked, Mode, Verdict
from tools.types import QuizState
from tools.words import folded

SILENT_AFTER = timedelta(seconds=60)
"""A quiz whose writer gave no sign for so long is taken as it is."""
SEVERAL_TABS = 5

_ITEM = TypeAdapter(Item)

Others = Callable[[Collection[str]], list[Item]]
"""The learner's items apart from those of these ids."""
IsNew = Callable[[Others], bool]

_SAID = re.compile(r"\w+|[+*/=<>^\u00d7\u00f7\u2212]")


class _AskedBefore(Exception):
    """Undoes a claim."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An item in a quiz with everything that was answered; `item.options` stand in the order shown."""

    item: Item
    row: QuizItem
    reported: bool = False
    attempts: tuple[Attempt, ...] = ()
    marks: tuple[Mark, ...] = ()

    @property
    def last(self) -> Attempt | None:
        return self.attempts[-1] if self.attempts else None

    def mark_of(self, attempt: int) -> Mark | None:
        """The mark that counts for an attempt: after a challenge the last one."""
        return next((mark for mark in reversed(self.marks) if mark.attempt == attempt), None)

    @property
    def mark(self) -> Mark | None:
        """The mark that counts for this item."""
        return self.mark_of(self.attempts[-1].attempt) if self.attempts else None


@dataclass(frozen=True, slots=True)
class Loaded:
    quiz: Quiz
    asked: list[Asked]

    def item(self, item_id: str) -> Asked:
        found = next((one for one in self.asked if one.item.id == item_id), None)
        if found is None:
            raise NotFound("There is no such question in this quiz.")
        return found


@dataclass(slots=True)
class TopicScore:
    """How a learner did on one topic; `missed` is the evidence of what went wrong, the latest first."""

    topic: str
    score: float = 0.0
    total: int = 0
    missed: list[Evidence] = field(default_factory=list)


class QuizStore:
    def __init__(self, database: Database) -> None:
        self.database = database

    def create(self, quiz: Quiz) -> None:
        with self.database.session() as session:
            session.add(quiz)

    def discard(self, quiz_id: str) -> None:
        """Forget a quiz that has no questions."""
        filled = select(QuizItem.quiz_id).where(QuizItem.quiz_id == quiz_id)
        with self.database.session() as session:
            session.execute(delete(Quiz).where(Quiz.id == quiz_id, ~filled.exists()))

    def get(self, owner_id: str, quiz_id: str) -> Quiz:
        with self.database.session() as session:
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
        with self.database.session() as session:
            return [(row[0], row[1]) for row in session.execute(query.order_by(Quiz.created_at.desc()).limit(100))]

    def load(self, owner_id: str, quiz_id: str) -> Loaded:
        with self.database.session() as session:
            quiz = _quiz(session, owner_id, quiz_id)
            here = and_(QuestionItem.id == QuizItem.item_id, QuestionItem.owner_id == owner_id)
            rows = session.execute(
                select(QuizItem, QuestionItem)
                .join(QuestionItem, here)
                .where(QuizItem.quiz_id == quiz_id)
                .order_by(QuizItem.position)
            ).all()
            attempts = session.scalars(
                select(Attempt).where(Attempt.quiz_id == quiz_id).order_by(Attempt.attempt)
            ).all()
            marks = session.scalars(select(Mark).where(Mark.quiz_id == quiz_id).order_by(Mark.attempt, Mark.n)).all()
        return Loaded(quiz, [_asked(row, question, attempts, marks) for row, question in rows])

    def touch(self, quiz_id: str) -> None:
        with self.database.session() as session:
            session.execute(update(Quiz).where(Quiz.id == quiz_id).values(touched_at=now()))

    def settle(self, quiz_id: str, reason: str | None, at: datetime) -> None:
        """The writing is over: the quiz is open, and its clock runs if it did not yet."""
        with self.database.session() as session:
            session.execute(
                update(Quiz)
                .where(Quiz.id == quiz_id, Quiz.state == QuizState.WRITING)
                .values(state=QuizState.OPEN, reason=reason)
            )
        self.begin(quiz_id, at)

    def interrupt(self, reason: str, at: datetime) -> None:
        """The writing of every quiz is over, as `settle` for one; a quiz without a question is finished."""
        being_written = update(Quiz).where(Quiz.state == QuizState.WRITING)
        is_empty = ~select(QuizItem.quiz_id).where(QuizItem.quiz_id == Quiz.id).exists()
        begun = func.coalesce(Quiz.started_at, at)
        with self.database.session() as session:
            session.execute(
                being_written.where(is_empty).values(state=QuizState.FINISHED, reason=reason, finished_at=at)
            )
            session.execute(being_written.values(state=QuizState.OPEN, reason=reason, started_at=begun))

    def begin(self, quiz_id: str, at: datetime) -> None:
        """Start a quiz's clock, once."""
        with self.database.session() as session:
            session.execute(update(Quiz).where(Quiz.id == quiz_id, Quiz.started_at.is_(None)).values(started_at=at))

    def finish(self, quiz_id: str, at: datetime) -> bool:
        """End a quiz once; False when it was over already."""
        with self.database.session() as session:
            ended = update(Quiz).where(Quiz.id == quiz_id, Quiz.state != QuizState.FINISHED)
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
        item = _with_own_option_ids(item)
        try:
            with self.database.session() as session:
                if self.database.engine.dialect.name == "postgresql":
                    session.execute(select(func.pg_advisory_xact_lock(func.hashtext(owner_id))))
                session.add(_row(owner_id, item))
                session.flush()
                if not is_new(_others(session, owner_id, but=item.id)):
                    raise _AskedBefore
                if quiz_id is not None:
                    _append(session, quiz_id, item, states)
        except (IntegrityError, _AskedBefore):
            return None
        return item

    def append(self, quiz_id: str, items: Sequence[Item]) -> None:
        """Put items that the learner knows already into a quiz that is being written."""
        with self.database.session() as session:
            for item in items:
                _append(session, quiz_id, item, (QuizState.WRITING,))
                session.flush()

    def known(self, owner_id: str) -> list[Item]:
        """Every item this learner was ever given, reported ones too."""
        with self.database.session() as session:
            return [item_of(body) for body in session.scalars(_bodies(owner_id))]

    def others(self, owner_id: str) -> Others:
        def others(seen: Collection[str]) -> list[Item]:
            with self.database.session() as session:
                return _others(session, owner_id)(seen)

        return others

    def held(self, owner_id: str) -> set[str]:
        """Items whose answers a quiz that is not over holds back."""
        running = select(Quiz.id).where(
            Quiz.owner_id == owner_id, Quiz.mode == Mode.QUIZ, Quiz.state != QuizState.FINISHED
        )
        with self.database.session() as session:
            return set(session.scalars(select(QuizItem.item_id).where(QuizItem.quiz_id.in_(running))))

    def question(self, owner_id: str, item_id: str) -> Item:
        with self.database.session() as session:
            row = session.get(QuestionItem, (owner_id, item_id))
            if row is None or row.reported is not None:
                raise NotFound("There is no such question among yours.")
            return item_of(row.body)

    def questions(self, owner_id: str, item_ids: Collection[str]) -> dict[str, Item]:
        """Items by id, without those that were reported."""
        query = select(QuestionItem).where(QuestionItem.owner_id == owner_id, QuestionItem.reported.is_(None))
        with self.database.session() as session:
            rows = session.scalars(query.where(QuestionItem.id.in_(item_ids)))
            return {row.id: item_of(row.body) for row in rows}

    def report(self, owner_id: str, item_id: str, reason: str) -> None:
        """A bad question: it counts no more, and never comes again."""
        with self.database.session() as session:
            row = session.get(QuestionItem, (owner_id, item_id))
            if row is None:
                raise NotFound("There is no such question among yours.")
            row.reported = reason

    def set_place(self, quiz_id: str, item_id: str, **values: bool) -> None:
        """Flag, skip, hint given, answer shown."""
        with self.database.session() as session:
            session.execute(
                update(QuizItem).where(QuizItem.quiz_id == quiz_id, QuizItem.item_id == item_id).values(**values)
            )

    def answer(self, owner_id: str, quiz_id: str, item_id: str, answer: str, attempt: int | None) -> Attempt:
        """Keep an answer. The same one sent again is the same attempt.

        Raises Conflict when the attempt of that number holds another answer.
        """
        for _ in range(SEVERAL_TABS):
            try:
                with self.database.session() as session:
                    return _record(session, owner_id, quiz_id, item_id, answer, attempt)
            except IntegrityError:  # another tab took this number
                continue
        raise Conflict("This question is being answered in another window. Reload to see what was answered.")

    def mark(self, attempt: Attempt, marked: Marked, n: int = 0) -> Mark:
        """Keep a mark; the first one for its number stays."""
        key = (attempt.quiz_id, attempt.item_id, attempt.attempt, n)
        try:
            with self.database.session() as session:
                session.add(_mark(attempt, marked, n))
        except IntegrityError:
            pass
        with self.database.session() as session:
            return session.get_one(Mark, key)

    def mistakes(self, owner_id: str, document_ids: Collection[str], limit: int) -> list[Item]:
        """What the learner's last answer got wrong, or half wrong, in these documents; the latest first."""
        latest: dict[str, bool] = {}
        for item_id, mark in self._marks(owner_id, document_ids):
            latest[item_id] = mark.verdict in (Verdict.WRONG, Verdict.PARTLY)
        wrong = [item_id for item_id, is_wrong in reversed(latest.items()) if is_wrong][:limit]
        found = self.questions(owner_id, wrong)
        return [found[item_id] for item_id in wrong if item_id in found]

    def topics(self, owner_id: str, document_ids: Collection[str]) -> list[TopicScore]:
        """How the learner did on each topic of these documents, over all finished quizzes and rounds; weakest first."""
        marks = self._marks(owner_id, document_ids)
        items = self.questions(owner_id, {item_id for item_id, _ in marks})
        found: dict[str, TopicScore] = {}
        for item_id, mark in reversed(marks):
            item = items.get(item_id)
            if item is None or mark.verdict == Verdict.CANNOT_TELL:
                continue
            topic = found.setdefault(item.topic, TopicScore(item.topic))
            topic.total, topic.score = topic.total + 1, topic.score + mark.score
            if mark.score < 1 and item.evidence not in topic.missed:
                topic.missed.append(item.evidence)
        return sorted(found.values(), key=lambda one: one.score / one.total)

    def _marks(self, owner_id: str, document_ids: Collection[str]) -> list[tuple[str, Mark]]:
        """For each item and quiz the mark that counts, oldest first."""
        query = (
            select(Mark)
            .join(QuestionItem, and_(QuestionItem.id == Mark.item_id, QuestionItem.owner_id == Mark.owner_id))
            .where(Mark.owner_id == owner_id, QuestionItem.document_id.in_(document_ids))
            .where(QuestionItem.reported.is_(None))
            .order_by(Mark.created_at, Mark.attempt, Mark.n)
        )
        with self.database.session() as session:
            last = {(mark.quiz_id, mark.item_id): mark for mark in session.scalars(query)}
        return [(item_id, mark) for (_, item_id), mark in sorted(last.items(), key=lambda one: one[1].created_at)]


def stem_key(item: Item) -> str:
    """The same for stems that differ just in case, punctuation and white space; signs of calculation count."""
    return _digest(*_SAID.findall(folded(item.stem)))


def fact_key(item: Item) -> str:
    """The same for questions that rest on the same words of a document and have the same answer."""
    quote, answer = (_SAID.findall(folded(text)) for text in (item.evidence.quote, item.answer))
    return _digest(item.evidence.document_id, *quote, "->", *answer)


def _digest(*parts: str) -> str:
    return blake2b(" ".join(parts).encode(), digest_size=16).hexdigest()


def item_of(body: dict[str, Any]) -> Item:
    """An item from its JSON form."""
    return _ITEM.validate_python(body)


def _bodies(owner_id: str) -> Select[tuple[dict[str, Any]]]:
    return select(QuestionItem.body).where(QuestionItem.owner_id == owner_id).order_by(QuestionItem.created_at)


def _others(session: Session, owner_id: str, but: str = "") -> Others:
    def others(seen: Collection[str]) -> list[Item]:
        ids = set(session.scalars(select(QuestionItem.id).where(QuestionItem.owner_id == owner_id)))
        unseen = ids.difference(seen, [but])
        return [item_of(body) for body in session.scalars(_bodies(owner_id).where(QuestionItem.id.in_(unseen)))]

    return others


def _row(owner_id: str, item: Item) -> QuestionItem:
    return QuestionItem(
        owner_id=owner_id,
        id=item.id,
        document_id=item.evidence.document_id,
        stem_key=stem_key(item),
        fact_key=fact_key(item),
        topic=item.topic,
        body=asdict(item),
    )


def _with_own_option_ids(item: Item) -> Item:
    """Ids made of the option's words, in their order, so that nothing tells which one its writer put first."""
    ids = {option.id: _digest(item.stem, option.text)[:10] for option in item.options}
    options = tuple(replace(option, id=ids[option.id]) for option in item.options)
    if item.kind is not Kind.TRUE_FALSE:
        options = tuple(sorted(options, key=lambda option: option.id))
    return replace(item, options=options, key=tuple(ids.get(key, key) for key in item.key))


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


def _asked(row: QuizItem, question: QuestionItem, attempts: Sequence[Attempt], marks: Sequence[Mark]) -> Asked:
    item = item_of(question.body)
    by_id = {option.id: option for option in item.options}
    return Asked(
        replace(item, options=tuple(by_id[id_] for id_ in row.options)),
        row,
        question.reported is not None,
        tuple(attempt for attempt in attempts if attempt.item_id == item.id),
        tuple(mark for mark in marks if mark.item_id == item.id),
    )


def _record(session: Session, owner_id: str, quiz_id: str, item_id: str, answer: str, attempt: int | None) -> Attempt:
    here = select(Attempt).where(Attempt.quiz_id == quiz_id, Attempt.item_id == item_id)
    rows = list(session.scalars(here.order_by(Attempt.attempt)))
    wanted = rows[-1:] if attempt is None else [row for row in rows if row.attempt == attempt]
    if wanted and wanted[0].answer == answer:
        return wanted[0]
    if wanted and attempt is not None:
        raise Conflict("This attempt holds another answer already, perhaps from another window. Reload to see it.")
    if attempt is not None and attempt != len(rows) + 1:
        raise Conflict(f"The next attempt at this question is number {len(rows) + 1}.")
    row = QuizItem.hinted
    hinted = session.scalar(select(row).where(QuizItem.quiz_id == quiz_id, QuizItem.item_id == item_id)) or False
    made = Attempt(
        quiz_id=quiz_id, item_id=item_id, attempt=len(rows) + 1, owner_id=owner_id, answer=answer, hinted=hinted
    )
    session.add(made)
    session.flush()
    session.execute(
        update(QuizItem).where(QuizItem.quiz_id == quiz_id, QuizItem.item_id == item_id).values(skipped=False)
    )
    return made


def _mark(attempt: Attempt, marked: Marked, n: int) -> Mark:
    return Mark(
        quiz_id=attempt.quiz_id,
        item_id=attempt.item_id,
        attempt=attempt.attempt,
        n=n,
        owner_id=attempt.owner_id,
        verdict=marked.verdict,
        score=marked.score,
        explanation=marked.explanation,
        points=[[asdict(point), is_made, where] for point, is_made, where in marked.points],
    )


def _count(result: Any) -> int:
    return int(result.rowcount)
