"""Plain text through unstructured."""

import re
from pathlib import Path

from unstructured.partition.text import partition_text

from ingestion.errors import NoText
from ingestion.partition import elements, encoding
from ingestion.types import Block

LONGEST_PARAGRAPH = 5000
GUESSED_HEADINGS_ARE_DEEP = 2


def text(path: Path) -> tuple[None, None, list[Block]]:
    written = encoding.decode(path.read_bytes())
    if not written.strip():
        raise NoText
    parts = partition_text(text=_with_breaks(written), languages=[""])
    return None, None, list(elements.to_blocks(parts, GUESSED_HEADINGS_ARE_DEEP))


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
