"""The cards of quizzes, practice rounds and reviews. They hold an id: what they show they read over HTTP."""

from typing import Any

import chainlit as cl

from tools.questions.types import Mode
from tools.types import Scope

CARD = "QuizCard"


def round_card(quiz_id: str, mode: Mode) -> cl.CustomElement:
    return cl.CustomElement(name=CARD, props={"quiz_id": quiz_id, "mode": mode.value})


def review_card(scope: Scope) -> cl.CustomElement:
    return cl.CustomElement(name=CARD, props={"mode": "review", "scope": _named(scope)})


def _named(scope: Scope) -> dict[str, Any]:
    """The scope as the review's query has it; a conversation's own files have no name there."""
    names = {"active_semester": scope.semester, "active_subject": scope.subject, "active_books": list(scope.books)}
    return {name: value for name, value in names.items() if value}


async def read_again(quiz_id: str) -> None:
    """Tell the card of this quiz, in whichever place it is shown, that something has changed."""
    await cl.send_window_message(f"studyrag:quiz:{quiz_id}")
