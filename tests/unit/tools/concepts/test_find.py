from tests.unit.tools.questions.shelf import TextShelf
from tools.apparatus import Emphasised, Exercise, KeyTerm, Spot
from tools.concepts.find import find
from tools.concepts.types import Form, Why
from tools.types import Passage

PAGES = [
    "Neurons carry signals. The axon is a long fiber that carries a signal away from the cell. Each axon has buds.",
    "Lev Marin saw it in 1920. Lev Marin wrote about it. Lev Marin taught others. An axon may be very long.",
    "axon long fiber of a neuron that carries its signal\nmyelin fatty sheath around the fibers of neurons",
    "1. Which part carries a signal away? A. axon B. bud C. pit D. gap",
]


def passages() -> list[Passage]:
    shelf = TextShelf({"cell": PAGES})
    return list(shelf.passages([place.passage_id for place in shelf.places(["cell"])]).values())


def at(page: int, start: int, end: int) -> Spot:
    return Spot(page, start, end, ("The Cell", f"Part {page}"))


AXON = KeyTerm(at(3, 0, 4), "axon", "long fiber of a neuron that carries its signal")
MYELIN = KeyTerm(at(3, 52, 58), "Myelin", "fatty sheath around the fibers of neurons")


def test_a_term_of_the_glossary_stands_where_the_text_explains_it_with_both_meanings() -> None:
    axon = next(one for one in find(passages(), [AXON]) if one.term == "axon")
    assert (axon.passage_id, axon.section) == ("cell-1", ("The Cell", "Part 1"))
    assert {Why.GLOSSARY, Why.MEANING} <= {*axon.why}
    assert [one.form for one in axon.meanings[:2]] == [Form.ENTRY, Form.IS]
    for meaning in axon.meanings:
        assert PAGES[meaning.page_index - 1][meaning.start : meaning.end] == meaning.quote
    assert axon.meanings[0].quote == "axon long fiber of a neuron that carries its signal"


def test_a_term_that_only_the_glossary_has_stands_there() -> None:
    myelin = next(one for one in find(passages(), [MYELIN]) if one.term.lower() == "myelin")
    assert (myelin.passage_id, myelin.uses) == ("cell-3", 1)


def test_what_the_book_stresses_weighs_more_and_people_are_no_concepts() -> None:
    plain = {one.term: one.weight for one in find(passages(), [])}
    stressed = {one.term: one.weight for one in find(passages(), [Emphasised(at(1, 28, 32), "axon", bold=True)])}
    assert stressed["axon"] > plain["axon"]
    assert not any("Marin" in term for term in plain)


def test_a_question_of_the_book_stands_beside_the_concept_that_answers_it() -> None:
    asked = Exercise(at(4, 3, 36), "Review", 1, "Which part carries a signal away?", ("axon", "bud", "pit", "gap"), "A")
    found = find(passages(), [AXON, asked])
    [axon] = [one for one in found if one.exercises]
    assert axon.term == "axon"
    assert axon.exercises[0].quote == "Which part carries a signal away?"


def test_nothing_is_found_in_nothing() -> None:
    assert find([], []) == []
