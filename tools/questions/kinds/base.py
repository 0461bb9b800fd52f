"""What a kind of question has to know of itself."""

import hashlib
import re
import xml.etree.ElementTree as ET
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from tools.export.types import Question
from tools.numerals import lettered
from tools.questions.faults import Fault
from tools.questions.types import Item, Kind, Marked, Option, Point, Solver
from tools.wording import IsTerm

_FRAME = re.compile(
    r"^(?:what (?:is|are|was|were) the (?:term|name|word) for|which (?:of these|term|word|statement) \w+"
    r"|what (?:is|are|was|were|does|do))\b"
    r"|\b(?:called|mean|refer to)\?$|\?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Share:
    """What kinds may take of a mixed quiz, from 0 to 1; those with the same share have it together."""

    most: float


@dataclass(frozen=True, slots=True)
class RawQuestion:
    """What a model wrote, before anything of it is trusted; options are (text, is right, why), points (text, quote).

    `anchored` gives the page's own words for a quote, or nothing.
    """

    stem: str
    quote: str
    options: Sequence[tuple[str, bool, str]]
    answers: Sequence[str]
    points: Sequence[tuple[str, str]]
    anchored: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Parts:
    """What an item of this kind is made of beside its stem."""

    options: tuple[Option, ...] = ()
    key: tuple[str, ...] = ()
    rubric: tuple[Point, ...] = ()


class QuestionKind(ABC):
    """One kind of question: how it is asked for, written, checked, shown, answered, marked and taken away."""

    kind: ClassVar[Kind]
    title: ClassVar[str]
    """As in “multiple choice questions”."""
    names: ClassVar[str]
    """How a learner asks for it, as a pattern that means nothing else wherever it stands."""
    loose_names: ClassVar[str] = ""
    """Names that mean it only beside “questions”."""
    brief: ClassVar[str]
    """What a model is told to write."""
    form: ClassVar[str]
    """What an answer must be, told to who gave none."""
    lead: ClassVar[str] = ""
    """What is asked about the stem, where that is no question by itself."""
    tries: ClassVar[int] = 2
    """How often it may be tried in practice before its answer is shown."""
    share: ClassVar[Share | None] = None
    tells: ClassVar[bool] = True
    """Whether its answer is words that a stem, a hint or a topic could give away."""
    is_shuffled: ClassVar[bool] = False
    lists_options: ClassVar[bool] = False
    """Whether a learner must see the options to answer."""
    by_points: ClassVar[bool] = False
    """Whether it is marked by points that rules alone cannot always find in other words."""
    lines: ClassVar[int] = 1
    """Ruled lines to write on, on paper."""
    moodle_type: ClassVar[str]

    @abstractmethod
    def faults(self, item: Item) -> Iterator[Fault]:
        """What is wrong with an item of this kind beyond what may be wrong with any."""

    @abstractmethod
    def compose(self, written: RawQuestion) -> Parts | None:
        """The parts of what a model wrote; None where they do not fit."""

    @abstractmethod
    async def is_solved(self, item: Item, solver: Solver) -> bool:
        """Whether the evidence leads to the key and to nothing else."""

    async def is_guessable(self, item: Item, solver: Solver) -> bool:
        """Whether the key can be told from stem and options alone."""
        return False

    def solve_by_words(self, stem: str, options: tuple[str, ...], evidence: str | None) -> str | None:
        """What the words of the evidence choose, or without it those of the stem; None when they cannot tell."""
        return None

    @abstractmethod
    def is_answer(self, item: Item, answer: str) -> bool:
        """Whether an answer can be right or wrong at all."""

    def form_of(self, item: Item) -> str:
        """What an answer to this item must be."""
        return self.form

    @abstractmethod
    def mark(self, item: Item, answer: str, is_term: IsTerm) -> Marked:
        """The verdict on an answer that says something; the explanation never names the right one."""

    def statement(self, item: Item) -> str:
        """Question and answer as one statement, whatever the kind, so that a gap and a choice can be compared."""
        filled = item.stem.replace("____", item.answer)
        return filled if filled != item.stem else f"{item.answer} is {_FRAME.sub('', item.stem).strip()}"

    def in_chat(self, stem: str, options: Sequence[str]) -> str:
        """The question as it can be answered by typing."""
        lead = f" ({self.lead.lower()}?)" if self.lead else ""
        listed = "\n".join(f"{letter}. {text}" for letter, text in lettered(options))
        return f"{stem}{lead}" + (f"\n\n{listed}" if self.lists_options else "")

    @abstractmethod
    def gift(self, question: Question) -> Iterator[str]:
        """The lines between the braces of GIFT."""

    @abstractmethod
    def moodle(self, question: Question, node: ET.Element) -> None:
        """Add the answers to a question of Moodle XML, whose type is `moodle_type`."""


def option_id(stem: str, text: str) -> str:
    """Of the words alone, so that the same option is the same."""
    return hashlib.sha256(f"{stem}\x1f{text}".encode()).hexdigest()[:12]
