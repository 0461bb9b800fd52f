import pytest

from tests.unit.tools.questions.shelf import item, options
from tools.questions import lint
from tools.questions.types import Kind


def test_a_sound_question_has_no_fault() -> None:
    assert lint.faults(item()) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"options": options("osmosis", "Osmosis ", "filtration", "endocytosis")},
        {"options": options("osmosis", "diffusion", "filtration")},
        {"options": options("osmosis", "diffusion", "filtration", "all of the above")},
        {"options": options("osmosis", "diffusion", "filtration", "both of these")},
        {"options": options("the very slow movement of water through a membrane", "diffusion", "salt", "sugar")},
        {"key": ("elsewhere",)},
        {"key": ("o0", "o1")},
        {"key": ()},
        {"stem": "Which of these is osmosis, the movement of water through a membrane?"},
        {"stem": "What does this figure show about the movement of water?"},
        {"stem": "Why is it needed by the cells of a plant?"},
        {"stem": "These are moved through the membrane by which of the processes?"},
        {"stem": "Which of these is the movement of water [12] through a membrane?"},
        {"stem": "Which movement is described at https://example.org in full detail?"},
        {"stem": "Which of these is the movement of water through"},
        {"stem": "Which?"},
        {"stem": "Which of these is the movement of $x^2 through a membrane?"},
        {"stem": "Which of these is the \ufffd movement of water?"},
        {"hint": "It is osmosis."},
        {"hint": ""},
        {"kind": Kind.GAP, "options": (), "key": ("osmosis",)},
    ],
)
def test_each_fault_is_seen(changes: dict[str, object]) -> None:
    assert lint.faults(item(**changes))


def test_numbers_that_differ_in_sign_or_power_are_different_options() -> None:
    texts = options("$x^2$", "$x^{-2}$", "$x_2$", "$2x$")
    assert not lint.faults(item(options=texts, stem="Which term is the square of the number $x$?"))


def test_a_question_that_tells_the_answer_of_another_is_found() -> None:
    other = item(id="i2", stem="Through which kind of semipermeable membrane does water move by osmosis?")
    assert lint.gives_away(other, [item()]) == item()
    unrelated = item(id="i3", stem="Which organ would suffer first if osmosis failed in the kidney?")
    assert lint.gives_away(unrelated, [item()]) is None
