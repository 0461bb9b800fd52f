import pytest

from tests.support.study import passage
from tools.questions import assertions, events
from tools.questions.facts import Fact, FactKind
from tools.questions.names import Names
from tools.sentences import sentences

COAST = (
    "Ines Vidal, a Catalan physician, traced the fever to the wells in 1793. "
    "She believed that the fever spread through stale water. "
    "In 1801, the mapmaker Otto Brandt measured the whole coast. "
    "Brandt published Shores of the North in 1804, and the printer sold it dearly. "
    "Later, this work was forgotten by everybody. "
    "The harbour was rebuilt in 1822 by Karl Jensen."
)


def told(text: str) -> list[Fact]:
    return events.mine(passage(text), Names(sentences(text)))


def who(text: str) -> dict[str, str]:
    """For each deed the name of its doer."""
    return {f"{fact.link} {fact.predicate}": fact.term for fact in told(text) if fact.kind == FactKind.PERSON}


def test_who_did_what_is_told_without_what_others_did() -> None:
    assert who(COAST) == {
        "who traced the fever to the wells in 1793": "Ines Vidal",
        "who believed that the fever spread through stale water": "Ines Vidal",
        "who measured the whole coast in 1801": "Otto Brandt",
        "who published Shores of the North in 1804": "Brandt",
        "by whom was the harbour rebuilt in 1822": "Karl Jensen",
    }


def test_a_surname_brings_its_full_name() -> None:
    [fact] = [fact for fact in told(COAST) if fact.term == "Brandt"]
    assert fact.aliases == ("Otto Brandt",)


def test_what_she_did_rests_on_both_sentences() -> None:
    [fact] = [fact for fact in told(COAST) if "believed" in fact.predicate]
    assert fact.quote.startswith("Ines Vidal")
    assert fact.quote.endswith("stale water.")


@pytest.mark.parametrize(
    "text",
    [
        "Conti met Rosa Blasi in the port. She wrote a long treatise on the plague of the harbour towns.",
        "Thousands of Catalans flocked to the harbour in search of work and bread.",
        "In 1979, Paul Ekman became its chairman and raised the fees of every member.",
        "Otto Brandt rejected this view of the northern shore in his second book.",
    ],
)
def test_who_it_was_is_not_asked_where_somebody_must_be_guessed(text: str) -> None:
    assert not who(text)


def test_a_year_with_its_in_front_is_left() -> None:
    text = "In 1979, Paul Ekman became its chairman and raised the fees of every member."
    assert not told(text)


def asserted(text: str) -> list[Fact]:
    return assertions.mine(passage(text), Names(sentences(text)))


def test_a_plain_subject_is_found_with_all_that_is_said_of_it() -> None:
    [fact] = asserted("Bronze serves as a material for bells, a metal for coins, and an alloy for statues.")
    assert (fact.kind, fact.term) == (FactKind.SUBJECT, "bronze")
    assert fact.predicate == "serves as a material for bells, a metal for coins, and an alloy for statues"


@pytest.mark.parametrize(
    "text",
    [
        "The boy remained healthy after the second visit of the doctor.",
        "Economists measure how strongly buyers react to a change in price.",
        "The right side pumps the water up to the roof of the house.",
        "It lowers the pressure in the pipes of the whole building.",
    ],
)
def test_what_means_nothing_alone_or_little_is_left(text: str) -> None:
    assert not asserted(text)


def test_two_things_set_against_each_other_are_exchanged() -> None:
    text = "Inflows carry water into the lake, whereas outflows carry water out of the lake."
    [fact] = [fact for fact in asserted(text) if fact.kind == FactKind.CONTRAST]
    assert fact.predicate == "Outflows carry water into the lake, whereas inflows carry water out of the lake."


def test_a_whole_of_two_parts_asks_for_the_second() -> None:
    text = "The council has two chambers: the lower house and the senate."
    [fact] = [fact for fact in asserted(text) if fact.kind == FactKind.PAIR]
    assert (fact.term, fact.predicate) == ("senate", "The council has two chambers: the lower house and the ____.")


def test_names_of_other_kinds_are_asked_for_in_their_sentence() -> None:
    found = {
        fact.predicate: fact.link for fact in asserted("In 1640, Portugal left the long union with the crown of Spain.")
    }
    assert found == {"In 1640, ____ left the long union with the crown of Spain.": "country"}
