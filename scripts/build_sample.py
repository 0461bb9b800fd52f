"""Builds the handouts of the sample course from sample/source/*.md; the same source gives the same bytes."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from docx import Document
from docx.document import Document as DocxDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from fpdf import FPDF
from fpdf.enums import TableBordersLayout
from fpdf.fonts import FontFace

SAMPLE = Path(__file__).resolve().parent.parent / "sample"
WRITTEN = datetime(2026, 1, 5, tzinfo=UTC)
AUTHOR = "StudyRAG sample course"
INK = (28, 32, 38)
ACCENT = (26, 84, 122)
TINT = (236, 243, 247)
GREY = (110, 116, 124)

BLOCK_MARKS = [
    ("subheading", re.compile(r"### ")),
    ("heading", re.compile(r"## ")),
    ("definition", re.compile(r"> ")),
    ("bullet", re.compile(r"- ")),
    ("number", re.compile(r"\d+\. ")),
    ("formula", re.compile(r"\$ ")),
    ("caption", re.compile(r"(?=Table \d+: )")),
]


@dataclass(frozen=True)
class Block:
    """A heading, paragraph, list, formula or table of a handout."""

    kind: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Handout:
    """One source file: its fields, and its blocks in order."""

    head: dict[str, str]
    blocks: tuple[Block, ...]


def parse(source: str) -> Handout:
    """A source of fields, `---` and Markdown of the few kinds that the handouts use."""
    _, head, body = re.sub(r"(?<=\w)'", "’", source).split("---\n", 2)
    fields = dict(line.split(": ", 1) for line in head.strip().splitlines())
    return Handout(fields, tuple(block for part in body.strip().split("\n\n") for block in _blocks(part)))


def _blocks(part: str) -> Iterator[Block]:
    if part.startswith("|"):
        lines = [line for line in part.splitlines() if not set(line) <= set("|-")]
        yield Block("table", rows=tuple(tuple(cell.strip() for cell in line.split("|")[1:-1]) for line in lines))
        return
    for line in part.splitlines():
        kind, mark = next(((kind, mark) for kind, mark in BLOCK_MARKS if mark.match(line)), ("paragraph", None))
        yield Block(kind, mark.sub("", line, count=1) if mark else line)


class HandoutPdf(FPDF):
    """A4 in Times with a running head and the printed page number of the course reader."""

    def __init__(self, handout: Handout) -> None:
        super().__init__(format="A4")
        self.handout = handout
        self.counter = 0
        self.last = ""
        self.core_fonts_encoding = "windows-1252"
        self.set_margins(26, 24, 26)
        self.c_margin = 0
        self.set_auto_page_break(True, margin=24)
        self.set_creation_date(WRITTEN)
        self.set_title(handout.head["title"])
        self.set_author(AUTHOR)
        self.set_lang("en")
        self.set_text_color(*INK)
        self.add_page()
        self.set_page_label(label_style="D", label_start=self.first)

    @property
    def first(self) -> int:
        """The printed number of the first page."""
        return int(self.handout.head["first_page"])

    def header(self) -> None:
        """Called by fpdf2 on each page."""
        if self.page == 1:
            return
        self._font("helvetica", "", 8, GREY)
        self.set_y(13)
        self.cell(0, 5, f"{self.handout.head['course']} · {self.handout.head['title']}", align="R")
        self.set_y(24)

    def footer(self) -> None:
        """Called by fpdf2 on each page."""
        self.set_y(-16)
        self._font("helvetica", "", 8.5, GREY)
        self.cell(0, 5, str(self.first + self.page - 1), align="C")

    def build(self) -> bytes:
        """The finished file."""
        self._title()
        for block in self.handout.blocks:
            if self.last in ("number", "bullet") and block.kind != self.last:
                self.ln(1.4)
            self.counter = self.counter + 1 if block.kind == "number" else 0
            getattr(self, f"_{block.kind}")(block)
            self.last = block.kind
        return bytes(self.output())

    def _title(self) -> None:
        head = self.handout.head
        self._font("helvetica", "", 9.5, ACCENT)
        self.cell(0, 5, f"SAMPLE COURSE  ·  {head['course'].upper()}", new_x="LMARGIN", new_y="NEXT")
        self._font("helvetica", "B", 24, INK)
        self.cell(0, 13, head["title"], new_x="LMARGIN", new_y="NEXT")
        self._font("times", "I", 13, GREY)
        self.cell(0, 7, head["subtitle"], new_x="LMARGIN", new_y="NEXT")
        self.set_draw_color(*ACCENT)
        self.set_line_width(0.6)
        self.line(self.l_margin, self.y + 3, self.w - self.r_margin, self.y + 3)
        self.ln(8)

    def _heading(self, block: Block) -> None:
        self._section(block.text, 0, 14, 34)

    def _subheading(self, block: Block) -> None:
        self._section(block.text, 1, 11.5, 28)

    def _section(self, text: str, level: int, size: float, room: float) -> None:
        """A heading never stands alone at the foot of a page: `room` in mm must follow it."""
        if self.will_page_break(room):
            self.add_page()
        self.ln(3.2 if level == 0 else 1.6)
        self._font("helvetica", "B", size, ACCENT if level == 0 else INK)
        self.start_section(text, level=level)
        self.multi_cell(0, size * 0.5, text, align="L", new_x="LMARGIN", new_y="NEXT")
        self.ln(1.4)

    def _paragraph(self, block: Block) -> None:
        self._text(block.text)
        self.ln(2.2)

    def _definition(self, block: Block) -> None:
        self._keep(block.text, 8)
        top, page = self.y, self.page
        self.set_fill_color(*TINT)
        self._text(block.text, left=5, fill=True, padding=2)
        if self.page == page:
            self.set_fill_color(*ACCENT)
            self.rect(self.l_margin + 5, top, 0.9, self.y - top, style="F")
        self.ln(2.6)

    def _bullet(self, block: Block) -> None:
        self._item("•", block.text)

    def _number(self, block: Block) -> None:
        self._item(f"{self.counter}.", block.text)

    def _item(self, mark: str, text: str) -> None:
        self._keep(text, 8)
        self._font("times", "B", 11, ACCENT)
        self.set_x(self.l_margin + 2)
        self.cell(6, 5.1, mark)
        self.set_x(self.l_margin)
        self._text(text, left=8)
        self.ln(1.3)

    def _table(self, block: Block) -> None:
        self._font("helvetica", "", 9, INK)
        columns = len(block.rows[0])
        widest = [max(len(row[column]) for row in block.rows) for column in range(columns)]
        widths = tuple(min(max(width, 14), 52) for width in widest)
        if self.will_page_break(7.5 * len(block.rows) + 14):
            self.add_page()
        self.set_fill_color(255)
        self.set_draw_color(*ACCENT)
        self.set_line_width(0.2)
        heads = FontFace(emphasis="BOLD", color=(255, 255, 255), fill_color=ACCENT)
        with self.table(
            col_widths=widths,
            headings_style=heads,
            line_height=4.6,
            padding=1.4,
            text_align="LEFT",
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        ) as table:
            for row in block.rows:
                table.row(row)

    def _caption(self, block: Block) -> None:
        self.ln(1.4)
        self._font("helvetica", "I", 8.5, GREY)
        self.multi_cell(0, 4.4, block.text, align="L", new_x="LMARGIN", new_y="NEXT")
        self.ln(3)

    def _text(self, text: str, left: float = 0, fill: bool = False, padding: float = 0) -> None:
        self._font("times", "", 11, INK)
        self.set_x(self.l_margin + left)
        self.multi_cell(
            self.epw - left,
            5.1,
            re.sub(r"(?<!\*)\*(?!\*)", "__", text),
            markdown=True,
            align="J",
            fill=fill,
            padding=(padding * 0.6, padding, padding * 0.6, padding * 2) if padding else 0,
            new_x="LMARGIN",
            new_y="NEXT",
        )

    def _keep(self, text: str, left: float) -> None:
        """Start a new page when this short text would be torn apart."""
        self._font("times", "", 11, INK)
        lines = self.multi_cell(self.epw - left, 5.1, text, dry_run=True, output="LINES", markdown=True)
        if self.will_page_break(len(lines) * 5.1 + 4):
            self.add_page()

    def _font(self, family: str, style: str, size: float, color: tuple[int, int, int]) -> None:
        self.set_font(family, style, size)
        self.set_text_color(*color)


DOCX_STYLES = {
    "heading": "Heading 1",
    "subheading": "Heading 2",
    "paragraph": "Normal",
    "definition": "Definition",
    "bullet": "List Bullet",
    "number": "List Number",
    "formula": "Formula",
    "caption": "Caption",
}
INLINE = re.compile(r"(\*\*.+?\*\*|\*.+?\*|~.+?~)")


def build_docx(handout: Handout) -> bytes:
    """The handout as a Word file, the same bytes on every run."""
    document = Document()
    _design(document)
    properties = document.core_properties
    properties.title, properties.author, properties.language = handout.head["title"], AUTHOR, "en"
    properties.created = properties.modified = WRITTEN
    properties.last_modified_by, properties.revision, properties.comments = AUTHOR, 1, ""
    document.add_paragraph(handout.head["title"], style="Title")
    document.add_paragraph(handout.head["subtitle"], style="Subtitle")
    for block in handout.blocks:
        if block.kind == "table":
            _add_table(document, block)
        else:
            _write(document.add_paragraph(style=DOCX_STYLES[block.kind]), block.text)
    saved = BytesIO()
    document.save(saved)
    return _same_every_time(saved)


def _design(document: DocxDocument) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.6)
    section.top_margin = section.bottom_margin = Cm(2.4)
    styles = document.styles
    for name in ("Normal", "Title", "Subtitle", "Heading 1", "Heading 2", "Caption"):
        font = styles[name].font
        font.name = "Liberation Serif" if name == "Normal" else "Liberation Sans"
        fonts = styles[name].element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(theme), None)
        font.color.rgb = RGBColor(*INK if name == "Normal" else ACCENT)
    styles["Normal"].font.size = Pt(11)
    styles["Normal"].paragraph_format.space_after = Pt(7)
    styles["Caption"].font.color.rgb = RGBColor(*GREY)
    definition = styles.add_style("Definition", 1)
    definition.base_style = styles["Normal"]
    definition.element.get_or_add_pPr().append(_left_bar())  # Word wants it before the indent
    definition.paragraph_format.left_indent = Cm(0.6)
    formula = styles.add_style("Formula", 1)
    formula.base_style = styles["Normal"]
    formula.paragraph_format.left_indent = Cm(2)
    formula.font.size = Pt(12)


def _left_bar() -> OxmlElement:
    borders, left = OxmlElement("w:pBdr"), OxmlElement("w:left")
    colour = "{:02X}{:02X}{:02X}".format(*ACCENT)
    for name, value in (("val", "single"), ("sz", "18"), ("space", "8"), ("color", colour)):
        left.set(qn(f"w:{name}"), value)
    borders.append(left)
    return borders


def _add_table(document: DocxDocument, block: Block) -> None:
    table = document.add_table(rows=0, cols=len(block.rows[0]), style="Light List Accent 1")
    for row in block.rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            _write(cell.paragraphs[0], text)


def _write(paragraph: Paragraph, text: str) -> None:
    for part in INLINE.split(text):
        run = paragraph.add_run(part.strip("*~"))
        run.bold = part.startswith("**") or None
        run.italic = (part.startswith("*") and not part.startswith("**")) or None
        run.font.subscript = part.startswith("~") or None


def _same_every_time(saved: BytesIO) -> bytes:
    """The same archive with fixed times in it."""
    fixed = BytesIO()
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, WRITTEN.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return fixed.getvalue()


def main() -> None:
    """Build every file of the sample course anew."""
    for source in sorted((SAMPLE / "source").glob("*.md")):
        handout = parse(source.read_text(encoding="utf-8"))
        target = SAMPLE / handout.head["filename"]
        target.write_bytes(HandoutPdf(handout).build() if target.suffix == ".pdf" else build_docx(handout))
        print(f"{target.name}: {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
