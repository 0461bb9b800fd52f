"""Pages to passages: one chunking step for all formats, which respects headings and never crosses a page."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from unstructured.chunking.basic import chunk_elements
from unstructured.chunking.title import chunk_by_title
from unstructured.documents.elements import Element, Text, Title

from ingestion.types import Block, Chunk, Outline, Page
from tools import sentences

BETWEEN = 2
LINE_END = re.compile(r"\n")
PERIOD = re.compile(r"[.!?][\"'”’)\]]*\s+")


class ChunkConfig(BaseModel):
    """`combine_under` characters: a section shorter than that shares a passage with the next one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    strategy: Literal["by_title", "basic"] = "by_title"
    max_characters: int = Field(default=1000, ge=100, le=1500)
    new_after: int | None = Field(default=None, ge=50, le=1500)
    overlap: int = Field(default=0, ge=0, le=500)
    combine_under: int = Field(default=200, ge=0, le=1500)

    @model_validator(mode="after")
    def _parts_fit_the_whole(self) -> Self:
        if self.overlap > self.max_characters // 2:
            raise ValueError("overlap must be at most half of max_characters")
        if self.combine_under > self.max_characters:
            raise ValueError("combine_under must be at most max_characters")
        return self


class SectionPath:
    """Follows the headings over the pages in order and says where each block stands: chapter › section."""

    def __init__(self, outline: Outline) -> None:
        self._listed = [(page, level, heading) for level, heading, page in outline.contents]
        self._next = 0
        self._path: list[tuple[int, str]] = []

    def follow(self, page: Page) -> list[tuple[str, ...]]:
        """The section path of each block of the next page; call it once for each page, in order."""
        while self._next < len(self._listed) and self._listed[self._next][0] < page.index:
            self._enter_listed()
        paths = []
        for block in page.blocks:
            if block.category == "Title":
                self._enter(block)
            paths.append(tuple(heading for _, heading in self._path))
        return paths

    def _enter_listed(self) -> None:
        """A heading of the table of contents that no block showed."""
        _, level, heading = self._listed[self._next]
        self._next += 1
        if not any(_same(heading, shown) for _, shown in self._path):
            self._open(level, heading)

    def _enter(self, block: Block) -> None:
        for at in range(self._next, len(self._listed)):
            page, level, heading = self._listed[at]
            if _same(heading, block.text):
                self._skip_to(at)
                self._next = at + 1
                self._open(level, heading)
                return
            if page > self._page_limit():
                break
        self._open(block.depth or 1, block.text)

    def _page_limit(self) -> int:
        return self._listed[self._next][0] if self._next < len(self._listed) else 0

    def _skip_to(self, at: int) -> None:
        while self._next < at:
            self._enter_listed()

    def _open(self, level: int, heading: str) -> None:
        while self._path and self._path[-1][0] >= level:
            self._path.pop()
        self._path.append((level, heading[:200]))


def _same(listed: str, shown: str) -> bool:
    a, b = _letters(listed), _letters(shown)
    return a == b or (len(b) > 3 and (a.endswith(b) or (b.endswith(a) and len(a) > 3)))


def _letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int
    end: int
    block: int
    title: bool


def chunk(page: Page, sections: Sequence[tuple[str, ...]], config: ChunkConfig) -> list[Chunk]:
    """The passages of one page; `sections` is the path of each block, as SectionPath.follow gives it."""
    pieces = list(_pieces(page, config.max_characters))
    elements = [_element(number, page, piece) for number, piece in enumerate(pieces)]
    groups = [[pieces[int(e.id)] for e in _parts(group)] for group in _grouped(elements, config)]
    return [_chunk(page, sections, group, config) for group in groups if group]


def _pieces(page: Page, limit: int) -> Iterator[_Piece]:
    """Blocks, the long ones cut after sentences, so that a heading and what follows it fit one passage."""
    taken = 0
    for number, block in enumerate(page.blocks):
        title = block.category == "Title"
        for start, end in _spans(block.text, limit, limit - taken):
            yield _Piece(block.start + start, block.start + end, number, title)
        taken = taken + len(block.text) + BETWEEN if title and taken + len(block.text) < limit // 2 else 0


def _spans(text: str, limit: int, first_limit: int) -> Iterator[tuple[int, int]]:
    """Parts without blanks at their ends, at most `limit` characters, the first at most `first_limit`."""
    start, room = 0, first_limit
    while start < len(text):
        end = len(text) if len(text) - start <= room else _good_end(text, start, start + room)
        stripped = len(text[start:end].rstrip())
        if stripped:
            yield start, start + stripped
        start = end + len(text[end:]) - len(text[end:].lstrip())
        room = limit


def _good_end(text: str, start: int, end: int) -> int:
    """After the last sentence or line that fits, else after any period, else after a word."""
    for ends in (_ends(text), (found.end() for found in PERIOD.finditer(text, start, end))):
        good = max((at for at in ends if start < at <= end), default=start)
        if good > start + (end - start) // 3:
            return good
    blank = text.rfind(" ", start + 1, end)
    return blank if blank > start else end


def _ends(text: str) -> Iterator[int]:
    yield from sentences.ends(text)
    yield from (found.end() for found in LINE_END.finditer(text))


def _element(number: int, page: Page, piece: _Piece) -> Element:
    kind = Title if piece.title else Text
    return kind(text=page.text[piece.start : piece.end], element_id=str(number))


def _grouped(elements: list[Element], config: ChunkConfig) -> list[Element]:
    if config.strategy == "basic":
        return list(chunk_elements(elements, max_characters=config.max_characters, new_after_n_chars=config.new_after))
    grouped: list[Element] = chunk_by_title(
        elements,
        max_characters=config.max_characters,
        new_after_n_chars=config.new_after,
        combine_text_under_n_chars=min(config.combine_under, config.new_after or config.combine_under),
    )
    return grouped


def _parts(group: Element) -> list[Element]:
    return group.metadata.orig_elements or []


def _chunk(page: Page, sections: Sequence[tuple[str, ...]], group: list[_Piece], config: ChunkConfig) -> Chunk:
    end = group[-1].end
    start = _with_overlap(page.text, group[0].start, end, config)
    told = next((piece for piece in group if not piece.title), group[0])
    return Chunk(page.index, start, end, page.text[start:end], sections[told.block] if sections else ())


def _with_overlap(text: str, start: int, end: int, config: ChunkConfig) -> int:
    """Some words from before the passage, as far as the limit allows."""
    room = min(config.overlap, config.max_characters - (end - start), start)
    if room <= 0:
        return start
    earlier = start - room
    while earlier < start and (text[earlier].isspace() or (earlier > 0 and not text[earlier - 1].isspace())):
        earlier += 1
    return earlier
