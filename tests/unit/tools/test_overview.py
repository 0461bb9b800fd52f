import pytest

from tests.support.study import LIBRARY, passage
from tools import overview
from tools.types import Found, Hit


@pytest.mark.parametrize(
    ("question", "topic", "number"),
    [
        ("Summarise photosynthesis", "photosynthesis", ""),
        ("What is this book about?", "", ""),
        ("Give me an overview of the chapter on cell division", "cell division", ""),
        ("summarize chapter 3", "", "3"),
        ("What are the key points of section 2.4?", "", "2.4"),
    ],
)
def test_a_request_for_a_summary_is_understood(question: str, topic: str, number: str) -> None:
    assert overview.request(question) == overview.Request(topic, number)


@pytest.mark.parametrize("question", ["What is osmosis?", "What is this cell made of?", "Why is chapter two long?"])
def test_other_questions_are_no_requests_for_a_summary(question: str) -> None:
    assert overview.request(question) is None


def test_a_numbered_chapter_is_only_that_chapter() -> None:
    other = passage("Something else about cells.", page=9)
    chapter = Hit(passage("Cells divide in phases.", page=4), 1.0, 0.5, 0.5)
    found = Found("q", (Hit(other, 1.0, 0.5, 0.5), chapter))
    assert not overview.Request("", "3").narrowed(found).hits


def test_the_passages_of_a_summary_come_in_reading_order() -> None:
    hits = tuple(Hit(p, 1.0, 0.9, 1.0) for p in reversed(LIBRARY[:2]))
    pages = [hit.passage.page_index for hit in overview.Request("").narrowed(Found("q", hits)).hits]
    assert pages == sorted(pages)
    assert pages
