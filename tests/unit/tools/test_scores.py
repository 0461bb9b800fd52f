"""The rules of tools.scores as tables."""

from dataclasses import replace

import pytest
from fsrs import Rating

from tests.support.questions import question
from tools import scores
from tools.questions.types import Kind, Marked, Mode, Verdict
from tools.scores import Given, Outcome, Record, Scored

RIGHT, PARTLY = Marked(Verdict.CORRECT, 1.0, ""), Marked(Verdict.PARTLY, 0.5, "")
WRONG, UNSURE = Marked(Verdict.WRONG, 0.0, ""), Marked(Verdict.CANNOT_TELL, 0.0, "")


def record(mode: Mode, *marks: Marked | tuple[Marked, ...] | None, **more: object) -> Record:
    """An item with one answer for each mark; None is an answer that has none yet."""
    kept = [one if isinstance(one, tuple) else (one,) if one else () for one in marks]
    given = tuple(Given(n, "said", marks=each) for n, each in enumerate(kept, start=1))
    return Record(mode, Kind.SHORT_ANSWER, given=given, **more)  # type: ignore[arg-type]


def quiz(*marks: Marked | tuple[Marked, ...] | None, **more: object) -> Record:
    return record(Mode.QUIZ, *marks, **{"is_over": True, **more})


def practice(*marks: Marked | tuple[Marked, ...] | None, **more: object) -> Record:
    return record(Mode.PRACTICE, *marks, **more)


def copied(before: Record) -> Record:
    """The same after its key was shown and typed in."""
    answer = Given(len(before.given) + 1, "copied", after_key=True, marks=(RIGHT,))
    return replace(before, revealed=True, given=(*before.given, answer))


def hinted(of: Record) -> Record:
    return replace(of, given=tuple(replace(one, hinted=True) for one in of.given))


TABLE = [
    # record, outcome, score, tells, rating
    (quiz(), Outcome.NONE, 0.0, False, None),
    (quiz(is_over=False), Outcome.UNTRIED, None, False, None),
    (quiz(RIGHT), Outcome.CORRECT, 1.0, True, Rating.Good),
    (quiz(WRONG, RIGHT), Outcome.CORRECT, 1.0, True, Rating.Good),
    (quiz(RIGHT, WRONG), Outcome.WRONG, 0.0, True, Rating.Again),
    (quiz(PARTLY), Outcome.PARTLY, 0.5, True, Rating.Hard),
    (quiz((WRONG, RIGHT)), Outcome.CORRECT, 1.0, True, Rating.Good),
    (quiz(UNSURE), Outcome.CANNOT_TELL, None, False, None),
    (quiz(None), Outcome.CANNOT_TELL, None, False, None),
    (quiz(RIGHT, reported=True), Outcome.CORRECT, None, False, None),
    (practice(), Outcome.UNTRIED, None, False, None),
    (practice(RIGHT), Outcome.CORRECT, 1.0, True, Rating.Good),
    (practice(WRONG), Outcome.WRONG, 0.0, True, Rating.Again),
    (practice(WRONG, RIGHT), Outcome.HELPED, 0.5, True, Rating.Hard),
    (practice(WRONG, PARTLY), Outcome.PARTLY, 0.25, True, Rating.Hard),
    (practice(WRONG, WRONG), Outcome.WRONG, 0.0, True, Rating.Again),
    (practice(WRONG, WRONG, RIGHT), Outcome.WRONG, 0.0, True, Rating.Again),
    (practice((WRONG, RIGHT)), Outcome.CORRECT, 1.0, True, Rating.Good),
    (practice(UNSURE), Outcome.CANNOT_TELL, None, False, None),
    (practice(revealed=True), Outcome.NONE, 0.0, True, Rating.Again),
    (practice(WRONG, revealed=True), Outcome.WRONG, 0.0, True, Rating.Again),
    (practice(RIGHT, reported=True), Outcome.CORRECT, None, False, None),
    (practice(revealed=True, reported=True), Outcome.NONE, None, False, None),
    (hinted(practice(RIGHT)), Outcome.HELPED, 0.5, True, Rating.Hard),
    (hinted(quiz(RIGHT)), Outcome.CORRECT, 1.0, True, Rating.Good),
    (copied(practice()), Outcome.NONE, 0.0, True, Rating.Again),
    (copied(practice(WRONG)), Outcome.WRONG, 0.0, True, Rating.Again),
    (copied(practice(WRONG, WRONG)), Outcome.WRONG, 0.0, True, Rating.Again),
    (copied(practice(RIGHT)), Outcome.CORRECT, 1.0, True, Rating.Good),
]


