"""What a new chat suggests."""

from app.chat.welcome import props, questions
from app.persistence.library import Shelved
from app.persistence.tables import Document
from tools.types import JobState


def shelved(book: str, headings: list[str], state: str = JobState.READY, pages: int = 10) -> Shelved:
    contents = [[2, heading, 1] for heading in headings]
    document = Document(
        id=book, filename=f"{book}.pdf", state=state, page_count=pages, book_id=book, details={"contents": contents}
    )
    return Shelved(document, "Spring", "Subject", book)


def test_every_book_gets_a_turn_before_one_gets_two() -> None:
    asked = questions([shelved("Cells", ["Osmosis", "Mitosis"]), shelved("Printing", ["Movable type"])])
    assert [next(word for word in ("Osmosis", "Movable", "Mitosis") if word in question) for question in asked] == [
        "Osmosis",
        "Movable",
        "Mitosis",
    ]


def test_headings_that_name_no_topic_are_not_asked_about() -> None:
    (question,) = questions(
        [shelved("Cells", ["Introduction", "Chapter Summary", "Index", "12.3", "Review questions"])]
    )
    assert "Cells" in question


def test_the_library_is_counted_without_what_is_still_being_read() -> None:
    shown = props([shelved("Cells", [], pages=7), shelved("Plants", [], state=JobState.RUNNING)], "all your books")
    assert (shown["books"], shown["pages"], shown["reading"]) == (1, 7, 1)


def test_an_empty_library_suggests_nothing() -> None:
    assert props([], "all your books")["questions"] == []
