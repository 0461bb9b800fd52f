import pytest

from tests.support.study import passage
from tools.questions import events, facts
from tools.questions.facts import Fact, FactKind


def mined(text: str) -> list[Fact]:
    return facts.mine(passage(text)) + events.mine(passage(text))


@pytest.mark.parametrize(
    ("text", "kind", "term"),
    [
        ("Osmosis is the movement of water through a membrane that lets no salt pass.", FactKind.DEFINITION, "osmosis"),
        ("Cyclins are proteins whose amount rises and falls in each round.", FactKind.DEFINITION, "cyclins"),
        ("Torpor refers to a state in which an animal saves energy in winter.", FactKind.DEFINITION, "torpor"),
        ("The arrangement of leaves on a stem is called phyllotaxy.", FactKind.NAMED, "phyllotaxy"),
        (
            "A sequence is called geometric if the ratio of successive terms is constant.",
            FactKind.NAMED,
            "geometric",
        ),
        ("The skull consists of eight cranial bones and fourteen facial bones.", FactKind.PARTS, "skull"),
        ("Gastrin stimulates the release of acid from the lining of the stomach.", FactKind.FUNCTION, "gastrin"),
        ("In 1559 Pope Paul IV issued the first papal Index of Forbidden Books.", FactKind.YEAR, "1559"),
        ("In 1559 Pope Paul IV issued the first papal Index of Forbidden Books.", FactKind.PERSON, "Pope Paul IV"),
        ("The human gut has a length of 8 metres from the mouth to its end.", FactKind.AMOUNT, "8"),
    ],
)
def test_what_a_sentence_states_is_found(text: str, kind: FactKind, term: str) -> None:
    assert (kind, term) in [(fact.kind, fact.term) for fact in mined(text)]


@pytest.mark.parametrize(
    "text",
    [
        "This process is the movement of water through a membrane that lets no salt pass.",
        "It is the movement of water through a membrane that lets no salt pass.",
        "However, osmosis is the movement of water through a membrane that lets no salt pass.",
        "Osmosis is a similar process that happens on a smaller scale in the root.",
        "Osmosis, shown in Figure 4, is the movement of water through a membrane.",
        "Osmosis is an important part of the life of every plant on the land.",
        "Osmosis is the movement of water [12] through a membrane that lets no salt pass.",
        "Osmosis (b) is the movement of water through a membrane that lets no salt pass.",
        "Osmosis is described at www.example.org as the movement of water through a membrane.",
        "CardiologistOsmosis is the movement of water through a membrane that lets no salt pass.",
        "The womb is a structure about the size of the fist of a grown woman.",
        "Organelles are small structures that exist within the cells of an animal.",
        "Parasitic forms of worms live in the gut of every kind of animal that eats raw meat.",
        "The press was in wide use by 1500 in the towns along the river.",
        "In fact, the gut has a length of 8 metres from the mouth to its end.",
        "Entropy is a measure of disorder among particles, and in a closed system it never falls.",
        "A defining feature is the lack of paired fins at the side of the body.",
        "The ileum is the organ where the digestion of protein, fats, and sugars is completed.",
        "A vertex v is the root of low(v)= v.pre in the graph G that we have seen.",
    ],
)
def test_what_cannot_be_understood_alone_is_left(text: str) -> None:
    assert not mined(text)


def test_a_clause_that_only_adds_is_cut_and_never_leaves_a_torn_sentence() -> None:
    [fact] = facts.mine(passage("Xylem is the tissue that carries water up the stem, which can be long."))
    assert fact.predicate == "the tissue that carries water up the stem"
    assert not facts.mine(passage("Splicing is a step in which parts, such as introns, are removed from the strand."))


def test_an_abbreviation_in_brackets_is_another_name() -> None:
    [fact] = facts.mine(passage("Deoxyribonucleic acid (DNA) is the molecule that carries the plan of each cell."))
    assert fact.aliases == ("DNA",)


def test_the_quote_is_the_sentence_as_it_stands() -> None:
    text = "Here it comes. The fovea is the region of the\nretina that sees the finest detail."
    [fact] = facts.mine(passage(text))
    assert fact.quote in text
    assert "\n" not in fact.sentence


def test_a_mark_of_a_link_goes_and_takes_no_letter_with_it() -> None:
    [fact] = facts.mine(passage("Proline is the amino acid that bends every protein chain ([[link]](#fig-1))."))
    assert fact.sentence == "Proline is the amino acid that bends every protein chain."
    assert fact.quote.endswith("([[link]](#fig-1)).")


def test_the_choices_of_an_exercise_of_the_book_state_nothing() -> None:
    told = "Xylem is the tissue that carries water up the stem of a tall plant."
    exercise = (
        "Which of the following is right? 1. Phloem is the tissue that carries stones up the stem of a tall plant."
    )
    more = "Cork is the tissue that carries light to the roots of a tall plant."
    assert [fact.term for fact in mined(f"{told} {exercise} {more}")] == ["xylem"]
