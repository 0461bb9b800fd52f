"""What a book says of itself: its terms, objectives, summaries, exercises with their answers, and index."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an entry begins: page index from 1, offsets into the page's text, and the path of headings."""

    page_index: int
    start: int
    end: int
    section: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeyTerm:
    """An entry of a list of terms or a glossary."""

    at: Spot
    term: str
    meaning: str
    kind: Literal["key_term"] = "key_term"


@dataclass(frozen=True, slots=True)
class Emphasised:
    """A term set in bold or italics, where it stands so for the first time in its section."""

    at: Spot
    term: str
    bold: bool
    kind: Literal["emphasised"] = "emphasised"


@dataclass(frozen=True, slots=True)
class Objective:
    """What a learner is to be able to do after a section."""

    at: Spot
    text: str
    kind: Literal["objective"] = "objective"


@dataclass(frozen=True, slots=True)
class Summary:
    """The book's own summary of a chapter, or of the section that `of` names."""

    at: Spot
    of: str
    text: str
    kind: Literal["summary"] = "summary"


@dataclass(frozen=True, slots=True)
class Exercise:
    """A question that the book asks, numbered as in the book; `heading` is what it stands under.

    `answer` is a letter where the book gives one for the choices, else its words; None where it gives none.
    """

    at: Spot
    heading: str
    number: int
    stem: str
    choices: tuple[str, ...] = ()
    answer: str | None = None
    kind: Literal["exercise"] = "exercise"


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A term of the index with the pages as printed there."""

    at: Spot
    term: str
    pages: tuple[str, ...]
    kind: Literal["index"] = "index"


Entry = KeyTerm | Emphasised | Objective | Summary | Exercise | IndexEntry
EntryKind = Literal["key_term", "emphasised", "objective", "summary", "exercise", "index"]


class ApparatusStore(Protocol):
    """Keeps what was found in each document."""

    def replace(self, document_id: str, entries: Sequence[Entry]) -> None:
        """Keep these in their order, and nothing that an earlier reading found."""
        ...

    def delete(self, document_id: str) -> None:
        """Keep nothing of a document."""
        ...

    def entries(self, document_ids: Collection[str], kinds: Collection[EntryKind] = ()) -> list[tuple[str, Entry]]:
        """Each with its document, in reading order; of all kinds if none is named."""
        ...
