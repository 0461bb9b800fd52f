"""Lines of a page joined to headings, paragraphs and list items."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from ingestion.partition.emphasis import joined
from ingestion.partition.pdf_lines import UNMAPPED, Line
from ingestion.types import Block

BULLET = re.compile(
    r"(?:[•●○◦▪■□‣⁃∙·–*➢➤✓►→]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})\)|(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})\.)\s+\S"
)
NUMBER_ONLY = re.compile(r"\(?(?:\d{1,3}|[a-z])[.)]|[•●○◦▪■□‣⁃∙·]")
SENTENCE_END = re.compile(r"[.!?:;。！？][\"'”’)\]]*$")
LARGER = 1.12
CHAPTER_NUMBER_SCALE = 1.5
MAX_HEADING_CHARS = 200
MAX_BOLD_HEADING_CHARS = 90
MAX_BOLD_HEADING_LINES = 2
MOSTLY_BOLD = 0.3
LISTED = re.compile(r"… \w{1,5}$")
BELOW = 0.6
SHORT_OF = 0.25
DEEPEST = 6
UNMAPPED_WORD = re.compile(f"[A-Za-z]*{UNMAPPED}[a-z]+|[A-Za-z]+{UNMAPPED}")
WORD = re.compile(r"[a-z]{3,}(?:-[a-z]+)*")
KEPT_PREFIXES = {"self", "well", "cross", "ex", "quasi", "half", "all", "so"}
_WITH_LIGATURES = """
affect affects afford buffer coefficient coefficients cutoff differ difference differences different differential
differently differs difficult difficulty diffuse diffusion effect effective effects efficient efficiently effort offer
offers office official offset payoff stuff suffer suffers sufficient sufficiently suffix tradeoff traffic
"""
WORDS_WITH_LIGATURES = frozenset(_WITH_LIGATURES.split())
CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


@dataclass(slots=True)
class Style:
    """What is known of the whole document: size of its running text, words it uses, levels of its headings."""

    body_size: float = 10.0
    bold_is_special: bool = True
    words: set[str] = field(default_factory=set)
    levels: dict[int, int] = field(default_factory=dict)

    def measure(self, lines: Sequence[Line]) -> None:
        """The size that most of the text has, and whether bold says anything at that size."""
        sizes: Counter[float] = Counter()
        for line in lines:
            sizes[line.size] += len(line.text)
        if sizes:
            self.body_size = sizes.most_common(1)[0][0]
            bold = sum(len(line.text) for line in lines if line.bold)
            self.bold_is_special = bold < MOSTLY_BOLD * sizes.total()

    def rank(self, lines: Sequence[Line]) -> None:
        """Levels by size, for a document without an outline."""
        headings = [line for line in lines if self.is_heading(line) and not letters(line.text).isdigit()]
        sizes = sorted({_rank(line) for line in headings}, reverse=True)
        self.levels = {size: min(level, DEEPEST) for level, size in enumerate(sizes, start=1)}

    def learn(self, lines: Iterable[Line]) -> None:
        """Count the words of a page, by which a hyphen at a line's end is judged."""
        for line in lines:
            self.words.update(WORD.findall(line.text.lower())[: -1 if line.hyphen else None])

    def mended(self, text: str) -> str:
        """Without signs that have no meaning; where one stands for a ligature of a known word, with that."""
        if UNMAPPED not in text:
            return text
        return re.sub(r" {2,}", " ", UNMAPPED_WORD.sub(self._mend, text).replace(UNMAPPED, "")).strip()

    def _mend(self, found: re.Match[str]) -> str:
        for ligature in ("ff", "fi", "fl", "ffi", "ffl"):
            word = found.group().replace(UNMAPPED, ligature)
            if word.lower() in self.words or word.lower() in WORDS_WITH_LIGATURES:
                return word
        return found.group()

    def is_heading(self, line: Line) -> bool:
        """Whether its size or weight sets a line apart from running text."""
        if line.size >= LARGER * self.body_size:
            return True
        marked = line.bold and self.bold_is_special and line.size >= 0.97 * self.body_size
        return marked and len(line.text) <= MAX_BOLD_HEADING_CHARS and not re.search(r"[.,;]$", line.text)

    def may_head(self, line: Line, level: int) -> bool:
        """Whether a line can be a part of a heading of this level: not when smaller than those seen so far."""
        known = [size for size, other in self.levels.items() if other == level]
        return self.is_heading(line) and _rank(line) >= min(known, default=0)

    def level(self, line: Line) -> int:
        """The depth of a heading of this size: as the outline says of others of its size, else by rank."""
        size = _rank(line)
        if size not in self.levels:
            larger = [level for other, level in self.levels.items() if other > size]
            return min(max(larger, default=0) + 1, DEEPEST)
        return self.levels[size]


