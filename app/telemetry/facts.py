"""What is worth telling of a turn, a quiz or an opinion when it is over; each sink says it in its own way."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from agent.events import Done
from tools.types import QueryState


@dataclass(frozen=True, slots=True)
class Span:
    """When something began, how many seconds it took, and for which request it was done."""

    started: datetime
    seconds: float
    request_id: str

    @property
    def ended(self) -> datetime:
        """In UTC, as `started`."""
        return self.started + timedelta(seconds=self.seconds)


@dataclass(frozen=True, slots=True)
class TurnFacts:
    """A turn of a conversation. `first_token` in seconds, `error` the code of a failure, `dollars` None if unknown."""

    query_id: str
    owner_id: str
    thread_id: str
    question: str
    span: Span
    state: QueryState
    first_token: float | None = None
    done: Done | None = None
    error: str = ""
    tokens: dict[str, int] = field(default_factory=dict)
    dollars: float | None = None

    @property
    def route(self) -> str:
        """What the learner wanted; empty where it did not come so far."""
        return self.done.trace.route if self.done and self.done.trace else ""

    @property
    def outcome(self) -> str:
        """How it ended: refused, or a QueryState."""
        return "refused" if self.done and self.done.refused else str(self.state)


@dataclass(frozen=True, slots=True)
class QuizFacts:
    """The writing of a quiz, by one process, up to its end."""

    quiz_id: str
    owner_id: str
    thread_id: str
    span: Span
    mode: str
    topic: str
    scope_label: str
    requested: int
    delivered: int
    reason: str = ""
    error: str = ""
    tokens: dict[str, int] = field(default_factory=dict)
    dollars: float | None = None


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a learner thinks of an answer: 1 or 0, and perhaps words."""

    id: str
    query_id: str
    owner_id: str
    score: int
    comment: str


class Sink(Protocol):
    """Somebody who is told. No method waits for anything, or raises for a server that is away."""

    def turn(self, facts: TurnFacts) -> None:
        """A turn is over."""

    def quiz(self, facts: QuizFacts) -> None:
        """A quiz is written, or will not be."""

    def opinion(self, opinion: Opinion) -> None:
        """A learner has judged an answer."""

    def close(self) -> Any:
        """The process ends: what was told is sent, within seconds."""
