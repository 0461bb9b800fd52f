"""What every kind must know of itself; what one does is tested by what it does: marking, writing, lint, exports."""

import re
from dataclasses import replace

import pytest

from tests.support.questions import question
from tests.unit.tools.export.items import ITEMS
from tools import marking
from tools.questions import kinds
from tools.questions.kinds import KINDS
from tools.questions.kinds.base import QuestionKind, RawQuestion
from tools.questions.types import Kind, Verdict

QUOTE = "Osmosis is the movement of water through a membrane."


def test_every_kind_is_known() -> None:
    assert list(KINDS) == list(Kind)


@pytest.mark.parametrize("known", KINDS.values(), ids=str)
def test_a_kind_can_be_asked_for_shown_and_told_apart(known: QuestionKind) -> None:
    assert known.title
    assert known.brief
    assert known.form
    assert known.moodle_type
    assert re.fullmatch(known.names, known.title) or re.fullmatch(known.loose_names, known.title)
    others = [other for other in KINDS.values() if other is not known]
    assert not [other.title for other in others if re.search(rf"\b(?:{known.names})\b", other.title)]


def test_the_export_samples_have_one_of_every_kind() -> None:
    assert {item.kind for item in ITEMS} == set(Kind)


@pytest.mark.parametrize(
    ("kind", "said", "expected"),
    [
        (Kind.TRUE_FALSE, "maybe", "true or false"),
        (Kind.TRUE_FALSE, "", "true or false"),
        (Kind.SINGLE_CHOICE, "z", "one of the options"),
        (Kind.SINGLE_CHOICE, "?", "one of the options"),
        (Kind.SINGLE_CHOICE, "I don't know", "one of the options"),
        (Kind.GAP, "?", "a few words"),
        (Kind.SHORT_ANSWER, "  ", "a few words"),
        (Kind.OPEN, "...", "a sentence"),
    ],
)
def test_what_is_no_answer_is_told_what_one_is(kind: Kind, said: str, expected: str) -> None:
    found = marking.expected(question(1, kind=kind), said)
    assert found
    assert expected in found
    assert "zq1zq" not in found


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (Kind.TRUE_FALSE, "f"),
        (Kind.TRUE_FALSE, "b"),
        (Kind.SINGLE_CHOICE, "ox1"),
        (Kind.SINGLE_CHOICE, "D"),
        (Kind.GAP, "elk"),
        (Kind.OPEN, "They make it."),
    ],
)
def test_a_wrong_answer_is_an_answer(kind: Kind, said: str) -> None:
    assert marking.expected(question(1, kind=kind), said) is None


def test_a_number_is_asked_for_where_only_numbers_are_right() -> None:
    year = replace(question(1, kind=Kind.SHORT_ANSWER), key=("1848",))
    assert marking.expected(year, "the revolution") == "The answer is a number."
    assert marking.expected(year, "in 1849") is None
    named = replace(year, key=("1848", "the Spring of Nations"))
    assert marking.expected(named, "the revolution") is None


def test_a_right_answer_that_sounds_like_nothing_is_an_answer() -> None:
    none = replace(question(1, kind=Kind.GAP), key=("none",))
    assert marking.expected(none, "None") is None
    assert marking.mark(none, "None").verdict is Verdict.CORRECT


def written(**changes: object) -> RawQuestion:
    values: dict[str, object] = {
        "stem": "What is it called?",
        "quote": QUOTE,
        "options": [],
        "answers": ["osmosis"],
        "points": [],
        "anchored": lambda quote: quote,
    }
    return RawQuestion(**{**values, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        (Kind.SINGLE_CHOICE, {"options": [("a", False, "w"), ("b", False, "w")]}),
        (Kind.SINGLE_CHOICE, {"options": [("a", True, "w"), ("b", True, "w")]}),
        (Kind.TRUE_FALSE, {"options": [("yes", True, "w"), ("no", False, "w")]}),
        (Kind.GAP, {"answers": []}),
        (Kind.GAP, {"answers": ["diffusion"]}),
        (Kind.SHORT_ANSWER, {"answers": ["osmosis is the movement of water through a thin membrane"]}),
        (Kind.OPEN, {"points": [("water moves", QUOTE)]}),
        (Kind.OPEN, {"points": [("water moves", QUOTE), ("birds sing", QUOTE)]}),
        (Kind.OPEN, {"points": [("water moves", QUOTE), ("through a membrane", "")]}),
    ],
)
def test_what_does_not_fit_a_kind_becomes_no_question(kind: Kind, changes: dict[str, object]) -> None:
    assert kinds.of(kind).compose(written(**changes)) is None


def test_true_comes_first_whatever_a_model_wrote() -> None:
    parts = kinds.of(Kind.TRUE_FALSE).compose(written(options=[("false", True, "w"), (" TRUE ", False, "v")]))
    assert parts
    assert [option.text for option in parts.options] == ["True", "False"]
    assert [option.rationale for option in parts.options if option.id in parts.key] == ["w"]


def test_an_open_question_keeps_the_words_of_the_page() -> None:
    points = [("water moves", "quote one"), ("through a membrane", "quote two")]
    parts = kinds.of(Kind.OPEN).compose(written(points=points, anchored=lambda quote: QUOTE))
    assert parts
    assert [point.quote for point in parts.rubric] == [QUOTE, QUOTE]
