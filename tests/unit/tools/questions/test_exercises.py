from dataclasses import replace

from tests.support.authors import BOOK
from tools.concepts.types import BookQuestion
from tools.questions import lint
from tools.questions.exercises import item_of
from tools.questions.types import Kind, SourcePassage

SOURCE = SourcePassage(BOOK[0], BOOK[0].text, "Cells")
ASKED = BookQuestion(
    "Review Questions",
    3,
    "Water moves by ________.",
    ("osmosis", "mitosis", "both", "none of the above"),
    "A",
    9,
    "9",
    0,
    5,
    "Water",
)


def test_a_question_of_the_book_is_asked_as_it_stands_with_the_key_of_the_book() -> None:
    item = item_of(ASKED, SOURCE)
    assert item
    assert (item.kind, item.answer, item.stem) == (Kind.SINGLE_CHOICE, "osmosis", "Water moves by ____.")
    assert {option.text for option in item.options} == {*ASKED.choices}
    assert "question 3" in item.rationale
    assert (item.evidence.page_index, item.evidence.quote) == (9, "Water")
    assert lint.faults(item) == [], "its wording is the book's, not ours"


def test_a_letter_without_a_choice_makes_no_question() -> None:
    assert item_of(replace(ASKED, answer="F"), SOURCE) is None


def test_a_question_about_a_picture_cannot_be_asked_without_it() -> None:
    item = item_of(replace(ASKED, stem="What does Figure 3 show?"), SOURCE)
    assert item
    assert lint.faults(item)
