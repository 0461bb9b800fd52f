"""The state of one conversation, and of the turn that is under way in it."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, NotRequired, TypedDict

from langgraph.channels import UntrackedValue

from agent.deps import AtHand
from tools.types import Citation, Found, ResolvedScope, Scope

BUILT_IN = "built-in tutor"


class Route(StrEnum):
    """What an utterance wants."""

    ANSWER = "answer"
    QUIZ = "quiz"
    PRACTICE = "practice"
    GRADE = "grade"
    REVIEW = "review"
    LIBRARY = "library"
    TALK = "talk"


class Exchange(TypedDict):
    """One question of the learner, made standalone, and the reply to it."""

    question: str
    answer: str


class Action(StrEnum):
    """What can be done with the library and the scope."""

    LIST = "list"
    STATUS = "status"
    SHOW_SCOPE = "show scope"
    SET_SCOPE = "set scope"
    ASK_DELETE = "ask delete"
    DELETE = "delete"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Command:
    """What to do with the library; `name` is the scope, book or file that the learner named."""

    action: Action
    name: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """Where an utterance goes. `standalone` is the question without its context.

    `sure` is False where a model that knows the conversation should decide instead.
    """

    route: Route
    standalone: str
    command: Command | None = None
    sure: bool = True


@dataclass(frozen=True, slots=True)
class TurnReply:
    """What a node has told the learner."""

    text: str
    citations: tuple[Citation, ...] = ()
    refused: bool = False
    model: str = BUILT_IN
    dropped: int = 0
    tokens: dict[str, int] = field(default_factory=dict)
    about: str = ""
    """What a follow-up refers to, where that is not the learner's own question."""
    quiz_id: str = ""


class SavedScope(TypedDict):
    """A Scope as plain data: the checkpoint turns tuples into lists, and needs no class of ours this way.

    Conversations from before `chat_files` have none of it.
    """

    semester: str | None
    subject: str | None
    books: list[str]
    documents: list[str]
    chat_files: NotRequired[bool]


class Practising(TypedDict):
    """The practice round at hand and the question in it that was last shown."""

    quiz_id: str
    item_id: str


class Wished(TypedDict):
    """The last wish for new questions, as plain data."""

    mode: str
    topic: str | None
    count: int
    kinds: list[str]
    difficulty: str | None
    seconds: int | None


class Turn(TypedDict, total=False):
    """What lasts for the conversation comes first; what is untracked belongs to one turn and is never stored.

    `numbers` gives each quote (see tools.citations.key) its number, `told` holds the uploads already spoken about,
    `waited` those that a turn has waited for in vain, `deleting` the name whose deletion waits for a yes.
    `resolved` is the whole scope, or what a question names of it; `outside` says that it names a book elsewhere.
    """

    history: list[Exchange]
    scope: SavedScope
    numbers: dict[str, int]
    told: list[str]
    waited: list[str]
    deleting: str
    practising: Practising | None
    wished: Wished

    at_hand: Annotated[AtHand | None, UntrackedValue]
    question: Annotated[str, UntrackedValue]
    started: Annotated[float, UntrackedValue]
    decision: Annotated[Decision, UntrackedValue]
    pending: Annotated[list[str], UntrackedValue]
    whole: Annotated[ResolvedScope, UntrackedValue]
    resolved: Annotated[ResolvedScope, UntrackedValue]
    outside: Annotated[str, UntrackedValue]
    found: Annotated[Found, UntrackedValue]
    confidence: Annotated[float, UntrackedValue]
    supported: Annotated[bool, UntrackedValue]
    notices: Annotated[list[str], UntrackedValue]
    times: Annotated[dict[str, int], UntrackedValue]
    reply: Annotated[TurnReply, UntrackedValue]


def scope_of(state: Turn) -> Scope:
    """What the conversation is limited to."""
    saved = state.get("scope")
    if not saved:
        return Scope()
    return Scope(
        saved["semester"],
        saved["subject"],
        tuple(saved["books"]),
        tuple(saved["documents"]),
        saved.get("chat_files", True),
    )


def saved(scope: Scope) -> SavedScope:
    """The scope of a conversation as it is stored; one that lies within another is never a conversation's."""
    return SavedScope(
        semester=scope.semester,
        subject=scope.subject,
        books=list(scope.books),
        documents=list(scope.documents),
        chat_files=scope.chat_files,
    )
