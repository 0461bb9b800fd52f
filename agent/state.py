"""The checkpointed state of one conversation."""

from enum import StrEnum
from typing import TypedDict

from tools.types import Citation, Found, Scope


class Route(StrEnum):
    ANSWER = "answer"
    QUIZ = "quiz"
    PRACTICE = "practice"
    GRADE = "grade"
    LIBRARY = "library"
    TALK = "talk"


class Exchange(TypedDict):
    """One question of the learner, made standalone, and the reply to it."""

    question: str
    answer: str


class Turn(TypedDict, total=False):
    """`history`, `scope` and `citations` last for the conversation; the rest is written anew by each turn."""

    question: str
    history: list[Exchange]
    scope: Scope
    citations: list[Citation]
    route: Route
    standalone: str
    found: Found
    answer: str
