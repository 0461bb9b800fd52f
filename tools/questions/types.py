"""The words of question writing, quizzes and marking."""

from collections.abc import AsyncGenerator, Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from tools.concepts.types import Concept
from tools.types import Passage

BOOK = "the book"
"""The writer of what a book asks itself."""


class Kind(StrEnum):
    """The kinds of questions; what each is stands in tools.questions.kinds."""

    SINGLE_CHOICE = "single_choice"
    TRUE_FALSE = "true_false"
    GAP = "gap"
    SHORT_ANSWER = "short_answer"
    OPEN = "open"


class Difficulty(StrEnum):
    """How hard a question is."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


class Bloom(StrEnum):
    """What has to be done with what is known, in Bloom's words."""

    REMEMBER = "remember"
    UNDERSTAND = "understand"
    APPLY = "apply"
    ANALYSE = "analyse"


class Mode(StrEnum):
    """Marked at the end, or at once."""

    QUIZ = "quiz"
    PRACTICE = "practice"


class Verdict(StrEnum):
    """What a marker says of an answer."""

    CORRECT = "correct"
    PARTLY = "partly"
    WRONG = "wrong"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Option:
    """`id` is stable whatever the order shown; `rationale` says why it is right or wrong."""

    id: str
    text: str
    rationale: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The passage an item rests on: `quote` is `page_text[start:end]`, verbatim."""

    document_id: str
    book: str
    filename: str
    page_index: int
    page_label: str
    page_kind: str
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a rubric for an open question, with the quote of the book it rests on."""

    text: str
    quote: str


@dataclass(frozen=True, slots=True)
class Item:
    """One question. `key` holds an option id, or for gap and short answers every accepted wording, best first.

    One of `second_choice` is sound, but asked only where there are not enough better ones.
    """

    id: str
    kind: Kind
    stem: str
    options: tuple[Option, ...]
    key: tuple[str, ...]
    rationale: str
    hint: str
    difficulty: Difficulty
    bloom: Bloom
    topic: str
    section: tuple[str, ...]
    evidence: Evidence
    writer: str
    rubric: tuple[Point, ...] = ()
    second_choice: bool = False
    version: int = 1

    @property
    def answer(self) -> str:
        """The right answer in words."""
        return next((option.text for option in self.options if option.id in self.key), self.key[0] if self.key else "")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a learner asked for; no kinds or difficulty means a mixture."""

    count: int = 10
    topic: str | None = None
    kinds: tuple[Kind, ...] = ()
    difficulty: Difficulty | None = None


@dataclass(frozen=True, slots=True)
class SourcePassage:
    """A passage to write from, with the text of its page and what its book says around it."""

    passage: Passage
    page_text: str
    chapter: str


@dataclass(frozen=True, slots=True)
class PassagePlace:
    """Where a passage stands, without its text: enough to choose from thousands."""

    passage_id: str
    document_id: str
    page_index: int
    section: tuple[str, ...]


class PassageShelf(Protocol):
    """The stored text of the books in scope; PassageStore with the places of all passages."""

    def places(self, document_ids: Collection[str]) -> list[PassagePlace]:
        """Of every passage of these documents, in reading order."""
        ...

    def passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        """By id; unknown ids are left out."""
        ...

    def page_text(self, document_id: str, page_index: int) -> str | None:
        """None where there is no such page."""
        ...


class Corpus(Protocol):
    """What a writer may know of the books in scope beyond the passage at hand."""

    def concepts(self, passage: Passage) -> Sequence[Concept]:
        """Those that a passage explains."""
        ...

    def around(self, passage: Passage) -> Sequence[Concept]:
        """Those of the passage's chapter, in reading order: where wrong options come from."""
        ...

    def beside(self, passage: Passage) -> Sequence[Concept]:
        """Those of the chapters before and after, for when one has too few of a kind."""
        ...


@dataclass(frozen=True, slots=True)
class Written:
    """A question, and the passage that it was written from; its evidence may stand elsewhere in the book."""

    source: SourcePassage
    item: Item


class QuestionWriter(Protocol):
    """Writes candidates from sources; what it yields is checked by the pipeline and may be dropped."""

    name: str
    batch: int
    """How many sources it reads at once."""
    varies: bool
    """Whether it may write something else when it is asked about the same sources again."""

    def write(self, sources: Sequence[SourcePassage], wanted: Wanted, corpus: Corpus) -> AsyncGenerator[Written, None]:
        """Questions about these passages, each as soon as it is written. Raises ModelBusy and ModelFailed."""
        ...


class Solver(Protocol):
    """Sees stem, options in an order that tells nothing, and evidence; never the key."""

    async def solve(self, kind: Kind, stem: str, options: tuple[str, ...], evidence: str | None) -> str | None:
        """The option chosen or the words to fill in; None when it cannot tell."""
        ...


@dataclass(frozen=True, slots=True)
class Marked:
    """The verdict on one answer; `points` says for each rubric point whether and where the answer makes it."""

    verdict: Verdict
    score: float
    explanation: str
    points: tuple[tuple[Point, bool, str], ...] = field(default=())
