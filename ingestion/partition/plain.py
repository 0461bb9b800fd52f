"""Plain text through unstructured."""

import re
from dataclasses import replace
from pathlib import Path

from unstructured.partition.text import partition_text

from ingestion.errors import NoText
from ingestion.partition import elements, encoding
from ingestion.types import Block

LONGEST_PARAGRAPH = 5000
GUESSED_HEADINGS_ARE_DEEP = 2
MAX_HEADING_SHARE = 0.34
SENTENCE_END = re.compile(r"[.,;:!?。！？、，]$")


def text(path: Path) -> tuple[None, None, list[Block]]:
    """No title, no author, and the blocks. Raises NoText."""
    written = encoding.decode(path.read_bytes())
    if not written.strip():
        raise NoText
    parts = partition_text(text=_with_breaks(written), languages=[""])
    return None, None, _without_doubtful_headings(list(elements.to_blocks(parts, GUESSED_HEADINGS_ARE_DEEP)))


def _without_doubtful_headings(blocks: list[Block]) -> list[Block]:
    """In plain text any short line looks like a heading: keep those that are rare and do not end a sentence."""
    guessed = sum(block.category == "Title" for block in blocks)
    too_many = guessed > MAX_HEADING_SHARE * len(blocks)
    return [
        replace(block, category="UncategorizedText", depth=0)
        if block.category == "Title" and (too_many or SENTENCE_END.search(block.text))
        else block
        for block in blocks
    ]


def _with_breaks(written: str) -> str:
    """Very long lines get paragraph breaks after sentences, so that no step meets a megabyte in one piece."""
    return "\n".join(_broken(line) for line in written.split("\n"))


def _broken(line: str) -> str:
    if len(line) <= LONGEST_PARAGRAPH:
        return line
    return re.sub(
        rf"(.{{{LONGEST_PARAGRAPH - 1000},{LONGEST_PARAGRAPH}}}?[.!?。！？]|.{{{LONGEST_PARAGRAPH}}})\s*",
        r"\1\n\n",
        line,
    )
