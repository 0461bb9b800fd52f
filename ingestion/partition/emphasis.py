"""Which words of a PDF's lines are bold or italic, and where they stand in the paragraph made of the lines."""

import ctypes
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter

import pypdfium2.raw as raw

from ingestion.types import Emphasis

BOLD = re.compile(rb"bold|black|heavy|[-,]bd\b|cmbx|demi", re.IGNORECASE)
SLANTED = re.compile(rb"ital|obli|slant|cmti|cmsl", re.IGNORECASE)
BOLD_WEIGHT, ITALIC_FLAG = 600, 1 << 6
LETTER = re.compile(r"\w")
WORD = re.compile(r"[^\s\w]*(\w)[^\s—]*")

Face = tuple[bool, bool]
"""Bold, italic."""


class Faces:
    """The faces of the words on one page."""

    def __init__(self, textpage: object, position: Callable[[int], int]) -> None:
        self._raw, self._position = textpage, position
        self._known: dict[int, Face] = {}

    def runs(self, start: int, shown: str) -> Iterator[tuple[str, bool]]:
        """The emphasised words of `shown`, from character `start` on: what stands together, and whether it is bold."""
        # A line that is one object of the file has one face: most lines are done with a single look.
        words = self._whole(start, shown) if self._is_one(start, len(shown)) else self._words(start, shown)
        for (bold, italic), alike in groupby(words, key=itemgetter(2)):
            if bold or italic:
                run = list(alike)
                yield shown[run[0][0] : run[-1][1]], bold

    def _whole(self, start: int, shown: str) -> list[tuple[int, int, Face]]:
        letter = LETTER.search(shown)
        return [(0, len(shown), self._at(start + letter.start()))] if letter else []

    def _words(self, start: int, shown: str) -> Iterator[tuple[int, int, Face]]:
        """Begin, end and face of each word."""
        for word in WORD.finditer(shown):
            yield word.start(), word.end(), self._at(start + word.start(1))

    def _is_one(self, start: int, count: int) -> bool:
        first = self._position(start)
        return int(raw.FPDFText_CountRects(self._raw, first, count)) == 1

    def _at(self, at: int) -> Face:
        font = raw.FPDFTextObj_GetFont(raw.FPDFText_GetTextObject(self._raw, self._position(at)))
        if not font:
            return False, False
        key = ctypes.addressof(font.contents)
        if key not in self._known:
            self._known[key] = _face(font)
        return self._known[key]


def within(line: str, runs: Iterable[tuple[str, bool]]) -> Iterator[Emphasis]:
    """Where runs stand in a line that holds them one after another."""
    at = 0
    for run, bold in runs:
        if run and (start := line.find(run, at)) >= 0:
            at = start + len(run)
            yield Emphasis(start, at, bold)


def joined(text: str, lines: Iterable[tuple[str, Sequence[Emphasis]]]) -> tuple[Emphasis, ...]:
    """Where the marks of lines stand in the paragraph made of them; what goes on in the next line is one."""
    marks: list[Emphasis] = []
    at = 0
    for line, own in lines:
        start = text.find(line, at)
        if start < 0:
            continue
        at = start + len(line)
        for mark in own:
            _add(marks, Emphasis(start + mark.start, start + min(mark.end, len(line)), mark.bold))
    return tuple(marks)


def _add(marks: list[Emphasis], mark: Emphasis) -> None:
    if marks and marks[-1].end + 1 >= mark.start and marks[-1].bold == mark.bold:
        mark = Emphasis(marks.pop().start, mark.end, mark.bold)
    marks.append(mark)


def _face(font: object) -> Face:
    name = ctypes.create_string_buffer(96)
    raw.FPDFFont_GetBaseFontName(font, name, 96)
    bold = bool(BOLD.search(name.value)) or int(raw.FPDFFont_GetWeight(font)) >= BOLD_WEIGHT
    return bold, bool(SLANTED.search(name.value) or int(raw.FPDFFont_GetFlags(font)) & ITALIC_FLAG)
