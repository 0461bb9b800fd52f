import pytest

from tests.unit.tools.questions.shelf import item, options
from tools.questions import kinds
from tools.questions.evidence import shuffled
from tools.questions.solve import WordSolver
from tools.questions.types import Item, Kind


async def test_the_evidence_leads_to_the_key() -> None:
    assert await kinds.of(item().kind).is_solved(item(), WordSolver())


@pytest.mark.parametrize(
    "wrong",
    [
        item(key=("o1",)),
        item(options=options("sodium", "diffusion", "filtration", "endocytosis")),
        item(options=options("osmosis", "movement of water", "filtration", "endocytosis")),
        item(kind=Kind.GAP, options=(), key=("diffusion",), stem="____ is the movement of water through a membrane."),
        item(kind=Kind.TRUE_FALSE, options=options("True", "False"), stem="Diffusion is the movement of water."),
    ],
)
async def test_a_wrong_key_is_not_what_the_evidence_says(wrong: Item) -> None:
    assert not await kinds.of(wrong.kind).is_solved(wrong, WordSolver())


async def test_a_key_that_alone_repeats_the_question_can_be_guessed() -> None:
    assert not await kinds.of(item().kind).is_guessable(item(), WordSolver())
    echo = options("water movement", "diffusion", "filtration", "endocytosis")
    assert await kinds.of(item(options=echo).kind).is_guessable(item(options=echo), WordSolver())


def test_the_order_shown_to_a_solver_does_not_depend_on_the_key() -> None:
    assert shuffled(item()) == shuffled(item(key=("o2",)))
