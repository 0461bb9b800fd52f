"""Lines of a page joined to headings, paragraphs and list items."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from ingestion.partition.pdf_lines import Line
from ingestion.types import Block

BULLET = re.compile(r"(?:[•●○◦▪■□‣⁃∙·–—*➢➤✓►→]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)])\s+\S")
NUMBER_ONLY = re.compile(r"\(?(?:\d{1,3}|[a-z])[.)]|[•●○◦▪■□‣⁃∙·]")
SENTENCE_END = re.compile(r"[.!?:;。！？][\"'”’)\]]*$")
HEADING_SCALE = 1.12
MAX_HEADING_CHARS = 200
KEPT_PREFIXES = {"self", "well", "cross", "ex", "quasi", "half", "all", "so"}
CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(slots=True)
class Style:
    """What is known of the whole document: size of its running text, words it uses, levels of heading sizes."""

    body_size: float
    words: set[str] = field(default_factory=set)
    levels: dict[float, int] = field(default_factory=dict)

    def learn(self, lines: Iterable[Line]) -> None:
        for line in lines:
            self.words.update(re.findall(r"[a-z]{3,}(?:-[a-z]+)*", line.text.lower())[: -1 if line.hyphen else None])

    def level(self, size: float) -> int:
        """The depth of a heading of this size: as the outline says of others of its size, else by rank."""
        size = round(size)
        if size in self.levels:
            return self.levels[size]
        larger = [level for other, level in self.levels.items() if other > size]
        return min(max(larger, default=0) + 1, 6)


@dataclass(slots=True)
class _Group:
    lines: list[Line]
    title: int = 0
    item: bool = False


def to_blocks(columns: Sequence[Sequence[Line]], style: Style, contents: Mapping[str, int]) -> list[Block]:
    """`contents` maps the letters of headings that the outline puts on this page to their level; starts are not set."""
    groups: list[_Group] = []
    for column in columns:
        _group(column, style, contents, groups)
    return [block for group in groups if (block := _block(group, style)).text]


def _group(column: Sequence[Line], style: Style, contents: Mapping[str, int], groups: list[_Group]) -> None:
    right = _right_edge(column)
    leading = _leading(column)
    first = True
    for line in column:
        title = _title_level(line, style, contents)
        group = groups[-1] if groups else None
        if group and (_continues_column(group, line, title) if first else _continues(group, line, title, right, leading)):
            group.lines.append(line)
        else:
            groups.append(_Group([line], title, bool(BULLET.match(line.text) or NUMBER_ONLY.fullmatch(line.text))))
        first = False


def _right_edge(column: Sequence[Line]) -> float:
    ends = sorted(line.x1 for line in column)
    return ends[int(0.9 * (len(ends) - 1))] if ends else 0.0


def _leading(column: Sequence[Line]) -> float:
    steps = [b.y1 - a.y1 for a, b in zip(column, column[1:], strict=False) if 0.8 < (b.y1 - a.y1) / max(a.size, 1) < 2.2]
    return median(steps) if steps else 1.3 * max((line.size for line in column), default=10)


def letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _title_level(line: Line, style: Style, contents: Mapping[str, int]) -> int:
    """0 for running text."""
    own = letters(line.text)
    if len(line.text) > MAX_HEADING_CHARS or not any(c.isalpha() for c in own):
        return 0
    for heading, level in contents.items():
        if own == heading or (len(own) >= 4 and own in heading and line.size > 1.02 * style.body_size):
            style.levels.setdefault(round(line.size), level)
            return level
    if line.size >= HEADING_SCALE * style.body_size and len(own) > 2:
        return style.level(line.size)
    return 0


def _continues_column(group: _Group, line: Line, title: int) -> bool:
    """A sentence that goes on at the top of the next column."""
    last = group.lines[-1]
    if title or group.title or BULLET.match(line.text):
        return False
    return last.hyphen or (not SENTENCE_END.search(last.text) and line.text[:1].islower())


def _continues(group: _Group, line: Line, title: int, right: float, leading: float) -> bool:
    last = group.lines[-1]
    step = line.y1 - last.y1
    if title or group.title:
        return title == group.title and abs(line.size - last.size) < 0.5 and -2 < step < 1.7 * max(line.size, leading)
    if NUMBER_ONLY.fullmatch(last.text) and abs(step) < 0.6 * leading:
        return True
    if last.hyphen:
        return True
    if BULLET.match(line.text) or step > 1.35 * leading or step < -3 * leading:
        return False
    return not (_ended(group, line, right) or _indented(group, line))


def _ended(group: _Group, line: Line, right: float) -> bool:
    """The last line stopped early although the next word had room, and a sentence ended there."""
    last = group.lines[-1]
    per_char = (last.x1 - last.x0) / max(len(last.text), 1)
    first_word = len(line.text.split(" ", 1)[0]) + 1
    return _had_room(last, per_char * first_word, right) and bool(SENTENCE_END.search(last.text))


def _had_room(line: Line, needed: float, right: float) -> bool:
    return line.x1 + needed < right - 0.02 * right


def _indented(group: _Group, line: Line) -> bool:
    last = group.lines[-1]
    shift = line.x0 - last.x0
    if shift > 0.8 * line.size:
        return not (group.item and len(group.lines) == 1) and bool(SENTENCE_END.search(last.text))
    return False


def _block(group: _Group, style: Style) -> Block:
    text = join_lines(group.lines, style.words)
    if group.title:
        return Block("Title", text, 0, group.title)
    if group.item:
        return Block("ListItem", text, 0)
    return Block("NarrativeText" if len(text.split()) > 5 else "UncategorizedText", text, 0)


def join_lines(lines: Sequence[Line], words: set[str]) -> str:
    text = ""
    for line in lines:
        if not text:
            text = line.text
        elif before.hyphen:
            text = _unhyphened(text, line.text, words)
        elif CJK.match(text[-1:]) and CJK.match(line.text):
            text += line.text
        else:
            text += " " + line.text
        before = line
    return text


def _unhyphened(text: str, following: str, words: set[str]) -> str:
    """Join a divided word; its hyphen stays when the book writes the word with it, or it divides no plain word."""
    text = text.rstrip("-‐")
    head = re.search(r"[^\W\d_]*$", text)
    tail = re.match(r"[a-z]+", following)
    if head is None or not head.group() or tail is None:
        return f"{text}-{following}"
    first, second = head.group().lower(), tail.group()
    if f"{first}{second}" in words:
        return text + following
    if f"{first}-{second}" in words or first in KEPT_PREFIXES:
        return f"{text}-{following}"
    return text + following
