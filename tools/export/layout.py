"""Text and drawn formulas set in lines, for the printable sheet."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files

from fpdf import FPDF
from fpdf.drawing import Transform
from fpdf.enums import MethodReturnValue, TextMode
from fpdf.svg import SVGObject
from ziamath import Latex

from tools.errors import StudyError
from tools.export.maths import Formula, Prose, parts

_LINE_BREAK = re.compile(r"\r\n?|\n")
_WORD = re.compile(r"\n| +|[^ \n]+")
# The renderer would set an equation number at the far end of a column of its own.
_TAG = re.compile(r"\\tag\*?\{([^{}]*)\}")
LEADING = 1.4
_GLYPH_HEIGHT, _GLYPH_DEPTH = 0.93, 0.24
_FONTS = {"sheet": ("ziafont", "DejaVuSans.ttf"), "maths": ("ziamath", "STIXTwoMath-Regular.ttf")}


class UnprintableScript(StudyError):
    """The printable sheet has no letters for the script of these questions: take them as Markdown or Anki cards."""

    code = "unprintable_script"
    status = 422


@dataclass(frozen=True, slots=True)
class Box:
    """What stands on a line: a word, or a formula with its drawing. Sizes are in points about the baseline."""

    text: str
    width: float
    height: float
    depth: float
    drawing: SVGObject | None = None


@dataclass(slots=True)
class SetLine:
    """Boxes side by side; a shaped line is one box whose words the font engine puts in order."""

    boxes: list[Box] = field(default_factory=list)
    shaped: bool = False

    @property
    def width(self) -> float:
        """In points."""
        return sum(box.width for box in self.boxes)

    @property
    def height(self) -> float:
        """In points, above the baseline."""
        return max(box.height for box in self.boxes)

    @property
    def depth(self) -> float:
        """In points, below the baseline."""
        return max(box.depth for box in self.boxes)


def document() -> FPDF:
    """An empty A4 document in points with fonts for Latin, Greek, Cyrillic, Hebrew, Arabic and mathematics."""
    pdf = FPDF(unit="pt", format="A4")
    for name, (package, filename) in _FONTS.items():
        pdf.add_font(name, fname=str(files(package) / "fonts" / filename))
    pdf.set_fallback_fonts(["maths"])
    pdf.set_auto_page_break(False)
    pdf.c_margin = 0
    return pdf


def lines(pdf: FPDF, text: str, size: float, width: float) -> list[SetLine]:
    """The text broken into lines of at most `width` points."""
    pdf.set_font("sheet", size=size)
    if any(_is_right_to_left(char) for char in text):
        return _shaped(pdf, _drawable(pdf, text), size, width)
    return _filled([box for part in parts(text) for box in _boxes(pdf, part, size, width)], width, size)


def right_to_left(text: str) -> bool:
    """Whether the text as a whole runs from the right: its first letter decides."""
    return next((_is_right_to_left(char) for char in text if unicodedata.category(char)[0] == "L"), False)


def _is_right_to_left(char: str) -> bool:
    return unicodedata.bidirectional(char) in ("R", "AL")


def draw(pdf: FPDF, line: SetLine, x: float, baseline: float, size: float) -> None:
    """Words that follow one another go down as one run, so that they are copied as one."""
    pdf.set_font("sheet", size=size)
    if line.shaped:
        with _shaping(pdf):
            write(pdf, line.boxes[0].text, x, baseline, size)
        return
    run = ""
    for box in [*line.boxes, None]:
        if box and not box.drawing:
            run += box.text
            continue
        write(pdf, run, x, baseline, size)
        x, run = x + pdf.get_string_width(run), ""
        if box:
            _draw_formula(pdf, box, x, baseline, size)
            x += box.width


def _shaped(pdf: FPDF, text: str, size: float, width: float) -> list[SetLine]:
    """Formulas stay in TeX here: only the font engine knows where in such a line they would stand."""
    with _shaping(pdf):
        broken = pdf.multi_cell(width, text=text, dry_run=True, output=MethodReturnValue.LINES)
        widths = [pdf.get_string_width(line) for line in broken]
    height, depth = size * _GLYPH_HEIGHT, size * _GLYPH_DEPTH
    return [SetLine([Box(*line, height, depth)], shaped=True) for line in zip(broken, widths, strict=True)]


def _boxes(pdf: FPDF, part: Prose | Formula, size: float, width: float) -> Iterator[Box]:
    if isinstance(part, Formula):
        box = _formula(part, size)
        if box and box.width <= width:
            yield box
            return
        part = Prose(part.tex)
    for word in _WORD.findall(_drawable(pdf, part.text)):
        yield from _word(pdf, word, size, width)


def _word(pdf: FPDF, word: str, size: float, width: float) -> Iterator[Box]:
    """One box, or several for a word longer than a line."""
    start = 0
    for end in range(1, len(word) + 1):
        if end == len(word) or pdf.get_string_width(word[start : end + 1]) > width:
            wide = 0 if word == "\n" else pdf.get_string_width(word[start:end])
            yield Box(word[start:end], wide, size * _GLYPH_HEIGHT, size * _GLYPH_DEPTH)
            start = end


def _formula(formula: Formula, size: float) -> Box | None:
    """The formula drawn, or `None` where it is not TeX that can be."""
    try:
        drawn = Latex(_TAG.sub(r"\\quad(\1)", formula.tex), size=size * 1.08, inline=not formula.display, margin=0)
        wide, tall = drawn.getsize()
        drawing = SVGObject(drawn.svg())
    except Exception:  # the renderer's parsers raise whatever they stumble over; the formula is then printed as TeX
        return None
    if wide <= 0 or tall <= 0:
        return None
    return Box(formula.tex, wide, tall + drawn.getyofst(), -drawn.getyofst(), drawing)


def _filled(boxes: Sequence[Box], width: float, size: float) -> list[SetLine]:
    """Greedy lines without the spaces at their ends."""
    filled = [SetLine()]
    for box in boxes:
        if box.text == "\n" or (filled[-1].width + box.width > width and not box.text.isspace()):
            filled.append(SetLine())
        if box.text != "\n" and not (box.text.isspace() and not filled[-1].boxes):
            filled[-1].boxes.append(box)
    return [line for line in filled if line.boxes]


@contextmanager
def _shaping(pdf: FPDF) -> Iterator[None]:
    """Letters joined and runs reordered, which only scripts written from the right need here."""
    pdf.set_text_shaping(True)
    try:
        yield
    finally:
        pdf.set_text_shaping(False)


def write(pdf: FPDF, text: str, x: float, baseline: float, size: float) -> None:
    """Text on a baseline."""
    if text:
        # A cell puts its baseline 0.3 of the font size below its middle.
        pdf.set_xy(x, baseline - 0.8 * size)
        pdf.cell(pdf.get_string_width(text) + 1, size, text)


def _draw_formula(pdf: FPDF, box: Box, x: float, baseline: float, size: float) -> None:
    """The drawing, and over it the TeX unseen, to be searched, copied and read aloud."""
    assert box.drawing is not None
    *_, path = box.drawing.transform_to_page_viewport(pdf)
    path.transform = path.transform @ Transform.translation(x, baseline - box.height)
    pdf.draw_path(path, copy=False)
    tex = _drawable(pdf, f"${box.text}$")
    with pdf.local_context(text_mode=TextMode.INVISIBLE):
        pdf.set_stretching(100 * box.width / pdf.get_string_width(tex))
        write(pdf, tex, x, baseline, size)
    pdf.set_stretching(100)


def _drawable(pdf: FPDF, text: str) -> str:
    """The text with symbols that no font has spelt out; letters that no font has are refused."""
    text = _LINE_BREAK.sub("\n", text).replace("\t", " ")
    return "".join(char if char == "\n" or _has_glyph(pdf, char) else _spelt(char) for char in text)


def _has_glyph(pdf: FPDF, char: str) -> bool:
    return any(ord(char) in font.cmap for font in pdf.fonts.values())


def _spelt(char: str) -> str:
    match unicodedata.category(char)[0]:
        case "L":
            raise UnprintableScript
        case "S" | "N" | "P":
            return f"[{unicodedata.name(char, 'symbol').lower()}]"
        case "Z":
            return " "
        case _:
            return ""
