from collections import Counter
from collections.abc import Collection
from dataclasses import replace

import pytest

from tests.support.authors import BOOK
from tests.unit.tools.questions.shelf import TextShelf
from tools.questions.choose import ScopeLibrary, shares, topic_of
from tools.questions.types import PassagePlace


def test_chapters_get_their_share_and_small_ones_are_not_forgotten() -> None:
    given = Counter(shares({("a", 1): 60, ("a", 2): 30, ("b", 3): 10}, 10, "s"))
    assert given == {("a", 1): 6, ("a", 2): 3, ("b", 3): 1}


def test_as_many_places_as_questions() -> None:
    sizes = {("book", n): 90 for n in range(47)}
    assert len(set(shares(sizes, 25, "s"))) == 25


class TwoSections(TextShelf):
    def places(self, document_ids: Collection[str]) -> list[PassagePlace]:
        return [PassagePlace(f"d-{n}", "d", n, ("C", "A" if n < 4 else "B")) for n in range(1, 7)]


def test_every_section_comes_before_any_comes_twice() -> None:
    [queue] = ScopeLibrary(TwoSections({}), {"d"}).queues("s").values()
    assert {int(id_[2:]) < 4 for id_ in list(queue)[:2]} == {True, False}


def test_exercises_and_front_matter_are_not_asked_about() -> None:
    assert TextShelf({"d": ["Text."]}, section="Exercises").library().places == []


@pytest.mark.parametrize(
    ("section", "topic"),
    [
        (("Cells", "The Nucleus", "Nucleolus"), "The Nucleus"),
        (("Cells", "Section Summary"), "Cells"),
        (("Introduction",), "Biology"),
        ((), "Biology"),
    ],
)
def test_a_topic_is_a_heading_that_says_what_it_is_about(section: tuple[str, ...], topic: str) -> None:
    assert topic_of(replace(BOOK[0], section=section)) == topic
