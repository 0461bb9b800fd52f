"""Blocks put together to the text of a page."""

from collections.abc import Sequence
from dataclasses import replace

from ingestion.types import Block, Page

BETWEEN = "\n\n"


def page_of(index: int, label: str, kind: str, blocks: Sequence[Block], *, recognised: bool = False) -> Page:
    """A page whose text is its blocks, a blank line between them, with the start of each set."""
    placed: list[Block] = []
    at = 0
    for block in blocks:
        placed.append(replace(block, start=at))
        at += len(block.text) + len(BETWEEN)
    return Page(index, label, kind, BETWEEN.join(block.text for block in blocks), tuple(placed), recognised)
