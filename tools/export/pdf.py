"""Questions on paper: a sheet to hand out, and the key on a page of its own."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from fpdf.enums import TextMode

from tools.export.layout import LEADING, SetLine, document, draw, lines, right_to_left, write
from tools.export.types import Question
from tools.questions import kinds

_LEFT, _TOP, _RIGHT, _BOTTOM, _FOOT = 56, 60, 539, 776, 806
_NUMBER, _LETTER = 28, 24
_SIZE, _SMALL, _TITLE = 11, 9, 20
_BLACK, _GREY = 0, 95
_HEAD = f"Name {'_' * 42}   Date {'_' * 20}"
_GAP = re.compile(r"_{2,}")
_ROOM = "_" * 18


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of the sheet, `before` points below the one above; without text it is ruled, to write on."""

    line: SetLine | None = None
    indent: float = 0
    size: float = _SIZE
    before: float = 0
    label: str = ""
    circled: bool = False
    shade: int = _BLACK
    mirrored: bool = False

    @property
    def ascent(self) -> float:
        return max(self.size * LEADING * 0.75, self.line.height if self.line else 22)

    @property
    def height(self) -> float:
        return self.before + self.ascent + max(self.size * LEADING * 0.25, self.line.depth + 2 if self.line else 0)


class _Paper:
    """Pages filled from the top; rows that belong together stay on one page if one can hold them."""

    def __init__(self, title: str) -> None:
        self.pdf = document()
        # The date of making would make every file another one.
        self.pdf.set_creation_date(datetime(2000, 1, 1, tzinfo=UTC))
        self.pdf.set_title(title)
        self._title = title
        self._y = float(_TOP)

    def turn(self) -> None:
        """Begin a page, its foot first."""
        self.pdf.add_page()
        self._y = _TOP
        self.pdf.set_draw_color(_GREY)
        self.pdf.set_line_width(0.6)
        self.pdf.set_text_color(_GREY)
        for line in lines(self.pdf, self._title, _SMALL, _RIGHT - _LEFT - 90)[:1]:
            draw(self.pdf, line, _LEFT, _FOOT, _SMALL)
        number = str(self.pdf.page_no())
        room = self.pdf.get_string_width(f"{number} / {number}")
        write(self.pdf, f"{number} / {{nb}}", _RIGHT - room, _FOOT, _SMALL)

    def rows(self, text: str, like: _Row) -> Iterator[_Row]:
        """The text in rows; only the first has the label and the space before it."""
        for line in lines(self.pdf, text, like.size, _RIGHT - _LEFT - like.indent):
            yield replace(like, line=line)
            like = replace(like, before=0, label="", circled=False)

    def place(self, rows: Sequence[_Row]) -> None:
        height = sum(row.height for row in rows)
        if self._y + height > _BOTTOM and height <= _BOTTOM - _TOP:
            self.turn()
        for row in rows:
            if self._y + row.height > _BOTTOM:
                self.turn()
            self._draw(row, self._y + row.before + row.ascent)
            self._y += row.height

    def _draw(self, row: _Row, baseline: float) -> None:
        self.pdf.set_text_color(row.shade)
        if row.line:
            x = _RIGHT - row.indent - row.line.width if row.mirrored else _LEFT + row.indent
            draw(self.pdf, row.line, x, baseline, row.size)
        else:
            left, right = (0.0, row.indent) if row.mirrored else (row.indent, 0.0)
            self.pdf.line(_LEFT + left, baseline, _RIGHT - right, baseline)
        if row.label:
            (self._circled if row.circled else self._strong)(row, baseline)

    def _circled(self, row: _Row, baseline: float) -> None:
        inwards = row.indent - _LETTER + 8
        x = _RIGHT - inwards if row.mirrored else _LEFT + inwards
        self.pdf.circle(x, baseline - 4, 7.5)
        self.pdf.set_font("sheet", size=_SMALL)
        write(self.pdf, row.label, x - self.pdf.get_string_width(row.label) / 2, baseline - 0.7, _SMALL)

    def _strong(self, row: _Row, baseline: float) -> None:
        """The one font has no bold: a thin outline makes it."""
        self.pdf.set_font("sheet", size=_SIZE)
        x = _RIGHT - self.pdf.get_string_width(row.label) if row.mirrored else _LEFT
        with self.pdf.local_context(text_mode=TextMode.FILL_STROKE, line_width=0.35, draw_color=_BLACK):
            write(self.pdf, row.label, x, baseline, _SIZE)


def to_pdf(title: str, questions: Sequence[Question]) -> bytes:
    """A sheet to fill in, and the answer key on pages after it. Raises UnprintableScript."""
    paper = _Paper(title)
    paper.turn()
    paper.place([*paper.rows(title, _Row(size=_TITLE)), *paper.rows(_HEAD, _Row(size=_SMALL, before=10, shade=_GREY))])
    for question in questions:
        paper.place(list(_asked(paper, question)))
    paper.turn()
    paper.place(list(paper.rows("Answer key", _Row(size=_TITLE))))
    for question in questions:
        paper.place(list(_answered(paper, question)))
    return bytes(paper.pdf.output())


def _asked(paper: _Paper, question: Question) -> Iterator[_Row]:
    stem = _GAP.sub(_ROOM, question.item.stem)
    row = _Row(indent=_NUMBER, before=16, label=f"{question.number}.", mirrored=right_to_left(stem))
    yield from paper.rows(stem, row)
    for letter, option in question.lettered:
        look = replace(row, indent=_NUMBER + _LETTER, before=4, label=letter, circled=True)
        yield from paper.rows(option.text, look)
    if not question.options:
        yield from [replace(row, before=0, label="")] * _rules(question, stem)


def _rules(question: Question, stem: str) -> int:
    """How many lines to write on: none where the stem itself has room."""
    return 0 if _ROOM in stem else kinds.of(question.item.kind).lines


def _answered(paper: _Paper, question: Question) -> Iterator[_Row]:
    row = _Row(indent=_NUMBER, before=12, label=f"{question.number}.", mirrored=right_to_left(question.item.stem))
    for text, size, shade in _key(question):
        for line in paper.rows(text, replace(row, size=size, shade=shade)):
            yield line
            row = replace(row, before=0, label="")


def _key(question: Question) -> Iterator[tuple[str, float, int]]:
    """What the key says of a question, with size and shade."""
    yield f"{question.letter}. " * bool(question.letter) + question.answer, _SIZE, _BLACK
    if question.also:
        yield f"Also accepted: {', '.join(question.also)}", _SIZE - 1, _BLACK
    yield question.item.rationale, _SIZE - 1, _BLACK
    for point in question.item.rubric:
        yield f"• {point.text}", _SIZE - 1, _BLACK
    yield question.source, _SMALL, _GREY