def _rank(line: Line) -> int:
    return round(2 * line.size)


@dataclass(slots=True)
class _Group:
    lines: list[Line]
    title: int = 0
    item: bool = False
    table: bool = False


@dataclass(frozen=True, slots=True)
class _Column:
    left: float
    right: float
    leading: float


def to_blocks(columns: Sequence[Sequence[Line]], style: Style, contents: Mapping[str, int]) -> list[Block]:
    """`contents` maps the letters of headings that the outline puts on this page to their level; starts are not set."""
    groups: list[_Group] = []
    for column in filter(None, columns):
        _group(column, style, contents, groups)
    return [block for group in groups if (block := _block(group, style)).text]


def _group(column: Sequence[Line], style: Style, contents: Mapping[str, int], groups: list[_Group]) -> None:
    shape = _shape(column)
    for at, line in enumerate(column):
        if _is_row(column, at):
            _add_row(groups, line, at > 0)
            continue
        title = _title_level(line, style, contents)
        group = groups[-1] if groups and not groups[-1].table else None
        if group and (_continues(group, line, title, shape) if at else _continues_column(group, line, title)):
            group.lines.append(line)
        else:
            groups.append(_Group([line], title, bool(BULLET.match(line.text) or NUMBER_ONLY.fullmatch(line.text))))


def _is_row(column: Sequence[Line], at: int) -> bool:
    """A line with wide gaps beside another such line; a number set apart from its text is no table."""
    beside = column[max(at - 1, 0) : at + 2]
    return _has_cells(column[at]) and sum(_has_cells(line) for line in beside) > 1


def _has_cells(line: Line) -> bool:
    return bool(line.cells) and not BULLET.match(line.text) and not NUMBER_ONLY.fullmatch(line.cells.split(" | ")[0])


def _add_row(groups: list[_Group], line: Line, same_column: bool) -> None:
    if groups and groups[-1].table and same_column:
        groups[-1].lines.append(line)
    else:
        groups.append(_Group([line], table=True))


def _shape(column: Sequence[Line]) -> _Column:
    ends = sorted(line.x1 for line in column)
    steps = [b.y1 - a.y1 for a, b in pairwise(column) if 0.8 < (b.y1 - a.y1) / max(a.size, 1) < 2.2]
    usual = median(steps) if steps else 1.3 * max(line.size for line in column)
    return _Column(min(line.x0 for line in column), ends[int(0.9 * (len(ends) - 1))], usual)


def letters(text: str) -> str:
    """The letters and digits alone, casefolded."""
    return "".join(c for c in text.casefold() if c.isalnum())


def _title_level(line: Line, style: Style, contents: Mapping[str, int]) -> int:
    """0 for running text."""
    is_heading = style.is_heading(line)
    own = letters(line.text) if len(line.text) <= MAX_HEADING_CHARS and (contents or is_heading) else ""
    if own.isdigit():
        return style.level(line) if line.size >= CHAPTER_NUMBER_SCALE * style.body_size else 0
    level = _listed_level(own, line, style, contents) if own else 0
    if level and is_heading:
        style.levels.setdefault(_rank(line), level)
    return level or (style.level(line) if is_heading and len(own) > 2 else 0)


def _listed_level(own: str, line: Line, style: Style, contents: Mapping[str, int]) -> int:
    """The level of the entry of the contents that a line is, or is part of; 0 for none."""
    for heading, level in contents.items():
        if own == heading or (len(own) >= 4 and own in heading and style.may_head(line, level)):
            return level
    return 0


def _continues_column(group: _Group, line: Line, title: int) -> bool:
    """A sentence that goes on at the top of the next column."""
    last = group.lines[-1]
    if title or group.title or BULLET.match(line.text):
        return False
    return last.hyphen or (not SENTENCE_END.search(last.text) and line.text[:1].islower())