@pytest.mark.parametrize(("given", "outcome", "score", "tells", "rating"), TABLE)
def test_what_counts_of_an_item(
    given: Record, outcome: Outcome, score: float | None, tells: bool, rating: Rating | None
) -> None:
    result = scores.result(given)
    assert (result.outcome, result.score, result.tells, result.rating) == (outcome, score, tells, rating)


@pytest.mark.parametrize(
    ("given", "settled"),
    [
        (practice(), False),
        (practice(WRONG), False),
        (practice(PARTLY), False),
        (practice(None), False),
        (practice(RIGHT), True),
        (practice(UNSURE), True),
        (practice(WRONG, WRONG), True),
        (practice(revealed=True), True),
        (replace(practice(WRONG), kind=Kind.TRUE_FALSE), True),
    ],
)
def test_when_a_practice_item_may_be_explained(given: Record, settled: bool) -> None:
    assert scores.is_settled(given) is settled
    assert scores.is_done(given) is settled


@pytest.mark.parametrize(
    ("given", "done"),
    [
        (quiz(), False),
        (quiz(None, is_over=False), True),
        (quiz(reported=True), True),
        (replace(quiz(), given=(Given(1, ""),)), False),
        (practice(reported=True), True),
    ],
)
def test_what_is_left_to_do(given: Record, done: bool) -> None:
    assert scores.is_done(given) is done


@pytest.mark.parametrize(
    ("given", "numbers"),
    [
        (quiz(None, None), [2]),
        (quiz(RIGHT), []),
        (quiz(), []),
        (practice(WRONG, None), [2]),
        (practice(None, None, None), [1, 2]),
        (replace(quiz(), given=(Given(1, ""),)), []),
    ],
)
def test_which_answers_wait_for_a_mark(given: Record, numbers: list[int]) -> None:
    assert [one.number for one in scores.unmarked(given)] == numbers


def scored(n: int, given: Record, topic: str = "Cells") -> Scored:
    return Scored(question(n, topic=topic), scores.result(given))


def test_a_score_is_the_mean_of_what_counts() -> None:
    told = [scored(1, quiz(RIGHT)), scored(2, quiz()), scored(3, quiz(UNSURE)), scored(4, quiz(PARTLY), "Genes")]
    whole = scores.total(told)
    assert (whole.score, whole.correct, whole.total) == (0.5, 1, 3)
    assert [(one.topic, one.score, one.correct, one.total) for one in scores.by_topic(told)] == [
        ("Cells", 0.5, 1, 2),
        ("Genes", 0.5, 0, 1),
    ]
    assert [len(one.missed) for one in scores.by_topic(told)] == [1, 1]


def test_nothing_that_counts_is_no_score() -> None:
    assert scores.total([]) == scores.TopicScore("", 0.0, 0, 0, ())


def test_what_is_known_leaves_out_what_was_left_out() -> None:
    told = [scored(1, quiz()), scored(2, quiz(RIGHT)), scored(3, practice(revealed=True), "Genes")]
    assert [(one.topic, one.score, one.total) for one in scores.known(told)] == [("Genes", 0.0, 1), ("Cells", 1.0, 1)]


def test_the_latest_mistake_comes_first_and_a_later_right_answer_clears_it() -> None:
    told = [
        scored(1, quiz(WRONG)),
        scored(2, quiz(WRONG)),
        scored(3, practice(revealed=True)),
        scored(1, practice(PARTLY)),
        scored(2, practice(WRONG, RIGHT)),
        scored(4, quiz()),
        scored(5, quiz(WRONG, reported=True)),
    ]
    assert scores.mistakes(told) == [question(1, topic="Cells"), question(3, topic="Cells")]


@pytest.mark.parametrize("neither", [copied(practice()), quiz(UNSURE), quiz()])
def test_what_does_not_count_clears_no_mistake(neither: Record) -> None:
    assert scores.mistakes([scored(1, quiz(WRONG)), scored(1, neither)]) == [question(1, topic="Cells")]
