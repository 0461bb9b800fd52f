"""What is read under the headings of a book's apparatus, each part by a reader of its own."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from ingestion.apparatus import index, keys, numbered, terms
from ingestion.apparatus.numbered import Question, Questions
from ingestion.apparatus.parts import Part, part_of
from ingestion.types import Block, Page
from tools.apparatus import Emphasised, Entry, Exercise, IndexEntry, KeyTerm, Objective, Spot, Summary

LONGEST = 6000
"""Characters of a text: what is longer is no entry of an apparatus."""
_LONGEST_TERM = 90


@dataclass(frozen=True, slots=True)
class Here:
    """Where the reading is: `chapter` is the path by the contents, its `place` counted from 1, `section` by the text.

    `is_first`: nothing stands above the block on its page; `is_known`: its heading stood in this chapter before.
    """

    page: Page
    block: Block
    section: tuple[str, ...]
    chapter: tuple[str, ...]
    place: int
    is_first: bool = False
    is_known: bool = False

    def spot(self, start: int = 0, end: int | None = None) -> Spot:
        """A part of the block by offsets into its text."""
        length = len(self.block.text) if end is None else end
        return Spot(self.page.index, self.block.start + start, self.block.start + length, self.section)


@dataclass(frozen=True, slots=True)
class Opened:
    """The part that is being read, with its heading, its depth, and the place of its chapter."""

    part: Part | None = None
    heading: str = ""
    depth: int = 0
    place: int = 0


class Reader(Protocol):
    """Reads what stands under the headings of one part."""

    def open(self, opened: Opened, here: Here) -> None:
        """A heading of this part."""
        ...

    def stays(self, opened: Opened, here: Here) -> bool:
        """Whether a heading stands within the part, rather than ends it."""
        ...

    def read(self, here: Here) -> None:
        """The next block."""
        ...

    def entries(self) -> Iterator[Entry]:
        """What was found."""
        ...


@dataclass(slots=True)
class _Text:
    """A text that goes on over blocks and pages."""

    at: Spot
    name: str
    parts: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return " ".join(part for part in self.parts if part)[:LONGEST]


class Terms:
    """A list of terms, or a glossary."""

    def __init__(self) -> None:
        self._found: list[_Text] = []
        self._alone: Here | None = None

    def open(self, opened: Opened, here: Here) -> None:
        """Entries are told apart by their terms; what stood before is none."""
        self._alone = None

    def stays(self, opened: Opened, here: Here) -> bool:
        """A bold line of a list looks like a heading, deeper than that of the list."""
        text, depth = here.block.text, here.block.depth
        if depth <= opened.depth or len(text) > _LONGEST_TERM or text[:1].isdigit():
            return False
        if len(text) > 1:
            self._found.append(_Text(here.spot(), terms.flat(text)))
        return True

    def read(self, here: Here) -> None:
        """The entries that begin in the block, and what belongs to the one before."""
        if self._alone and here.block.category == "ListItem":
            self._found.append(_Text(self._alone.spot(), terms.flat(self._alone.block.text), [here.block.text]))
            self._alone = None
            return
        found = terms.entries(here.block)
        # A definition list of the web is a term by itself, then an item.
        self._alone = here if not found and here.block.category == "UncategorizedText" else None
        if not self._alone:
            self._take(here, found)

    def _take(self, here: Here, found: list[terms.Found]) -> None:
        last = self._found[-1] if self._found else None
        if last and found and found[0][2] == 0 and not last.parts:
            term, meaning, _ = found.pop(0)
            last.name, last.parts = f"{last.name} {term}", [meaning]
        elif last and (rest := terms.before_first(here.block)):
            last.parts.append(rest)
        self._found += [_Text(here.spot(at), term, [meaning]) for term, meaning, at in found]

    def entries(self) -> Iterator[KeyTerm]:
        """Those that have a meaning."""
        return (KeyTerm(text.at, text.name, str(text)) for text in self._found if text.name and str(text))


class Summaries:
    """The summary of a chapter, by its sections where they are named."""

    def __init__(self) -> None:
        self._found: list[_Text] = []

    def open(self, opened: Opened, here: Here) -> None:
        """A summary begins, of no section yet."""
        self._found.append(_Text(here.spot(), ""))

    def stays(self, opened: Opened, here: Here) -> bool:
        """The headings of the chapter's sections come again, or deeper ones."""
        if here.is_known or here.block.depth > opened.depth:
            self._found.append(_Text(here.spot(), here.block.text))
            return True
        return False

    def read(self, here: Here) -> None:
        """A paragraph."""
        self._found[-1].parts.append(terms.flat(here.block.text))

    def entries(self) -> Iterator[Summary]:
        """Those that say something."""
        return (Summary(text.at, text.name, str(text)) for text in self._found if str(text))


