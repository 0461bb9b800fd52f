"""What flows between the stages of an ingestion."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple


class Emphasis(NamedTuple):
    """Characters that are set apart from the text around them; bold where they are not italic alone."""

    start: int
    end: int
    bold: bool


@dataclass(frozen=True, slots=True)
class Block:
    """One element of a page. `category` is unstructured's (Title, NarrativeText, ListItem, Table, CodeSnippet …).

    `start` is its offset in the page text; `depth` the heading level from 1 for a Title, else 0;
    `marks` are offsets into `text`.
    """

    category: str
    text: str
    start: int
    depth: int = 0
    marks: tuple[Emphasis, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A page, slide or section: physical `index` from 1, printed `label`, text, and the blocks the text is made of."""

    index: int
    label: str
    kind: str
    text: str
    blocks: tuple[Block, ...] = ()
    recognised: bool = False


@dataclass(frozen=True, slots=True)
class Outline:
    """What is known of a document before its pages are read; `total` is the number of pages to come."""

    total: int
    title: str | None = None
    author: str | None = None
    contents: tuple[tuple[int, str, int], ...] = ()
    """Table of contents: (level from 1, heading, page index)."""
    notes: tuple[str, ...] = ()
    """Sentences for the learner, e.g. that a damaged file could be read only in part."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage to be: `text` is `page.text[start:end]`, at most 1,500 characters; `unit` is what gets a vector."""

    page_index: int
    start: int
    end: int
    text: str
    section: tuple[str, ...]
    unit: Literal["sentence", "passage"] = "sentence"


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of a document once its last page was read; `contents` are level from 1, text and page index."""

    title: str
    author: str | None
    language: str
    page_count: int
    empty_pages: tuple[int, ...]
    recognised_pages: tuple[int, ...]
    contents: tuple[tuple[int, str, int], ...]
    subject_words: tuple[str, ...]
    notes: tuple[str, ...] = field(default=())


Pages = Sequence[Page]
