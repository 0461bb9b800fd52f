"""A question that a crash left without a reply is found again."""

from typing import Any

import pytest

from app.chat.session import unanswered
from app.persistence.tables import Query


def steps(*said: tuple[str, str]) -> list[Any]:
    return [{"type": f"{who}_message", "output": text} for who, text in said]


def noted(state: str) -> list[Query]:
    return [Query(question="What is osmosis?", state=state)]


def test_a_question_whose_answer_broke_off_is_offered_again() -> None:
    assert unanswered(steps(("user", "What is osmosis?")), noted("interrupted")) == "What is osmosis?"


def test_so_is_one_that_the_crash_left_without_a_trace() -> None:
    said = steps(("user", "What is osmosis?"), ("assistant", "Osmosis is …"), ("user", "And diffusion?"))
    assert unanswered(said, noted("done")) == "And diffusion?"


@pytest.mark.parametrize(
    ("said", "before"),
    [
        ([("user", "What is osmosis?"), ("assistant", "Osmosis is …")], "done"),
        ([("user", "What is osmosis?")], "running"),
        ([("user", "/library")], "done"),
        ([], "done"),
    ],
)
def test_nothing_else_is(said: list[tuple[str, str]], before: str) -> None:
    assert unanswered(steps(*said), noted(before)) is None