class Objectives:
    """The items behind a heading, or behind a line that names them."""

    def __init__(self) -> None:
        self._found: list[Objective] = []
        self._is_open = False

    def open(self) -> None:
        """A heading names objectives."""
        self._is_open = True

    def close(self) -> None:
        """Another heading."""
        self._is_open = False

    def take(self, here: Here) -> bool:
        """Whether the block belongs to them."""
        text = here.block.text
        if self._is_open and here.block.category == "ListItem":
            self._found.append(Objective(here.spot(), terms.flat(text).lstrip("•●▪-–* ")[:LONGEST]))
            return True
        introduces = self._is_open and text.rstrip().endswith(":")
        self._is_open = introduces or part_of(text.split("\n", 1)[0]) is Part.OBJECTIVES
        return self._is_open

    def entries(self) -> Iterator[Objective]:
        """In reading order."""
        return iter(self._found)


class Exercises:
    """Questions under their headings, and the answers that the book gives to them elsewhere."""

    def __init__(self) -> None:
        self.answers = Answers()
        self._asked: list[tuple[Question, Here]] = []
        self._questions = Questions("", 0)
        self._chapter: tuple[int, int] = 0, 0

    def open(self, opened: Opened, here: Here) -> None:
        """Numbers go on from the last heading of the chapter, or begin anew."""
        place, last = self._chapter
        self._questions = Questions(opened.heading, last if place == here.place else 0)

    def stays(self, opened: Opened, here: Here) -> bool:
        """Every heading ends the questions under the one before."""
        return False

    def read(self, here: Here) -> None:
        """A question, a choice, or what goes on."""
        begun = self._questions.add(here.block.text, here.is_first)
        if begun:
            self._asked.append((begun, here))
        self._chapter = here.place, self._questions.last

    def entries(self) -> Iterator[Exercise]:
        """With the answers that were found anywhere in the document."""
        for question, here in self._asked:
            yield _exercise(question, here.spot(), self.answers.to(question.number, here))


def _exercise(question: Question, at: Spot, answer: str | None) -> Exercise:
    """Letters in parentheses are parts of the question, unless the book's answer is one of them."""
    is_letter = answer is not None and len(answer) == 1
    if len(question.choices) > 1 and (is_letter or not question.enclosed):
        choices = tuple(choice[:LONGEST] for choice in question.choices)
        return Exercise(at, question.heading, question.number, question.stem[:LONGEST], choices, answer)
    parts = (f"({chr(ord('a') + n)}) {part}" for n, part in enumerate(question.choices))
    stem = "\n".join([question.stem, *parts])[:LONGEST]
    return Exercise(at, question.heading, question.number, stem, (), answer)


class Answers:
    """The answer key, or the solutions."""

    def __init__(self) -> None:
        self._key: keys.Key = {}
        self._group = ""
        self._last: tuple[str, int] | None = None

    def open(self, opened: Opened, here: Here) -> None:
        """They belong to the chapter that the heading numbers, else to the one that they stand in."""
        self._group = keys.number_of(opened.heading) or keys.first_number(here.chapter) or keys.by_place(here.place)
        self._last = None

    def stays(self, opened: Opened, here: Here) -> bool:
        """Deeper headings name the chapters or sections that the answers belong to."""
        if here.block.depth <= opened.depth and not keys.number_of(here.block.text):
            return False
        self._group = keys.number_of(here.block.text) or self._group
        self._last = None
        return True

    def read(self, here: Here) -> None:
        """The answers that begin in the block, and what belongs to the one before."""
        begun = list(numbered.answers(here.block.text))
        if not begun and self._last:
            name, number = self._last
            self._key[name][number] = f"{self._key[name][number]} {terms.flat(here.block.text)}"[:LONGEST]
        for prefix, number, answer in begun:
            self._last = prefix or self._group, number
            self._key.setdefault(self._last[0], {}).setdefault(number, answer[:LONGEST])

    def to(self, number: int, here: Here) -> str | None:
        """The answer to a question that stood there."""
        return keys.answer_to(number, here.chapter, here.place, self._key)

    def entries(self) -> Iterator[Entry]:
        """None of their own: they are given with the exercises."""
        return iter(())


class Index:
    """The index at the end."""

    def __init__(self) -> None:
        self._found: list[IndexEntry] = []

    def open(self, opened: Opened, here: Here) -> None:
        """Nothing is to be done."""

    def stays(self, opened: Opened, here: Here) -> bool:
        """Letters of the alphabet, and terms that look like headings."""
        if here.block.depth > opened.depth or len(here.block.text) == 1:
            self.read(here)
            return True
        return False

    def read(self, here: Here) -> None:
        """The entries of a block."""
        for term, pages, start in index.entries(here.block.text):
            self._found.append(IndexEntry(here.spot(start, start + len(term)), term, pages))

    def entries(self) -> Iterator[IndexEntry]:
        """In the order of the index."""
        return iter(self._found)


class Stresses:
    """What stands out in the text of chapters, where it does so first in its section."""

    def __init__(self) -> None:
        self._found: dict[tuple[tuple[str, ...], str], Emphasised] = {}

    def read(self, here: Here) -> None:
        """A paragraph."""
        for term, mark in terms.emphasised(here.block):
            found = Emphasised(here.spot(mark.start, mark.end), term, mark.bold)
            self._found.setdefault((here.section, term.casefold()), found)

    def entries(self) -> Iterator[Emphasised]:
        """In reading order."""
        return iter(self._found.values())
