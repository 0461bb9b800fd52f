import pytest

from tests.support.study import passage
from tools.questions import facts, sorts


def sort(text: str) -> str:
    [fact] = facts.mine(passage(text))
    return sorts.sort(fact, fact)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Osmosis is the movement of water through a membrane that lets no salt pass.", sorts.HAPPENING),
        ("Gastrin is a hormone that makes the stomach of a mammal release its acid.", "substance"),
        ("Xylem is the tissue responsible for the transport of water from root to leaf.", "structure"),
        ("Botany is the study of the plants of a region and of their stems and leaves.", "study"),
        ("A comet is a lump of ice and dust that circles the Sun on a long path.", ""),
    ],
)
def test_what_is_defined_is_of_the_sort_of_its_first_noun(text: str, expected: str) -> None:
    assert sort(text) == expected


def test_where_the_first_noun_tells_nothing_the_name_does() -> None:
    text = "The coda phase is the calm end of a long earthquake, with small waves from far away."
    assert sort(text) == sorts.HAPPENING


def test_whatever_is_of_a_narrow_sort_can_be_taken_for_another_of_it() -> None:
    assert sorts.is_sure("cell", "cell")
    assert not sorts.is_sure("cell", "substance")
    assert not sorts.is_sure(sorts.HAPPENING, sorts.HAPPENING)
