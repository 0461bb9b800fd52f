"""The words the agent, the ingestion and the shell share."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

_LEARNER_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Learner:
    """Whose a request, a conversation or a row is: made at the door, and handed on down to the database.

    Raises ValueError for an id that could mean something else in a key or a path.
    """

    id: str
    email: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        """Ids come in tokens that others signed."""
        if not _LEARNER_ID.fullmatch(self.id):
            raise ValueError("not the id of a learner")


@dataclass(frozen=True, slots=True)
class Scope:
    """What the learner chose, by name or id. An empty field does not narrow; `documents` narrows to just those.

    The files of the conversation belong to it, too, unless `chat_files` is False. `within` is a scope that is not left.
    """

    semester: str | None = None
    subject: str | None = None
    books: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    chat_files: bool = True
    within: "Scope | None" = None

    @property
    def names_a_place(self) -> bool:
        """Whether it names a semester, subject or book."""
        return bool(self.semester or self.subject or self.books)

    def has_upload(self, document_id: str) -> bool:
        """Whether a file that was dropped into the conversation belongs to it."""
        return self.chat_files or document_id in self.documents

    def narrowed(self, to: "Scope") -> "Scope":
        """What `to` names, so far as it lies in this scope."""
        return replace(to, chat_files=False, within=self)


@dataclass(frozen=True, slots=True)
class ResolvedScope:
    """A scope turned into document ids on the server; the only thing search accepts.

    `unread` names files of the scope that are still being read, when nothing in it is ready yet.
    """

    learner: Learner
    document_ids: frozenset[str]
    label: str
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one page. `start` and `end` are character offsets into that page's stored text."""

    id: str
    document_id: str
    book: str
    filename: str
    page_index: int
    page_label: str
    page_kind: str
    section: tuple[str, ...]
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage with its cosine to the question; offsets are into the passage's text.

    `match` says how well the words of the question are matched by its own; where that is not known, it is the cosine.
    """

    start: int
    end: int
    cosine: float
    match: float = 0.0


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question: weighted score, its parts, and its sentences.

    `match` says how well the words of the question are matched by those of the passage, None where that is not known.
    """

    passage: Passage
    score: float
    cosine: float
    keyword: float
    sentences: tuple[Sentence, ...] = ()
    match: float | None = None


class Degraded(StrEnum):
    """What a search went without: the vector index, a measured model, the model that embeds, or the reranker."""

    VECTORS = "vectors"
    UNMEASURED = "unmeasured"
    EMBEDDER = "embedder"
    RERANKER = "reranker"


class AnswerLength(StrEnum):
    """How much a learner wants to read."""

    SHORT = "short"
    NORMAL = "normal"
    LONG = "long"


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found in a scope, best first, and how well that supports an answer.

    `rarity` gives each content word of the question its inverse document frequency in the scope;
    `degraded` is there so that the reply can say so; `passages` is how many there are to search, `spelt` has words that
    none of them holds, each with the one that it resembles.
    """

    question: str
    hits: tuple[Hit, ...] = ()
    rarity: dict[str, float] = field(default_factory=dict)
    degraded: Degraded | None = None
    passages: int = 0
    spelt: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote that stands on a page: `start` and `end` are character offsets into the stored page text."""

    n: int
    quote: str
    document_id: str
    book: str
    filename: str
    page_index: int
    page_label: str
    page_kind: str
    start: int
    end: int
    verified: bool = True


class JobState(StrEnum):
    """Where an upload stands; the last three are final."""

    QUEUED = "queued"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"
    CANCELLED = "cancelled"


class QueryState(StrEnum):
    """Of one question put to the tutor; one still running when its process is dead was interrupted."""

    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


class QuizState(StrEnum):
    """Of a quiz or practice round: its questions are being written, it takes answers, it is over."""

    WRITING = "writing"
    OPEN = "open"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the ingestion of one document is; `done` and `total` count the unit of the stage (pages or passages)."""

    document_id: str
    job_id: str
    filename: str
    state: JobState
    stage: str
    done: int
    total: int
    error: str | None = None


def page_name(kind: str, label: str) -> str:
    """How a learner names the place: `p. 212`, `slide 4`, `section 3`."""
    return f"p. {label}" if kind == "page" else f"{kind} {label}"


def section_name(section: Sequence[str]) -> str:
    """Headings from chapter to section, as a learner reads them."""
    return " › ".join(section)
