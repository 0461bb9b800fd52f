"""What a book is about: its concepts, with the words in which it says what they mean."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Why(StrEnum):
    """What makes a term a concept of its section."""

    GLOSSARY = "glossary"
    EMPHASIS = "emphasis"
    HEADING = "heading"
    INDEX = "index"
    MEANING = "meaning"
    FREQUENCY = "frequency"


class Form(StrEnum):
    """How a sentence says what a term means, which decides what can be asked about it."""

    ENTRY = "entry"
    """In a list of terms: `words` stand alone."""
    IS = "is"
    """`words` say what the term is: a kind of thing, and what sets it apart."""
    CALLED = "called"
    """The sentence names the term within it: `words` are the sentence with a gap."""
    SAID = "said"
    """The sentence only speaks of the term: enough to be compared with what a learner explains."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a book says a term is; `quote` is the page's text from `start` to `end`, `link` the verb before `words`."""

    form: Form
    words: str
    link: str
    page_index: int
    page_label: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class BookQuestion:
    """A question of the book's own with its choices and the letter of the right one; `quote` is how its page has it."""

    heading: str
    number: int
    stem: str
    choices: tuple[str, ...]
    answer: str
    page_index: int
    page_label: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Concept:
    """A term of a section: `passage_id` is where it is explained, `weight` how much its section is about it.

    `article` stands before it in a sentence; `aliases` are its other names; `uses` counts the sentences that name it;
    `exercises` are the book's own questions about it.
    """

    term: str
    section: tuple[str, ...]
    passage_id: str
    weight: float
    why: tuple[Why, ...]
    meanings: tuple[Meaning, ...] = ()
    article: str = ""
    is_plural: bool = False
    aliases: tuple[str, ...] = ()
    uses: int = 0
    exercises: tuple[BookQuestion, ...] = ()


class ConceptShelf(Protocol):
    """Gives the concepts of documents."""

    def weights(self, document_ids: Collection[str]) -> dict[str, float]:
        """By the id of each passage that explains a concept, how much the weightiest of them weighs."""
        ...

    def concepts(self, document_id: str) -> Sequence[Concept]:
        """In reading order."""
        ...
