"""What is read under the headings of a book's apparatus, each part by a reader of its own."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from ingestion.apparatus import index, terms
from ingestion.apparatus.parts import Part, part_of
from ingestion.apparatus.reading import LONGEST, Here, Opened
from tools.apparatus import Emphasised, IndexEntry, KeyTerm, Objective, Spot, Summary

_LONGEST_TERM = 90


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


class BookIndex:
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
