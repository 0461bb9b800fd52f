"""Lists of terms with their meanings, and terms that stand out in the text."""

import re
from collections.abc import Iterator

from ingestion.types import Block, Emphasis

_SEPARATOR = re.compile(r"\s*(?::|—|\s–|\s-)\s+")
_LEADING = re.compile(r"^[\s:—–-]+")
_EDGES = " \t\n.,;:!?\"“”'‘’()[]"
_SPACES = re.compile(r"\s+")
_LETTERS = re.compile(r"[^\W\d_]{3,}")
_MOST_WORDS, _LONGEST_TERM = 7, 90

Found = tuple[str, str, int]
"""Term, meaning, and the offset in the block where the term begins."""


def entries(block: Block) -> list[Found]:
    """The entries that begin in a block of a list of terms; none where it goes on with the one before."""
    starts = _starts(block)
    if not starts:
        return list(_separated(block))
    ends = [*(mark.start for mark in starts[1:]), len(block.text)]
    return [_entry(block.text, mark, end) for mark, end in zip(starts, ends, strict=True)]


def before_first(block: Block) -> str:
    """What stands in front of the first entry that begins in a block: the end of the one before."""
    starts = _starts(block)
    return flat(block.text[: starts[0].start] if starts else block.text)


def _starts(block: Block) -> list[Emphasis]:
    """Entries begin in bold. A run with nothing behind it is a stress within a meaning."""
    text = block.text
    return [mark for mark in block.marks if mark.bold and _opens(text, mark.start)]


def _opens(text: str, at: int) -> bool:
    """Whether an entry may begin here: at the start of a line, or behind a meaning that went before."""
    return at == 0 or text[at - 1].isspace()


def _entry(text: str, mark: Emphasis, end: int) -> Found:
    return flat(text[mark.start : mark.end]).strip(" :—–"), flat(_LEADING.sub("", text[mark.end : end])), mark.start


def _separated(block: Block) -> Iterator[Found]:
    """`term: meaning`, a line each, where nothing is set in bold."""
    at = 0
    for line in block.text.split("\n"):
        parts = _SEPARATOR.split(line, maxsplit=1)
        if len(parts) == 2 and _is_term(parts[0]) and parts[1]:
            yield flat(parts[0]).lstrip("•*- "), flat(parts[1]), at
        at += len(line) + 1


def flat(text: str) -> str:
    """On one line, with single blanks."""
    return _SPACES.sub(" ", text).strip()


def _is_term(text: str) -> bool:
    return len(text) <= _LONGEST_TERM and len(text.split()) <= _MOST_WORDS and bool(_LETTERS.search(text))


def emphasised(block: Block) -> Iterator[tuple[str, Emphasis]]:
    """The terms that stand out in a paragraph: neither all of it, nor the number or the heading that it begins with."""
    for mark in block.marks:
        term = flat(block.text[mark.start : mark.end]).strip(_EDGES)
        is_label = mark.start == 0 and (any(c.isdigit() for c in term) or term.isupper())
        if _is_term(term) and not is_label and mark.end - mark.start < 0.8 * len(block.text):
            yield term, mark
