"""The lines of a PDF page with their place and size, as pdfium finds them."""

import ctypes
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ingestion.partition.emphasis import Faces, within
from ingestion.types import Emphasis

MAX_CHARS = 200_000
HYPHEN = "\x02"
UNMAPPED = "\ufffe"
ANGLE_SAMPLE = 12
LINE = re.compile(r"(?:[^\r\n]|\r(?!\n))+")
LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "ĳ": "ij", "Ĳ": "IJ"}
)
TEX_LIGATURES = {"\x0b": "ff", "\x0c": "fi", "\r": "fl", "\x0e": "ffi", "\x0f": "ffl"}
BETWEEN_LETTERS = re.compile("(?<=[A-Za-z])[\x0b\x0c\r\x0e\x0f](?=[a-z])|\\b[\x0c\r](?=[a-z]{2})")
BLANKS = re.compile(r"[\s\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
LEADERS = re.compile(r"\s?(?:\.\s?){5,}|(?:\s\.){4,}")
REMOVED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200d\u2060\ufeff\ufff0-\ufffd\uffff\ue000-\uf8ff]")
ASCENT, DESCENT = 0.8, 0.2
"""Of the size, from the baseline: the boxes that fonts declare may be several lines high."""
MIN_SUSPICIOUS = 4
WIDE_GAP = 1.2


@dataclass(frozen=True, slots=True)
class Line:
    """Box in points with y downwards as the page is shown; `hyphen`: its last word goes on in the next line.

    `cells` is the line again with bars at its wide gaps, empty when it has none.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    bold: bool = False
    hyphen: bool = False
    cells: str = ""
    marks: tuple[Emphasis, ...] = ()

    @property
    def height(self) -> float:
        """In points."""
        return self.y1 - self.y0


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page as read: `pieces` are the lines again, cut at wide gaps, for pages that may have columns."""

    index: int
    width: float
    height: float
    lines: tuple[Line, ...]
    pieces: tuple[Line, ...]


def read_sheet(document: pdfium.PdfDocument, index: int) -> Sheet:
    """`index` from 0. Raises pdfium.PdfiumError when the page cannot be loaded."""
    page = document[index]
    try:
        textpage = page.get_textpage()
        try:
            return _Reader(page, textpage).sheet(index)
        finally:
            textpage.close()
    finally:
        page.close()


