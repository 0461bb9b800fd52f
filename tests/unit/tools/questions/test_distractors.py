from collections.abc import Iterable, Sequence
from typing import Any

import pytest

from tests.support.embeddings import HashingEmbeddings
from tests.support.study import passage
from tests.unit.tools.questions.shelf import CELL, TextShelf, builtin, events_of
from tools.questions import distractors
from tools.questions.chapter import Chapter
from tools.questions.likeness import Likeness
from tools.questions.pipeline import Ready
from tools.questions.types import Item, Kind, Wanted

DIFFUSION, OTHERS = CELL[1], CELL[2:5]
STRAY = [
    "Since salt is an abundant mineral of the sea, plants of the shore are small. Since salt harms them, few live.",
    "Temperature is an important factor of the life of plants. Temperature matters in every cell.",
    "Botany is the study of the plants of a region and of their stems and leaves. Botany is old.",
]


def chapter(*texts: str) -> Chapter:
    return Chapter([passage(text, page=n) for n, text in enumerate(texts)], Likeness(HashingEmbeddings()))


def wrong(home: Chapter, beside: Iterable[Chapter] = ()) -> list[str]:
    [fact] = [fact for fact in home.definitions if fact.term == "diffusion"]
    return [other.term for other in distractors.of_terms(fact, home, lambda: beside)]


def test_wrong_options_are_terms_of_the_same_sort() -> None:
    assert set(wrong(chapter(DIFFUSION, *OTHERS, *STRAY))) <= {"endocytosis", "exocytosis", "filtration"}


def test_what_a_chapter_lacks_comes_from_the_next_and_only_then() -> None:
    def unread() -> Iterable[Chapter]:
        raise AssertionError("the next chapter is not needed")
        yield

    assert wrong(chapter(DIFFUSION), [chapter(*OTHERS)])
    assert len(wrong(chapter(DIFFUSION, *OTHERS), unread())) == 3


def test_a_kind_of_the_thing_is_not_a_wrong_option() -> None:
    kind = "Kinds of diffusion, such as filtration, keep the blood clean."
    assert "filtration" not in wrong(chapter(DIFFUSION, *OTHERS, kind))


def test_what_the_chapter_says_of_two_terms_fits_both() -> None:
    twin = "In filtration there is movement of particles from a crowded place to an empty place that is spread evenly."
    for texts, fits in (((DIFFUSION, *OTHERS, twin), True), ((DIFFUSION, *OTHERS), False)):
        home = chapter(*texts)
        [fact] = [fact for fact in home.definitions if fact.term == "diffusion"]
        assert home.fits_another(fact) == fits


async def items(texts: Sequence[str], *kinds: Kind, section: str = "The Cell") -> list[Item]:
    library = TextShelf({"d": list(texts)}, section).library()
    events: Sequence[Any] = await events_of(library, Wanted(20, kinds=kinds), builtin())
    return [event.item for event in events if isinstance(event, Ready)]


@pytest.mark.parametrize(("section", "offers"), [("The Cell", True), ("Diffusion", False)])
async def test_the_name_of_a_chapter_has_no_wrong_options_in_it(section: str, offers: bool) -> None:
    found = await items(CELL, Kind.SINGLE_CHOICE, section=section)
    assert any(item.evidence.quote.startswith("Diffusion is") for item in found) == offers


async def test_a_plural_is_accepted_only_where_the_book_has_it() -> None:
    found = await items(
        ["A comet is a lump of ice and dust a few kilometres across. Comets have tails.", CELL[2]], Kind.GAP
    )
    assert {item.key for item in found} == {("comet", "comets"), ("endocytosis",)}


async def test_the_name_of_a_family_keeps_its_capital() -> None:
    [item] = await items(
        ["Cucurbitaceae is a family of climbing plants that were first grown in the valleys of Mexico."], Kind.GAP
    )
    assert item.answer == "Cucurbitaceae"


def test_what_is_named_may_be_the_same_thing_under_another_name() -> None:
    key = "The bacterial polymerase is an enzyme with four units and one that only helps it to begin."
    named = "The polymerase with all of its five units is called the holoenzyme."
    home = chapter(key, named, "Ligase is an enzyme that joins two strands of a broken molecule into one.")
    [fact] = [fact for fact in home.definitions if fact.term == "bacterial polymerase"]
    assert "holoenzyme" not in [other.term for other in distractors.of_terms(fact, home, lambda: ())]


def test_a_kind_by_its_name_is_no_wrong_option() -> None:
    texts = (
        "A microsporangium is a structure in which the pollen grains of a plant come about.",
        "A sporangium is a structure in which the spores of a plant or a fungus come about.",
    )
    home = chapter(*texts)
    [fact] = [fact for fact in home.definitions if fact.term == "microsporangium"]
    assert not distractors.of_terms(fact, home, lambda: ())
