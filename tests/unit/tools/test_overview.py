from dataclasses import replace

import pytest

from tests.support.study import LIBRARY, passage
from tools import overview
from tools.types import Found, Hit


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("Summarise photosynthesis", "photosynthesis"),
        ("What is this book about?", ""),
        ("Give me an overview of the chapter on cell division", "cell division"),
        ("summarize chapter 3", ""),
        ("What are the key points of section 2.4?", ""),
        ("what is chapter 3 about?", ""),
        ("So what does chapter 12 cover?", ""),
        ("summarise what chapter 3 says about enzymes", "enzymes"),
    ],
)
def test_a_request_for_a_summary_is_understood(question: str, topic: str) -> None:
    assert overview.request(question) == overview.Request(topic)


@pytest.mark.parametrize(
    "question",
    ["What is osmosis?", "What is this cell made of?", "Why is chapter two long?", "What does chapter 3 say of fats?"],
)
def test_other_questions_are_no_requests_for_a_summary(question: str) -> None:
    assert overview.request(question) is None


def test_a_chapter_is_summed_up_from_each_of_its_sections() -> None:
    def hit(page: int, score: float, *section: str) -> Hit:
        return Hit(replace(passage("Cells divide.", page=page), section=section), score, score, score)

    hits = [hit(n, 0.9 - n / 100, "Cells", "Parts") for n in range(1, 6)]
    hits += [
        hit(7, 0.3, "Cells", "Division"),
        hit(8, 0.2, "Cells", "Division", "Section Summary"),
        hit(9, 0.1, "Cells"),
    ]
    kept = overview.spread(Found("q", tuple(hits)), 3)
    assert [one.passage.page_index for one in kept.hits] == [1, 8, 9]


def test_the_passages_of_a_summary_come_in_reading_order() -> None:
    hits = tuple(Hit(p, 1.0, 0.9, 1.0) for p in reversed(LIBRARY[:2]))
    pages = [hit.passage.page_index for hit in overview.Request("").narrowed(Found("q", hits)).hits]
    assert pages == sorted(pages)
    assert pages