class View:
    """From PDF space (y up, any origin) to the page as shown, or turned by `turn` degrees: y down, from 0."""

    def __init__(self, page: pdfium.PdfPage, turn: int | None = None) -> None:
        left, bottom, right, top = page.get_bbox()
        self._box = (min(left, right), min(bottom, top), max(left, right), max(bottom, top))
        self._turn = page.get_rotation() % 360 if turn is None else turn
        across, up = self._box[2] - self._box[0], self._box[3] - self._box[1]
        self.width, self.height = (up, across) if self._turn in {90, 270} else (across, up)

    def box(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        """A box of the file as it is seen: points from the left upper corner, x0, y0, x1, y1."""
        x0, y0, x1, y1 = self._box
        match self._turn:
            case 90:
                return bottom - y0, left - x0, top - y0, right - x0
            case 180:
                return x1 - right, bottom - y0, x1 - left, top - y0
            case 270:
                return y1 - top, x1 - right, y1 - bottom, x1 - left
            case _:
                return left - x0, y1 - top, right - x0, y1 - bottom


class Characters:
    """Where each character of a text page stands."""

    def __init__(self, page: pdfium.PdfPage, textpage: pdfium.PdfTextPage) -> None:
        self.view = View(page)
        self._raw = textpage.raw
        self._edges = [ctypes.c_double() for _ in range(4)]
        count = textpage.count_chars()
        self.text: str = textpage.get_text_range(0, min(count, MAX_CHARS), errors="replace") if count > 0 else ""
        self._same = len(self.text) == count
        self.text = re.sub(UNMAPPED, self._hyphen, self.text)

    def _hyphen(self, unmapped: re.Match[str]) -> str:
        """pdfium writes the same sign for the hyphen at a line end and for glyphs without a meaning."""
        return HYPHEN if raw.FPDFText_IsHyphen(self._raw, self.position(unmapped.start())) == 1 else UNMAPPED

    def upright(self, page: pdfium.PdfPage) -> None:
        """See the page turned so that most of its text runs from left to right, however it is shown."""
        angles: Counter[int] = Counter()
        for at in range(0, len(self.text), max(len(self.text) // ANGLE_SAMPLE, 1)):
            if not self.text[at].isspace():
                angle = math.degrees(raw.FPDFText_GetCharAngle(self._raw, self.position(at)))
                angles[round(angle / 90) * 90 % 360] += 1
        if angles:
            self.view = View(page, angles.most_common(1)[0][0])

    def position(self, at: int) -> int:
        """The index of the character, which may differ from that of its text."""
        return at if self._same else int(raw.FPDFText_GetCharIndexFromTextIndex(self._raw, at))

    def box(self, at: int) -> tuple[float, float, float, float]:
        """Around the ink."""
        left, right, bottom, top = self._edges
        raw.FPDFText_GetCharBox(self._raw, self.position(at), left, right, bottom, top)
        return self.view.box(left.value, bottom.value, right.value, top.value)

    def loose_box(self, at: int) -> tuple[float, float, float, float]:
        """From the font's ascent to its descent."""
        edges = raw.FS_RECTF()
        raw.FPDFText_GetLooseCharBox(self._raw, self.position(at), edges)
        return self.view.box(edges.left, edges.bottom, edges.right, edges.top)

    def baseline(self, at: int) -> float:
        """Points from the upper edge of the page."""
        x, y = self._edges[:2]
        raw.FPDFText_GetCharOrigin(self._raw, self.position(at), x, y)
        return self.view.box(x.value, y.value, x.value, y.value)[1]

    def size(self, at: int) -> float:
        """The size as seen: many producers set size 1 and scale by the matrix."""
        position = self.position(at)
        matrix = raw.FS_MATRIX()
        scale = math.hypot(matrix.c, matrix.d) if raw.FPDFText_GetMatrix(self._raw, position, matrix) else 1.0
        return float(raw.FPDFText_GetFontSize(self._raw, position)) * (scale or 1.0)

    def bold(self, at: int) -> bool:
        """By the font's name, or by its weight."""
        name = ctypes.create_string_buffer(96)
        flags = ctypes.c_int()
        position = self.position(at)
        raw.FPDFText_GetFontInfo(self._raw, position, name, 96, flags)
        if re.search(rb"bold|black|heavy|[-,]bd\b|cmbx|demi", name.value, re.IGNORECASE):
            return True
        return int(raw.FPDFText_GetFontWeight(self._raw, position)) >= 600

    def rects(self) -> Iterator[tuple[float, float, float, float]]:
        """The boxes of all runs of text, in the order of the file."""
        left, right, bottom, top = self._edges
        for number in range(raw.FPDFText_CountRects(self._raw, 0, -1)):
            raw.FPDFText_GetRect(self._raw, number, left, top, right, bottom)
            yield self.view.box(left.value, bottom.value, right.value, top.value)


class _Reader:
    def __init__(self, page: pdfium.PdfPage, textpage: pdfium.PdfTextPage) -> None:
        self._chars = Characters(page, textpage)
        self._chars.upright(page)
        self._text = self._chars.text
        self._faces = Faces(textpage.raw, self._chars.position)

    def sheet(self, index: int) -> Sheet:
        view = self._chars.view
        spans = [span for match in LINE.finditer(self._text) for span in self._halves(*match.span())]
        if not self._has_wide_gaps():
            lines = self._lines(spans)
            return Sheet(index, view.width, view.height, lines, lines)
        cuts = [list(self._cut(*span)) for span in spans]
        rows = tuple(line for cut in cuts if (line := self._row(cut)) is not None)
        return Sheet(index, view.width, view.height, rows, self._lines([piece for cut in cuts for piece in cut]))

    def _lines(self, spans: list[tuple[int, int]]) -> tuple[Line, ...]:
        return tuple(line for span in spans if (line := self._line(*span)) is not None)

    def _row(self, cut: list[tuple[int, int]]) -> Line | None:
        line = self._line(cut[0][0], cut[-1][1])
        if line is None or len(cut) == 1:
            return line
        return replace(line, cells=" | ".join(clean(self._text[start:end]) for start, end in cut))

    def _halves(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """pdfium leaves out the line end after a hyphen."""
        for match in re.finditer("[^\x02]+\x02?", self._text[start:end]):
            yield start + match.start(), start + match.end()

    def _line(self, start: int, end: int) -> Line | None:
        shown = self._text[start:end]
        first = start + len(shown) - len(shown.lstrip())
        last = start + len(shown.replace(HYPHEN, " ").rstrip()) - 1
        text = clean(shown)
        if not text or last < first:
            return None
        a, b = self._chars.loose_box(first), self._chars.loose_box(last)
        middle = next(at for at in range((first + last) // 2, last + 1) if not self._text[at].isspace())
        size, baseline = self._chars.size(middle), self._chars.baseline(middle)
        return Line(
            text=text,
            x0=min(a[0], b[0]),
            y0=baseline - ASCENT * size,
            x1=max(a[2], b[2]),
            y1=baseline + DESCENT * size,
            size=round(size, 1),
            bold=len(text) < 100 and self._chars.bold(first) and self._chars.bold(last),
            marks=tuple(within(text, ((clean(run), bold) for run, bold in self._faces.runs(start, shown)))),
            hyphen=shown.endswith((HYPHEN, "\xad")) or (len(text) > 2 and text[-1] in "-‐" and text[-2].isalpha()),
        )

    def _has_wide_gaps(self) -> bool:
        """Whether several rows hold runs of text far apart, as columns set line by line do."""
        found, previous = 0, None
        for box in self._chars.rects():
            if previous is not None and _same_row(previous, box):
                found += box[0] - previous[2] > WIDE_GAP * (box[3] - box[1])
            previous = box
        return found >= MIN_SUSPICIOUS

    def _cut(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        begin = start
        for match in re.finditer(r"(?<=\S)[ \t]+(?=\S)", self._text[start:end]):
            before, after = start + match.start() - 1, start + match.end()
            left, right = self._chars.loose_box(before), self._chars.loose_box(after)
            if right[0] - left[2] > WIDE_GAP * max(self._chars.size(after), 4):
                yield begin, before + 1
                begin = after
        yield begin, end


def _same_row(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return min(a[3], b[3]) - max(a[1], b[1]) > 0.5 * min(a[3] - a[1], b[3] - b[1])


def clean(text: str) -> str:
    """One line as a reader would write it: plain letters for ligatures, single blanks, nothing unprintable."""
    text = BETWEEN_LETTERS.sub(lambda match: TEX_LIGATURES[match.group()], text)
    text = text.replace("\xad", "").translate(LIGATURES)
    text = LEADERS.sub(" … ", REMOVED.sub("", unicodedata.normalize("NFC", text)))
    return BLANKS.sub(" ", text).strip()
