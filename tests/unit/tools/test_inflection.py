import pytest

from tools.inflection import base, is_plural, learned_plurals, other_number, past, singulars, third


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("cell", "cells"),
        ("theory", "theories"),
        ("day", "days"),
        ("box", "boxes"),
        ("branch", "branches"),
        ("wave", "waves"),
        ("leaf", "leaves"),
        ("child", "children"),
        ("bacterium", "bacteria"),
        ("guard cell", "guard cells"),
        ("white mouse", "white mice"),
    ],
)
def test_a_noun_and_its_other_number(one: str, many: str) -> None:
    assert other_number(one) == many
    assert other_number(many) == one
    assert (is_plural(one), is_plural(many)) == (False, True)
    assert one.split()[-1] in singulars(many.split()[-1])


@pytest.mark.parametrize("noun", ["physics", "lens", "gas", "osmosis", "nucleus", "mass"])
def test_what_only_looks_like_many_is_one(noun: str) -> None:
    assert not is_plural(noun)


def test_the_plural_of_an_analysis_and_of_an_abbreviation() -> None:
    assert other_number("analysis") == "analyses"
    assert other_number("DNA") == "DNA"


def test_only_long_words_have_learned_plurals() -> None:
    assert "mitochondria" in learned_plurals("mitochondrion")
    assert learned_plurals("focus") == []


@pytest.mark.parametrize(
    ("verb", "finite", "past_form"),
    [
        ("carry", "carries", "carried"),
        ("play", "plays", "played"),
        ("move", "moves", "moved"),
        ("stop", "stops", "stopped"),
        ("push", "pushes", "pushed"),
        ("catalyze", "catalyzes", "catalyzed"),
    ],
)
def test_a_regular_verb_and_its_forms(verb: str, finite: str, past_form: str) -> None:
    assert (third(verb), past(verb), base(finite)) == (finite, past_form, verb)


def test_a_verb_in_o_takes_es_and_a_noun_does_not() -> None:
    assert third("go") == "goes"
    assert other_number("photo") == "photos"
