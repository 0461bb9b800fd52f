"""Where the reading of a book is, and what reads a part of its apparatus."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from ingestion.apparatus.parts import Part
from ingestion.types import Block, Page
from tools.apparatus import Entry, Spot

LONGEST = 6000
"""Characters of a text: what is longer is no entry of an apparatus."""


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
