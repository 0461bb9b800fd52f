"""The words of taking questions away."""

import dataclasses
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import TypeVar

from tools.errors import StudyError
from tools.numerals import lettered
from tools.questions.types import Evidence, Item, Option, Point
from tools.types import page_name
from tools.wording import terms

# What XML 1.0 and UTF-8 cannot hold: control characters, halves of surrogate pairs, non-characters.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

T = TypeVar("T")


class Format(StrEnum):
    """What questions can be taken away as."""

    ANKI = "anki"
    CSV = "csv"
    MOODLE = "moodle"
    GIFT = "gift"
    MARKDOWN = "markdown"
    PDF = "pdf"


class NothingToExport(StudyError):
    """There are no questions to take away yet: ask for a quiz first."""

    code = "nothing_to_export"
    status = 409


@dataclass(frozen=True, slots=True)
class Exported:
    """A file to download."""

    content: bytes
    media_type: str
    filename: str


@dataclass(frozen=True, slots=True)
class Question:
    """An item as it was shown: its number, from 1, and its options in that order."""

    number: int
    item: Item
    options: tuple[Option, ...]

    @property
    def lettered(self) -> list[tuple[str, Option]]:
        """The options as they were shown, each with its letter."""
        return lettered(self.options)

    @property
    def letter(self) -> str:
        """The letter of the right option; empty where there is nothing to choose."""
        return next((letter for letter, option in self.lettered if option.id in self.item.key), "")

    @property
    def answer(self) -> str:
        """The right answer in words; an open question may have only a rubric."""
        return self.item.answer if self.item.key else ""

    @property
    def also(self) -> list[str]:
        """Other terms that are right, too, where the answer is typed."""
        return [] if self.letter else terms(self.item.key)[1:]

    @property
    def source(self) -> str:
        """Book and page, as a citation names them."""
        evidence = self.item.evidence
        return f"{evidence.book}, {page_name(evidence.page_kind, evidence.page_label)}"


def as_shown(items: Sequence[Item], orders: Mapping[str, Sequence[str]]) -> list[Question]:
    """Number the items; options an order does not name follow those it does."""
    questions = []
    for number, item in enumerate((printable(item) for item in items), start=1):
        place = {option_id: n for n, option_id in enumerate(orders.get(item.id, ()))}
        options = sorted(item.options, key=lambda option: place.get(option.id, len(place)))
        questions.append(Question(number, item, tuple(options)))
    return questions


def printable(value: T) -> T:
    """The same value without the characters no file format can hold, all the way down."""
    match value:
        case Enum():
            return value
        case str():
            return _UNPRINTABLE.sub("", value)  # type: ignore[return-value]
        case tuple():
            return tuple(printable(part) for part in value)  # type: ignore[return-value]
        case Item() | Option() | Evidence() | Point():
            parts = {field.name: printable(getattr(value, field.name)) for field in dataclasses.fields(value)}
            return dataclasses.replace(value, **parts)
        case _:
            return value
