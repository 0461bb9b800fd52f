"""What a learner orders, and the row it becomes."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import uuid4

from app.persistence.tables import Quiz
from tools.questions.types import Difficulty, Kind, Mode, Wanted
from tools.types import Learner, QuizState, ResolvedScope, Scope


class Questions(StrEnum):
    """Where a quiz takes its questions from."""

    NEW = "new"
    MISTAKES = "mistakes"
    DUE = "due"


class LevelStep(StrEnum):
    """How hard another question on the same topic should be."""

    SAME = "same"
    EASIER = "easier"
    HARDER = "harder"


@dataclass(frozen=True, slots=True)
class Order:
    """What a learner asks for; `seconds` limits the time for a quiz."""

    mode: Mode
    wanted: Wanted
    scope: Scope = field(default_factory=Scope)
    thread_id: str | None = None
    seconds: int | None = None
    questions: Questions = Questions.NEW


def row_of(order: Order, scope: ResolvedScope) -> Quiz:
    """A quiz that waits for its writer."""
    wanted = order.wanted
    return Quiz(
        id=uuid4().hex,
        owner_id=scope.learner.id,
        thread_id=order.thread_id,
        mode=order.mode,
        state=QuizState.WRITING,
        topic=wanted.topic,
        difficulty=wanted.difficulty,
        kinds=list(wanted.kinds),
        document_ids=sorted(scope.document_ids),
        scope_label=scope.label,
        requested=wanted.count,
        seconds_allowed=order.seconds,
    )


def wanted_of(quiz: Quiz) -> tuple[ResolvedScope, Wanted]:
    """What the writer of a quiz needs to know."""
    scope = ResolvedScope(Learner(quiz.owner_id), frozenset(quiz.document_ids), quiz.scope_label)
    difficulty = Difficulty(quiz.difficulty) if quiz.difficulty else None
    return scope, Wanted(quiz.requested, quiz.topic, tuple(Kind(kind) for kind in quiz.kinds), difficulty)
