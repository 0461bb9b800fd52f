"""What a turn tells its door while it runs; each door translates these."""

from dataclasses import dataclass, field

from tools.questions.types import Mode
from tools.types import Citation, Hit, Scope


@dataclass(frozen=True, slots=True)
class Status:
    """What the tutor is doing right now, in the learner's words."""

    text: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """The turn waits for uploads of this chat; sent again whenever their progress changes."""

    filenames: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Token:
    """Text to append to the reply. A citation marker `[n]` is never split between tokens."""

    text: str


@dataclass(frozen=True, slots=True)
class Restart:
    """Forget the text so far: the model broke off and another one starts again; `reason` is for the learner."""

    reason: str


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation that has been checked against the stored page."""

    citation: Citation


@dataclass(frozen=True, slots=True)
class Trace:
    """How this was found: shown to the learner on request and kept in the query history."""

    route: str
    standalone: str
    scope_label: str
    hits: tuple[Hit, ...]
    milliseconds: dict[str, int]


@dataclass(frozen=True, slots=True)
class Done:
    """The turn is over; `answer` is the whole text, with only checked markers in it."""

    answer: str
    citations: tuple[Citation, ...] = ()
    confidence: float = 0.0
    refused: bool = False
    model: str = "built-in tutor"
    notices: tuple[str, ...] = ()
    trace: Trace | None = None
    dropped_citations: int = 0
    tokens: dict[str, int] = field(default_factory=dict)
    quiz_id: str = ""
    """The quiz or practice round that this turn began."""


@dataclass(frozen=True, slots=True)
class ScopeChanged:
    """The conversation's scope is another one now; `label` is its name for the learner."""

    label: str


@dataclass(frozen=True, slots=True)
class QuizStarted:
    """A quiz or practice round to be shown as a card, which reads its questions over HTTP; more may still come."""

    quiz_id: str
    mode: Mode
    text: str


@dataclass(frozen=True, slots=True)
class QuizChanged:
    """A practice round went on in words, by this turn: the card that shows it should read it again."""

    quiz_id: str


@dataclass(frozen=True, slots=True)
class ReviewDue:
    """How many questions are due in a scope, which is the conversation's or lies in it; `text` says it in words."""

    count: int
    text: str
    scope: Scope


Event = Status | Waiting | Token | Restart | Cited | ScopeChanged | QuizStarted | QuizChanged | ReviewDue | Done
