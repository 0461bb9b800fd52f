"""Formats without pages: blocks to sections that stand in for pages."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from ingestion.errors import NoText, TooManyPages
from ingestion.partition import markup, office, plain, tagger
from ingestion.partition.kinds import FileKind
from ingestion.partition.pages import page_of
from ingestion.types import Block, Outline, Page

MAX_CHARS = 6000
MIN_CHARS = 1500
SPLIT_AT_LEVEL = 2
SENTENCE = re.compile(r"(?<=[.!?。！？])\s*")


def read(path: Path, filename: str, kind: FileKind, max_pages: int) -> Iterator[Outline | Page]:
    """The outline and one page a section, of every format but PDF. Raises UnreadableDocument."""
    tagger.install()
    if kind is FileKind.PPTX:
        yield from office.slides(path, max_pages)
        return
    title, author, blocks = _blocks(path, kind)
    pages = [page_of(n, str(n), "section", part) for n, part in enumerate(split(blocks), start=1)]
    if not pages:
        raise NoText
    if len(pages) > max_pages:
        raise TooManyPages(f"This document is as long as {len(pages)} pages; I read up to {max_pages}. Split it up.")
    yield Outline(len(pages), title, author, contents_of(pages))
    yield from pages


def _blocks(path: Path, kind: FileKind) -> tuple[str | None, str | None, list[Block]]:
    match kind:
        case FileKind.DOCX:
            return office.document(path)
        case FileKind.EPUB:
            return markup.book(path)
        case FileKind.HTML:
            return markup.web_page(path)
        case FileKind.MARKDOWN:
            return markup.markdown(path)
        case _:
            return plain.text(path)


def contents_of(pages: Sequence[Page]) -> tuple[tuple[int, str, int], ...]:
    """Level from 1, text and page index of each heading."""
    return tuple((b.depth, b.text, page.index) for page in pages for b in page.blocks if b.category == "Title")


def split(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Sections of moderate size: cut at chapters, at headings when long enough, at paragraphs when too long."""
    section: list[Block] = []
    size = 0
    for block in (part for whole in blocks for part in _bounded(whole)):
        if section and (_opens(block, section, size) or size + len(block.text) > MAX_CHARS):
            yield section
            section, size = [], 0
        section.append(block)
        size += len(block.text)
    if section:
        yield section


def _opens(block: Block, section: Sequence[Block], size: int) -> bool:
    if block.category != "Title" or block.depth > SPLIT_AT_LEVEL:
        return False
    only_headings = all(earlier.category == "Title" for earlier in section)
    return not only_headings and (block.depth == 1 or size >= MIN_CHARS)


def _bounded(block: Block) -> Iterator[Block]:
    if len(block.text) <= MAX_CHARS:
        yield block
        return
    for part in cut(block.text, MAX_CHARS):
        yield replace(block, text=part)


def cut(text: str, limit: int) -> Iterator[str]:
    """Parts of at most `limit` characters, cut after a sentence, else at a blank, else anywhere."""
    while len(text) > limit:
        end = _good_end(text, limit)
        if part := text[:end].strip():
            yield part
        text = text[end:].lstrip()
    if text:
        yield text


def _good_end(text: str, limit: int) -> int:
    sentence = max((match.start() for match in SENTENCE.finditer(text, limit // 2, limit)), default=0)
    blank = max(text.rfind(" ", 1, limit), text.rfind("\n", 1, limit))
    return sentence if sentence > limit // 2 else blank if blank > 0 else limit