def _continues(group: _Group, line: Line, title: int, column: _Column) -> bool:
    last = group.lines[-1]
    step = line.y1 - last.y1
    if title or group.title:
        return _continues_title(group, line, title, column)
    if NUMBER_ONLY.fullmatch(last.text) and abs(step) < 0.6 * column.leading:
        return True
    if last.hyphen:
        return True
    if BULLET.match(line.text) or step > 1.35 * column.leading or step < -3 * column.leading:
        return False
    return not (_ended(last, line, column) or _indented(group, line))


def _continues_title(group: _Group, line: Line, title: int, column: _Column) -> bool:
    last = group.lines[-1]
    if not (title and group.title):
        return False
    if letters(last.text).isdigit() and len(group.lines) == 1:
        return True
    close = -2 < line.y1 - last.y1 < 1.7 * max(line.size, column.leading)
    return title == group.title and abs(line.size - last.size) < 0.5 and close and last.bold == line.bold


def _ended(last: Line, line: Line, column: _Column) -> bool:
    """The last line stopped early although the next word had room, and a sentence ended there."""
    per_char = (last.x1 - last.x0) / max(len(last.text), 1)
    needed = per_char * (len(line.text.split(" ", 1)[0]) + 1)
    had_room = last.x1 + needed < column.right - 0.02 * (column.right - column.left)
    return had_room and bool(SENTENCE_END.search(last.text))


def _indented(group: _Group, line: Line) -> bool:
    last = group.lines[-1]
    if line.x0 - last.x0 <= 0.8 * line.size or (group.item and len(group.lines) == 1):
        return False
    return bool(SENTENCE_END.search(last.text))


def _block(group: _Group, style: Style) -> Block:
    if group.title and not _is_bold_text(group, style):
        return Block("Title", style.mended(" ".join(line.text for line in group.lines)), 0, group.title)
    if group.table:
        return Block("Table", style.mended("\n".join(line.cells for line in group.lines)), 0)
    text = style.mended(join_lines(group.lines, style.words))
    marks = joined(text, ((_core(line), line.marks) for line in group.lines))
    plain = "NarrativeText" if len(text.split()) > 5 else "UncategorizedText"
    return Block("ListItem" if group.item else plain, text, 0, marks=marks)


def _core(line: Line) -> str:
    """A line without the hyphen that its paragraph may lose."""
    return line.text.rstrip("-‐") if line.hyphen else line.text


def _is_bold_text(group: _Group, style: Style) -> bool:
    """Bold for stress, not for a heading: a whole paragraph of it."""
    plain_size = all(line.size < LARGER * style.body_size for line in group.lines)
    return plain_size and len(group.lines) > MAX_BOLD_HEADING_LINES


def join_lines(lines: Sequence[Line], words: set[str]) -> str:
    """One paragraph; a line that stops far short of the others was broken on purpose, as in verse and code."""
    text = lines[0].text
    left, right = min(line.x0 for line in lines), max(line.x1 for line in lines)
    short = right - SHORT_OF * (right - left)
    for before, line in pairwise(lines):
        if before.hyphen:
            text = _unhyphened(text, line.text, words)
        elif CJK.match(text[-1:]) and CJK.match(line.text):
            text += line.text
        else:
            text += ("\n" if _broken_on_purpose(before, line, short) else " ") + line.text
    return text


def _broken_on_purpose(before: Line, line: Line, short: float) -> bool:
    """Not so within a formula, whose raised and lowered parts are lines of their own to pdfium."""
    below = line.y1 - before.y1 > BELOW * max(before.size, line.size)
    return below and (before.x1 < short or bool(LISTED.search(before.text)))


def _unhyphened(text: str, following: str, words: set[str]) -> str:
    """Join a divided word; its hyphen stays when the book writes the word with it, or it divides no plain word."""
    text = text.rstrip("-‐")
    head = re.search(r"[^\W\d_]*$", text)
    tail = re.match(r"[a-z\u00df-\u024f]+", following)
    if head is None or not head.group() or tail is None:
        return f"{text}-{following}"
    first, second = head.group().lower(), tail.group()
    if f"{first}{second}" in words:
        return text + following
    if f"{first}-{second}" in words or first in KEPT_PREFIXES:
        return f"{text}-{following}"
    return text + following
