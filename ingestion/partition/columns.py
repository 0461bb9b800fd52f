"""Reading order: columns side by side are read one after the other."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from ingestion.partition.pdf_lines import Line

MIN_LINES = 5
STEPS = 60
MAX_CROSSING = 0.35
PROSE_CHARS = 18
WIDE_LINE = 0.62
DEEPEST = 3


def reading_order(lines: Sequence[Line], depth: int = 0) -> list[list[Line]]:
    """The lines in columns, each a list in reading order; one list when the page has a single column."""
    gutter = _gutter(lines) if depth < DEEPEST else None
    if gutter is None:
        return [_downwards(lines)]
    ordered: list[list[Line]] = []
    for band in _bands(lines, gutter):
        left = [line for line in band if line.x1 <= gutter]
        right = [line for line in band if line.x0 >= gutter]
        if left and right:
            ordered += reading_order(left, depth + 1) + reading_order(right, depth + 1)
        else:
            ordered.append(_downwards(band))
    return ordered


def has_columns(lines: Sequence[Line]) -> bool:
    """Whether a gutter parts the lines of a page."""
    return _gutter(lines) is not None


def _bands(lines: Sequence[Line], gutter: float) -> list[list[Line]]:
    """Stretches of the page from top to bottom, cut wherever a line crosses the gutter."""
    bands: list[list[Line]] = []
    crossing_before: bool | None = None
    for line in sorted(lines, key=lambda line: line.y0 + line.y1):
        crossing = line.x0 < gutter < line.x1
        if crossing != crossing_before:
            bands.append([])
        bands[-1].append(line)
        crossing_before = crossing
    order = {id(line): at for at, line in enumerate(lines)}
    return [sorted(band, key=lambda line: order[id(line)]) for band in bands]


def _gutter(lines: Sequence[Line]) -> float | None:
    """The x that the fewest lines cross, if what stands on both sides of it is running text."""
    gutter = _least_crossed(lines) if len(lines) >= 2 * MIN_LINES else None
    if gutter is None:
        return None
    left = [line for line in lines if line.x1 <= gutter]
    right = [line for line in lines if line.x0 >= gutter]
    return gutter if _is_column(left, right) and _is_column(right, left) else None


def _least_crossed(lines: Sequence[Line]) -> float | None:
    """None when lines go over the whole page, or too many over every x."""
    low, width = min(line.x0 for line in lines), max(line.x1 for line in lines) - min(line.x0 for line in lines)
    if median(line.x1 - line.x0 for line in lines) > WIDE_LINE * width:
        return None
    candidates = [low + width * (0.2 + 0.6 * step / STEPS) for step in range(STEPS + 1)]
    crossings = [sum(line.x0 < x < line.x1 for line in lines) for x in candidates]
    fewest = min(crossings)
    best = [x for x, count in zip(candidates, crossings, strict=True) if count == fewest]
    return best[len(best) // 2] if fewest <= MAX_CROSSING * len(lines) else None


def _is_column(side: Sequence[Line], other: Sequence[Line]) -> bool:
    """Several lines of prose that stand beside lines of the other side, not a margin of labels or a table's cells."""
    if len(side) < MIN_LINES or not other:
        return False
    width = max(line.x1 for line in side) - min(line.x0 for line in side)
    full = sum(line.x1 - line.x0 > 0.6 * width and len(line.text) >= PROSE_CHARS for line in side)
    top, bottom = min(line.y0 for line in other), max(line.y1 for line in other)
    beside = sum(line.y1 > top and line.y0 < bottom for line in side)
    return full >= 0.5 * len(side) and beside >= 0.5 * len(side)


def _downwards(lines: Sequence[Line]) -> list[Line]:
    """The order of the file unless it runs or jumps up the page; then from top to bottom."""
    upwards = sum(after.y1 < before.y1 - 0.5 * before.height for before, after in pairwise(lines))
    jumps = sum(after.y1 < before.y0 - before.height for before, after in pairwise(lines))
    if jumps <= max(2, 0.1 * len(lines)) and upwards <= max(2, 0.5 * len(lines)):
        return list(lines)
    return sorted(lines, key=lambda line: (round((line.y0 + line.y1) / 2 / max(line.height, 1)), line.x0))
