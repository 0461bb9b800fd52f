from tests.support.study import passage
from tools.questions import siblings


def named(text: str) -> list[tuple[str, ...]]:
    return [one.terms for one in siblings.mine(passage(text))]


def test_the_terms_of_a_list_stand_side_by_side() -> None:
    text = "The movements of the foot include inversion, plantar flexion (pointing), and the eversion of the sole."
    assert named(text) == [("inversion", "plantar flexion", "eversion of the")]


def test_two_words_are_no_list() -> None:
    assert not named("Water and salt move through the membrane, however slowly it may be.")
