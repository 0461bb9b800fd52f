from pathlib import Path
from typing import Any

import pytest
import yaml

from agent.followups import leans_on_history, listed_items, standalone
from agent.state import Exchange
from tools.words import stem, stems

CASES = yaml.safe_load((Path(__file__).parents[3] / "evals" / "followups.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["asked"] for case in CASES])
def test_a_follow_up_is_made_to_stand_alone(case: dict[str, Any]) -> None:
    history = [Exchange(question=case["question"], answer=case.get("answer", ""))]
    made = standalone(case["asked"], history)
    if case.get("same"):
        assert made == case["asked"]
        return
    assert {stem(word) for word in case["needs"]} <= stems(made)
    assert not {stem(word) for word in case.get("not", [])} & stems(made)


LISTED = "1. Prophase: condensing [1]\n2. Metaphase: lining up [2]"


@pytest.mark.parametrize(
    ("question", "answer", "asked", "made"),
    [
        ("What are the phases of mitosis?", LISTED, "I don't understand the second point",
         "What is Metaphase (mitosis)?"),
        ("What are the phases of mitosis?", "", "I don't understand the second point",
         "I don't understand the second point (mitosis)?"),
        ("What is osmosis?", "", "and is it like sand or salt?", "is osmosis like sand or salt?"),
        ("What is osmosis?", "", "also, then, why does it matter", "why does osmosis matter?"),
        ("Explain a plain", "", "what about a valley?", "Explain a valley"),
        ("What is osmosis?", "", "what about \\1?", "What is \\1?"),
    ],
)  # fmt: skip
def test_words_are_put_in_whole_and_taken_out_whole(question: str, answer: str, asked: str, made: str) -> None:
    assert standalone(asked, [Exchange(question=question, answer=answer)]) == made


def test_without_a_conversation_nothing_is_added() -> None:
    assert standalone("why?", []) == "why?"
    assert not leans_on_history("why?", [Exchange(question="", answer="")])


@pytest.mark.parametrize(
    ("answer", "items"),
    [
        ("- Red: warm [1]\n- Blue: cold [2]", ["Red", "Blue"]),
        ("1. Red\n2. Blue\n3. Green", ["Red", "Blue", "Green"]),
        ("The colours are red, blue, and green [1].", ["red", "blue", "green"]),
        ("The network carries water and salt [1].", []),
        ("There are two: water and salt [1].", ["water", "salt"]),
        ("Nothing is listed here.", []),
    ],
)
def test_the_items_of_an_answer_are_read(answer: str, items: list[str]) -> None:
    assert listed_items(answer) == items
