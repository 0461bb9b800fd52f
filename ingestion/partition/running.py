"""Running heads, feet and page numbers: lines at the edges that repeat from page to page."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ingestion.partition.pdf_lines import Line, Sheet

EDGE_LINES = 2
SAME_PLACE = 0.012
EDGE_ZONE = 0.13
ROMAN = re.compile(r"(?=[ivxlc])(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})", re.IGNORECASE)
NUMBER_ALONE = re.compile(
    r"(?:page|seite|p\.|S\.)?\s*[-–—|\[(]*\s*(\d{1,4}|[ivxlc]{1,7})\s*[-–—|\])]*(?:\s*(?:of|/|von)\s*\d{1,4})?", re.I
)
NUMBER_AT_END = re.compile(r"(?:^|\s|\|)(\d{1,4})$|^(\d{1,4})(?:\s|\||$)")


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge line in a form that can be compared between pages; `place` is its height on the page, 0 to 1."""

    key: str
    place: float
    apart: bool


def edges(sheet: Sheet) -> dict[Line, Edge]:
    """The first and last lines of a page by height."""
    rows = sorted(sheet.lines, key=lambda line: (line.y0 + line.y1) / 2)
    leading = _leading(rows)
    found: dict[Line, Edge] = {}
    for at, line in enumerate(rows):
        if EDGE_LINES <= at < len(rows) - EDGE_LINES:
            continue
        place = (line.y0 + line.y1) / 2 / max(sheet.height, 1)
        beside = _next_inwards(rows, at)
        distance = abs((beside.y0 + beside.y1) - (line.y0 + line.y1)) / 2 if beside else 0.0
        found[line] = Edge(_key(line.text), place, distance > 1.4 * leading)
    return found


def _next_inwards(rows: Sequence[Line], at: int) -> Line | None:
    step = 1 if at < len(rows) / 2 else -1
    here = (rows[at].y0 + rows[at].y1) / 2
    return next((rows[i] for i in _inwards(at, step, len(rows)) if abs((rows[i].y0 + rows[i].y1) / 2 - here) > 3), None)


def _inwards(at: int, step: int, count: int) -> Iterator[int]:
    return iter(range(at + step, count if step > 0 else -1, step))


def _leading(rows: Sequence[Line]) -> float:
    steps = [b.y1 - a.y1 for a, b in pairwise(rows) if 4 < b.y1 - a.y1 < 40]
    return median(steps) if steps else 14.0


def _key(text: str) -> str:
    return re.sub(r"\d+", "#", re.sub(r"\W+", " ", text)).strip().casefold()


Edges = dict[Line, Edge]


def running_lines(own: Edges, neighbours: Sequence[Edges], label: str, body_size: float) -> set[Line]:
    """The edge lines of a page to leave out, judged by those of the pages around it."""
    if not neighbours:
        return set()
    return {line for line, edge in own.items() if _is_running(line, edge, neighbours, label, body_size)}


def _is_running(line: Line, edge: Edge, neighbours: Sequence[Edges], label: str, body_size: float) -> bool:
    if EDGE_ZONE <= edge.place <= 1 - EDGE_ZONE:
        return False
    is_alone = bool(NUMBER_ALONE.fullmatch(line.text))
    if is_alone and (edge.apart or line.text.strip("-–— ").casefold() == label.casefold()):
        return True
    same_place = [e for other in neighbours for e in other.values() if abs(e.place - edge.place) < SAME_PLACE]
    needed = 1 if len(neighbours) < 4 else 2
    if _is_repeated(edge, same_place, needed, is_alone) or (label in _numbers(line.text) and len(same_place) >= needed):
        return True
    is_usual = len(neighbours) >= 3 and sum(e.apart for e in same_place) >= 0.6 * len(neighbours)
    return is_usual and edge.apart and line.size <= 1.05 * body_size and len(line.text) < 90


def _is_repeated(edge: Edge, same_place: Sequence[Edge], needed: int, is_alone: bool) -> bool:
    """Whether the pages around have the same there, and it is more than a word of running text."""
    is_heading = edge.apart or is_alone or len(edge.key) > 3
    return is_heading and sum(other.key == edge.key for other in same_place) >= needed


def _numbers(text: str) -> set[str]:
    return {number for match in NUMBER_AT_END.finditer(text) for number in match.groups() if number}


def printed_numbers(sheet: Sheet) -> tuple[set[int], set[int]]:
    """Numbers that may be this page's printed one: arabic and roman."""
    arabic: set[int] = set()
    roman: set[int] = set()
    for line in edges(sheet):
        arabic |= {int(number) for number in _numbers(line.text)}
        if (alone := NUMBER_ALONE.fullmatch(line.text)) and ROMAN.fullmatch(alone.group(1)):
            roman.add(from_roman(alone.group(1)))
        elif (word := line.text.split()) and ROMAN.fullmatch(word[-1]) and word[-1].islower():
            roman.add(from_roman(word[-1]))
    return arabic, roman


def offset_of(numbers: Sequence[tuple[int, set[int]]]) -> int | None:
    """The difference printed minus physical that most pages agree on; None when there is no agreement."""
    votes = Counter(number - index for index, found in numbers for number in found)
    if not votes:
        return None
    offset, count = votes.most_common(1)[0]
    telling = sum(bool(found) for _, found in numbers)
    return offset if count >= 2 and count >= 0.4 * telling else None


def from_roman(text: str) -> int:
    """The number of i to c in either case; an older spelling such as iiii is read, too."""
    values = [{"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}[c] for c in text.lower()]
    return sum(-v if v < max(values[i:]) else v for i, v in enumerate(values))


def to_roman(number: int) -> str:
    """Lower case, from 1 on."""
    parts = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
    text = ""
    for value, sign in parts:
        text += sign * (number // value)
        number %= value
    return text
