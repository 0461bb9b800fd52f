import pytest

from tests.support.study import passage
from tools.questions import statements
from tools.questions.facts import Fact, FactKind


def found(text: str) -> list[tuple[FactKind, str, str]]:
    return [(fact.kind, fact.term, fact.predicate) for fact in statements.mine(passage(text))]


def test_a_name_given_in_passing_is_a_gap_in_its_sentence() -> None:
    text = "In every leaf, light is caught inside an organelle called a chloroplast."
    predicate = "In every leaf, light is caught inside an organelle called a(n) ____."
    assert found(text) == [(FactKind.CALLED, "chloroplast", predicate)]


def test_what_stands_in_brackets_behind_a_name_does_not_tell_it() -> None:
    [fact] = statements.mine(
        passage("The drug blocks a viral enzyme called neuraminidase (NA) throughout the infected host cell.")
    )
    assert fact.predicate == "The drug blocks a viral enzyme called ____ throughout the infected host cell."
    assert fact.aliases == ("NA",)


def test_the_kind_of_thing_that_is_named() -> None:
    [fact] = statements.mine(passage("In every leaf, light is caught inside an organelle called a chloroplast."))
    kind = statements.of_a_kind(fact)
    assert kind
    assert (kind.term, kind.predicate) == ("chloroplast", "organelle")


def test_an_explanation_beside_a_name_is_a_definition() -> None:
    text = "They sort light by its wavelength, the distance between two crests of a wave."
    assert found(text) == [(FactKind.DEFINITION, "wavelength", "the distance between two crests of a wave")]


def test_each_thing_of_a_list_that_says_how_many_there_are() -> None:
    text = "The cycle of Calvin has three stages: fixation, reduction, and regeneration."
    assert [(kind, term) for kind, term, _ in found(text)] == [
        (FactKind.LISTED, "fixation"),
        (FactKind.LISTED, "reduction"),
        (FactKind.LISTED, "regeneration"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The cycle of Calvin has four stages: fixation, reduction, and regeneration.",
        "In eukaryotes, the genome consists of several linear molecules of DNA.",
        "It passes through openings called stomata on the underside of the leaf.",
        "Nerve cells are grouped in structures called dorsal root ganglia and are.",
    ],
)
def test_what_is_not_whole_or_stands_for_something_else_is_left(text: str) -> None:
    assert not found(text)


def told(text: str, *terms: str) -> list[Fact]:
    return statements.told(passage(text), terms)


def test_what_is_said_of_a_term_wherever_it_is_the_subject() -> None:
    [fact] = told("In plants, photosynthesis takes place in the green cells of the leaf by day.", "photosynthesis")
    assert fact.predicate == "In plants, ____ takes place in the green cells of the leaf by day."
    [fact] = told("During anaphase, the sister chromatids are pulled to the poles of the cell.", "anaphase")
    assert fact.predicate.startswith("During ____, ")


@pytest.mark.parametrize(
    "text",
    [
        "The virus infects the cells of the liver within a few days of the bite.",
        "Viruses infect the cells of other viruses and of bacteria in the sea at night.",
        "Viruses play an important role in many kinds of disease.",
        "Cells of the liver are entered by the virus within a few days.",
    ],
)
def test_commonplaces_and_single_cases_are_not_told(text: str) -> None:
    assert not told(text, "virus", "viruses")
