"""Attempts and marks in the database, and what becomes of those of an earlier version."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from app.persistence.answers import AnswerStore
from app.persistence.db import Database, migrate
from app.persistence.learners import LearnerStore
from app.persistence.quizzes import QuizStore, Slot
from app.persistence.reviews import ReviewStore
from app.persistence.tables import Quiz, now
from tests.support.learners import ADA, BOB
from tests.support.migrations import downgrade, whole
from tests.support.questions import question
from tools import review, scores
from tools.questions.types import Item, Kind, Marked, Mode, Verdict
from tools.scores import Outcome
from tools.types import QuizState

RIGHT, WRONG = Marked(Verdict.CORRECT, 1.0, ""), Marked(Verdict.WRONG, 0.0, "")


@pytest.fixture
def store(database: Database) -> QuizStore:
    LearnerStore(database).known(ADA)
    return QuizStore(database)


def started(store: QuizStore, mode: Mode, *ns: int) -> tuple[str, list[Item]]:
    """A quiz that holds these questions."""
    quiz_id = f"{mode}-{'-'.join(map(str, ns))}"
    store.create(Quiz(id=quiz_id, owner_id="ada", mode=mode, scope_label="b", requested=len(ns)))
    made = [store.claim(ADA, question(n, kind=Kind.SHORT_ANSWER), Slot(quiz_id)) for n in ns]
    store.settle(ADA, quiz_id, None, now())
    return quiz_id, [one for one in made if one]


def said(answers: AnswerStore, quiz_id: str, item: Item, answer: str, marked: Marked) -> None:
    key = quiz_id, item.id
    answers.mark(ADA, key, answers.answer(ADA, key, answer, None), marked)


def test_an_answer_knows_whether_the_key_had_been_shown(store: QuizStore) -> None:
    quiz_id, (item,) = started(store, Mode.PRACTICE, 1)
    said(store.answers, quiz_id, item, "elk", WRONG)
    store.set_place(ADA, quiz_id, item.id, revealed=True)
    said(store.answers, quiz_id, item, "zq1zq", RIGHT)
    record = store.load(ADA, quiz_id).item(item.id).record
    assert [given.after_key for given in record.given] == [False, True]
    assert scores.result(record).outcome is Outcome.WRONG


def test_history_tells_of_what_was_answered_or_given_up_and_not_of_the_rest(store: QuizStore) -> None:
    quiz_id, (answered, given_up, _left_out, reported) = started(store, Mode.PRACTICE, 1, 2, 3, 4)
    said(store.answers, quiz_id, reported, "elk", WRONG)
    said(store.answers, quiz_id, answered, "elk", WRONG)
    store.set_place(ADA, quiz_id, given_up.id, revealed=True)
    store.report(ADA, reported.id, "bad")
    found = store.answers.history(ADA, ["doc"])
    assert [item.id for item, _ in found] == [given_up.id, answered.id], "oldest first"
    assert not store.answers.history(BOB, ["doc"])
    assert not store.answers.history(ADA, ["another"])


def test_a_second_mark_of_one_number_changes_nothing(store: QuizStore) -> None:
    quiz_id, (item,) = started(store, Mode.QUIZ, 1)
    key = quiz_id, item.id
    store.answers.answer(ADA, key, "elk", None)
    assert store.answers.mark(ADA, key, 1, WRONG) == WRONG
    assert store.answers.mark(ADA, key, 1, RIGHT) == WRONG
    assert store.answers.mark(ADA, key, 1, RIGHT, n=1) == RIGHT


def test_a_quiz_that_is_over_says_so_in_its_records(store: QuizStore) -> None:
    quiz_id, _ = started(store, Mode.QUIZ, 1)
    states = [store.load(ADA, quiz_id).asked[0].record.is_over]
    store.finish(ADA, quiz_id, now())
    states.append(store.load(ADA, quiz_id).asked[0].record.is_over)
    assert (states, store.get(ADA, quiz_id).state) == ([False, True], QuizState.FINISHED)


def test_earlier_answers_learn_whether_the_key_had_been_shown(store: QuizStore) -> None:
    """Given up, two tries, right before; and in a quiz the last answer counts, however many there were."""
    quiz_id, (given_up, tried, right) = started(store, Mode.PRACTICE, 1, 2, 3)
    said(store.answers, quiz_id, given_up, "elk", WRONG)
    shown_at = now()
    ReviewStore(store.database).review(ADA, given_up.id, review.Rating.Again, shown_at, f"quiz:{quiz_id}")
    for answer in ("ox", "yak"):
        said(store.answers, quiz_id, tried, answer, WRONG)
    said(store.answers, quiz_id, right, "zq3zq", RIGHT)
    for item in (given_up, tried, right):
        said(store.answers, quiz_id, item, "copied", RIGHT)
    other, (changed,) = started(store, Mode.QUIZ, 4)
    for n in range(4):
        said(store.answers, other, changed, f"answer {n}", WRONG)
    downgrade(store.database, "0004")
    with whole(store.database) as connection:
        assert connection.scalar(text("SELECT count(*) FROM attempts")) == 11
    migrate(store.database.engine)
    records = [one.record for id_ in (quiz_id, other) for one in store.load(ADA, id_).asked]
    assert [[given.after_key for given in record.given] for record in records] == [
        [False, True],
        [False, False, True],
        [False, True],
        [False] * 4,
    ]


def test_history_goes_by_the_time_of_the_answer_not_of_the_quiz(store: QuizStore) -> None:
    first, (item,) = started(store, Mode.PRACTICE, 1)
    again = Quiz(
        id="again", owner_id="ada", mode=Mode.PRACTICE, scope_label="b", requested=1,
        created_at=datetime.now(UTC) - timedelta(days=1),
    )  # fmt: skip
    store.create(again, [item])
    said(store.answers, first, item, "elk", WRONG)
    said(store.answers, "again", item, "zq1zq", RIGHT)
    assert scores.mistakes(scores.scored(store.answers.history(ADA, ["doc"]))) == []
