"""What a turn is given to work with."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from langchain_core.language_models import BaseChatModel

from tools.outline import Reference
from tools.questions.types import Evidence, Kind, Mode, Verdict, Wanted
from tools.types import AnswerLength, Found, Learner, Progress, ResolvedScope, Scope

Search = Callable[[str, ResolvedScope, int], Awaitable[Found]]
Rerank = Callable[[str, Found], Awaitable[Found]]
"""What was found for a question, in a better order."""
PageText = Callable[[str, int], Awaitable[str | None]]
InChapter = Callable[[Reference, str, ResolvedScope, int], Awaitable[Found | None]]
"""The best passages on a question in the chapters that a reference names; None when the scope has no such chapter.

Without a question: on what their headings say.
"""


class Library(Protocol):
    """The learner's own library; every call is already limited to this learner and this conversation."""

    learner: Learner

    async def resolve(self, scope: Scope) -> ResolvedScope:
        """Document ids that are ready, and a name for them. Raises InvalidRequest for a name that does not exist."""
        ...

    async def titles(self) -> list[str]:
        """The books of the whole library that hold something to be searched."""
        ...

    async def tree(self) -> str:
        """The library as Markdown: semesters › subjects › books › documents with their states."""
        ...

    async def uploads(self) -> list[Progress]:
        """The documents dropped into this conversation, oldest first."""
        ...

    async def delete(self, name: str) -> str:
        """Delete the one document or book of that name; returns what was deleted. Raises NotFound or InvalidRequest."""
        ...

    async def elsewhere(self, scope: ResolvedScope) -> list[tuple[str, ResolvedScope]]:
        """The learner's books outside this scope: (title, its own scope)."""
        ...


Origin = Literal["new", "mistakes", "due"]
Level = Literal["same", "easier", "harder"]


@dataclass(frozen=True, slots=True)
class Started:
    """A quiz or round as it begins: `notice` says why there are or will be fewer questions than asked for."""

    quiz_id: str
    count: int
    label: str
    notice: str = ""


@dataclass(frozen=True, slots=True)
class AtHand:
    """The practice question that waits for an answer; nothing in it tells the key."""

    quiz_id: str
    item_id: str
    number: int
    kind: Kind
    stem: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answered:
    """How an answer was marked; `solution`, `why` and `evidence` only once the question is settled."""

    verdict: Verdict | None
    explanation: str
    settled: bool
    solution: str = ""
    why: str = ""
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """What waits for review in a scope; `topics` with their numbers, most first, `next_due` in words."""

    count: int
    label: str
    topics: tuple[tuple[str, int], ...] = ()
    next_due: str = ""


class LearnerQuizzes(Protocol):
    """The learner's quizzes and practice rounds; every call is already limited to this learner and conversation."""

    async def start(
        self, mode: Mode, wanted: Wanted, scope: Scope, origin: Origin, seconds: int | None = None
    ) -> Started:
        """Begin, and return when the first question is there; `seconds` is the time allowed.

        Raises StudyError when there will be none.
        """
        ...

    async def at_hand(self, quiz_id: str, item_id: str = "") -> AtHand | None:
        """This question if it is still open, else the next open one; None when there is none, or no such round."""
        ...

    async def answer(self, quiz_id: str, item_id: str, answer: str) -> Answered:
        """Keep and mark an answer. Raises StudyError for a round that is over."""
        ...

    async def hint(self, quiz_id: str, item_id: str) -> str:
        """A hint, which is noted down."""
        ...

    async def reveal(self, quiz_id: str, item_id: str) -> Answered:
        """Give up on a question: it is settled."""
        ...

    async def skip(self, quiz_id: str, item_id: str) -> None:
        """Leave a question out for now."""
        ...

    async def another(self, quiz_id: str, item_id: str, level: Level) -> str:
        """Add a question on the same topic; returns its id. Raises NotFound when there is none."""
        ...

    async def due(self, scope: Scope) -> Due:
        """What is due now in a scope. Raises InvalidRequest for a scope that is not there."""
        ...


class Answers(Protocol):
    """What a model has answered to this learner, by the prompt word for word."""

    async def get(self, prompt: str) -> str | None:
        """The whole answer as the model wrote it; None when it is not kept."""
        ...

    async def put(self, prompt: str, answer: str) -> None:
        """Keep an answer for a while."""
        ...


@dataclass(frozen=True)
class ChatModel:
    """A configured model with the name to show; its own retries and fallbacks lie behind it."""

    name: str
    chat: BaseChatModel


@dataclass(frozen=True)
class Deps:
    """Dependencies of one turn of one learner in one conversation; `clock` and `sleep` count seconds.

    `thread_id` is the key under which the conversation is remembered; `passages` is how many an answer rests on.
    """

    thread_id: str
    library: Library
    search: Search
    in_chapter: InChapter
    page_text: PageText
    quizzes: LearnerQuizzes
    model: ChatModel | None
    clock: Callable[[], float]
    length: AnswerLength = AnswerLength.NORMAL
    passages: int = 8
    rerank: Rerank | None = None
    is_crowded: bool = False
    """Many learners ask at once, so that less is done for each."""
    answers: Answers | None = None
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
