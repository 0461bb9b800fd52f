import pytest

from agent.moves import Move, asks, move
from agent.wishes import MOST, wish
from tools.questions.types import Difficulty, Kind, Wanted

HARD, EASY = Difficulty.HARD, Difficulty.EASY


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("quiz me on mitosis, 10 hard ones", Wanted(10, "mitosis", (), HARD)),
        ("give me 5 true/false questions about osmosis", Wanted(5, "osmosis", (Kind.TRUE_FALSE,))),
        (
            "Can you give me 20 multiple choice questions from chapter 3?",
            Wanted(20, "chapter 3", (Kind.SINGLE_CHOICE,)),
        ),
        ("ten questions on the French Revolution", Wanted(10, "the French Revolution")),
        ("osmosis 10", Wanted(10, "osmosis")),
        ("10", Wanted(10)),
        ("", Wanted()),
        ("hard", Wanted(10, None, (), HARD)),
        ("easy, mitosis", Wanted(10, "mitosis", (), EASY)),
        ("quiz me on this book", Wanted()),
        ("quiz me on world war 2", Wanted(10, "world war 2")),
        ("chapter 10", Wanted(10, "chapter 10")),
        ("test me on the test cross", Wanted(10, "the test cross")),
        ("give me a quiz on the problem of evil", Wanted(10, "the problem of evil")),
        ("10 hard mcqs about hard disks", Wanted(10, "hard disks", (Kind.SINGLE_CHOICE,), HARD)),
        ("Give me a hard question about cells", Wanted(1, "cells", (), HARD)),
        ("practice gap questions on cells", Wanted(10, "cells", (Kind.GAP,))),
        ("open questions about the open ocean", Wanted(10, "the open ocean", (Kind.OPEN,))),
        ("let's practice the cell cycle", Wanted(10, "cell cycle")),
        ("practice Bone Remodeling", Wanted(10, "Bone Remodeling")),
        ("Adrenal Cortex 7", Wanted(7, "Adrenal Cortex")),
        ("Quiz me on Acetyl CoA to CO2, 10 questions", Wanted(10, "Acetyl CoA to CO2")),
        ("quiz me with 5 questions on osmosis", Wanted(5, "osmosis")),
    ],
)
def test_a_wish_is_taken_apart(said: str, wanted: Wanted) -> None:
    assert wish(said).wanted == wanted
    assert not wish(said).trouble


@pytest.mark.parametrize(
    "said", ["0", "-1", "−1", "10,000", "osmosis 101", "quiz me on 0 questions", "2.5 questions on cells"]
)
def test_a_count_that_cannot_be_is_troubled_in_words(said: str) -> None:
    assert "questions" in wish(said).trouble


@pytest.mark.parametrize("said", ["repeat my mistakes", "quiz me on my mistakes", "what I got wrong", "my last errors"])
def test_mistakes_are_asked_for_by_name(said: str) -> None:
    assert wish(said).origin == "mistakes"
    assert wish(said).wanted.topic is None


@pytest.mark.parametrize(
    "said", ["1," * 4000, "9" * 4000, "1.1.1.1", "quiz me on 192.168.0.1", "10 " * 2000, "hard " * 2000]
)
def test_odd_and_endless_wishes_are_survived(said: str) -> None:
    assert wish(said).wanted.count <= MOST


def test_mistakes_in_a_subject_are_a_topic() -> None:
    assert wish("quiz me on common mistakes in statistics").origin == "new"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("hint", Move.HINT),
        ("Give me a hint, please!", Move.HINT),
        ("next", Move.SKIP),
        ("/skip", Move.SKIP),
        ("another like this", Move.SAME),
        ("Another one", Move.SAME),
        ("easier", Move.EASIER),
        ("That was too hard.", Move.EASIER),
        ("give me a harder one", Move.HARDER),
        ("I give up", Move.REVEAL),
        ("what's the answer?", Move.REVEAL),
        ("stop", Move.STOP),
        ("hint of salt", None),
        ("the next generation", None),
        ("answer by natural selection", None),
        ("stop codon", None),
    ],
)
def test_moves_are_told_from_answers(said: str, expected: Move | None) -> None:
    assert move(said) == expected


@pytest.mark.parametrize(
    ("said", "is_question"),
    [
        ("What is osmosis?", True),
        ("explain osmosis", True),
        ("and why does that happen", True),
        ("osmosis", False),
        ("because water moves to the salt", False),
        ("it is the division of the nucleus", False),
    ],
)
def test_questions_are_told_from_answers(said: str, is_question: bool) -> None:
    assert asks(said) is is_question
