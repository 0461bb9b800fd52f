"""The cards of quizzes, practice rounds and reviews. They hold an id: what they show they read over HTTP."""

from typing import Any

import chainlit as cl

from tools.questions.types import Mode
from tools.types import Scope

CARD = "QuizCard"


def round_card(quiz_id: str, mode: Mode) -> cl.CustomElement:
    """A quiz or practice round, which may still be in writing."""
    return cl.CustomElement(name=CARD, props={"quiz_id": quiz_id, "mode": mode.value})


def review_card(thread_id: str, scope: Scope) -> cl.CustomElement:
    """What is due in a conversation's scope, or in a part of it that was named."""
    query = _named(scope) if scope.within else {"thread_id": thread_id}
    return cl.CustomElement(name=CARD, props={"mode": "review", "scope": query})


def _named(scope: Scope) -> dict[str, Any]:
    """The scope as the review's query has it."""
    names = {"active_semester": scope.semester, "active_subject": scope.subject, "active_books": list(scope.books)}
    return {name: value for name, value in names.items() if value}


async def read_again(quiz_id: str) -> None:
    """Tell the card of this quiz, in whichever place it is shown, that something has changed."""
    await cl.send_window_message(f"studyrag:quiz:{quiz_id}")
