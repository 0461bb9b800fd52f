"""A small textbook, as blocks of its pages, and what it says of itself."""

import logging

import pytest

from ingestion.apparatus import ApparatusReading
from ingestion.chunk import SectionPath
from ingestion.partition.pages import page_of
from ingestion.types import Block, Emphasis, Outline, Page
from tools.apparatus import Emphasised, Entry, Exercise, IndexEntry, KeyTerm, Objective, Summary


def title(text: str, depth: int = 2) -> Block:
    return Block("Title", text, 0, depth)


def item(text: str) -> Block:
    return Block("ListItem", text, 0)


def text(words: str, bold: str = "") -> Block:
    marks = (Emphasis(words.index(bold), words.index(bold) + len(bold), True),) if bold else ()
    return Block("NarrativeText", words, 0, marks=marks)


CELLS = [
    title("1 Cells", 1), title("1.1 Transport"), text("Learning Objectives\nAfter this section you can:"),
    item("• Explain osmosis"), text("In osmosis, water moves through a membrane into the cell.", "osmosis,"),
    title("Key Terms"), text("osmosis movement of water", "osmosis"), title("Summary"), title("1.1 Transport", 3),
    text("Water moves by osmosis."), title("Figure Questions"), item("1. What is shown?"),
    title("Something Else"), item("2. Who saw it first?"), title("Review Questions"), item("3. What moves?"),
    item("a. water"), item("b. salt"),
]  # fmt: skip
TRADE = [
    title("2 Trade", 1), title("2.1 Ships"), text("The ships sailed west, and found land."),
    title("Review Questions"), item("1. Who sailed?"), item("a. kings"), item("b. sailors"), item("2. Where to?"),
]  # fmt: skip
BACK = [
    title("Answer Key", 1), title("Chapter 1", 2), item("1. A membrane."), item("3. A"),
    title("Chapter 2", 2), item("1. B"), item("2. West."), title("Index", 1), text("osmosis, 1, 4–6\nships, 2"),
]  # fmt: skip
LISTED = Outline(3, contents=((1, "1 Cells", 1), (2, "1.1 Transport", 1), (1, "2 Trade", 2), (1, "Answer Key", 3)))

UNNUMBERED = Outline(3, contents=((1, "Cells", 1), (2, "Transport", 1), (1, "Trade", 2), (1, "Answer Key", 3)))


def pages(*parts: list[Block]) -> list[Page]:
    return [page_of(n, str(n), "page", blocks) for n, blocks in enumerate(parts, start=1)]


def read(outline: Outline, book: list[Page]) -> list[Entry]:
    reading, sections = ApparatusReading(outline), SectionPath(outline)
    for page in book:
        reading.add(page, sections.follow(page))
    return reading.finish()


BOOK = pages(CELLS, TRADE, BACK)


@pytest.fixture(params=[LISTED, UNNUMBERED, Outline(3)], ids=["numbered contents", "unnumbered", "none"])
def found(request: pytest.FixtureRequest) -> list[Entry]:
    return read(request.param, BOOK)


def test_every_entry_stands_where_it_says(found: list[Entry]) -> None:
    for entry in found:
        if isinstance(entry, KeyTerm | Emphasised | IndexEntry):
            assert BOOK[entry.at.page_index - 1].text[entry.at.start :].startswith(entry.term)


def test_terms_have_their_meanings_and_stand_out_in_the_text(found: list[Entry]) -> None:
    assert [(e.term, e.meaning) for e in found if isinstance(e, KeyTerm)] == [("osmosis", "movement of water")]
    [stressed] = [e for e in found if isinstance(e, Emphasised)]
    assert stressed.term == "osmosis"
    assert stressed.at.section[-1].endswith("Transport")


def test_objectives_and_summaries_are_those_of_their_section(found: list[Entry]) -> None:
    assert [e.text for e in found if isinstance(e, Objective)] == ["Explain osmosis"]
    assert [(e.of, e.text) for e in found if isinstance(e, Summary)] == [("1.1 Transport", "Water moves by osmosis.")]


def test_questions_are_numbered_as_in_the_book_and_have_its_answers(found: list[Entry]) -> None:
    asked = [(e.at.page_index, e.heading, e.number, e.choices, e.answer) for e in found if isinstance(e, Exercise)]
    assert asked == [
        (1, "Figure Questions", 1, (), "A membrane."),
        (1, "Something Else", 2, (), None),
        (1, "Review Questions", 3, ("water", "salt"), "A"),
        (2, "Review Questions", 1, ("kings", "sailors"), "B"),
        (2, "Review Questions", 2, (), "West."),
    ]


def test_the_index_leads_to_printed_pages(found: list[Entry]) -> None:
    entries = [(e.term, e.pages) for e in found if isinstance(e, IndexEntry)]
    assert entries == [("osmosis", ("1", "4–6")), ("ships", ("2",))]


def test_letters_in_parentheses_are_parts_of_a_question() -> None:
    [asked] = read(
        Outline(1), pages([title("Exercises"), item("1. Let A be a set."), item("(a) Find it."), item("(b) Why?")])
    )
    assert isinstance(asked, Exercise)
    assert (asked.stem, asked.choices) == ("Let A be a set.\n(a) Find it.\n(b) Why?", ())


def test_a_book_without_any_of_it_has_nothing() -> None:
    assert read(Outline(1), pages([title("One", 1), text("A story of a fox and a crow.")])) == []


def test_what_cannot_be_read_is_given_up_and_told_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    reading = ApparatusReading(LISTED)
    with caplog.at_level(logging.ERROR):
        reading.add(BOOK[0], [])
    reading.add(BOOK[1], [()] * len(TRADE))
    assert reading.finish() == []
    assert "page 1" in caplog.text
