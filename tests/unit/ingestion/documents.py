"""Small documents made on the spot."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from docx import Document
from fpdf import FPDF
from pptx import Presentation

from ingestion.partition.child import read
from ingestion.partition.kinds import sniff
from ingestion.types import Outline, Page

TEXT = (
    "Photosynthesis converts light energy into chemical energy stored in glucose while the Calvin cycle fixes carbon "
    "dioxide in the stroma of the chloroplast and produces three carbon sugars that the plant later joins into starch"
)
PROSE = TEXT.split()


def lines(count: int, width: int = 45, start: int = 0) -> list[str]:
    """Lines of running text of about `width` characters."""
    found, current, at = [], "", start
    while len(found) < count:
        word = PROSE[at % len(PROSE)]
        if len(current) + len(word) >= width:
            found.append(current)
            current = word
        else:
            current = f"{current} {word}".strip()
        at += 1
    return found


class Sheets(FPDF):
    """A PDF on which text is put at given places, in points from the top left."""

    def __init__(self) -> None:
        super().__init__(unit="pt", format="A4")
        self.set_auto_page_break(False)

    def sheet(self) -> "Sheets":
        self.add_page()
        self.set_font("Times", size=11)
        return self

    def put(self, x: float, y: float, text: str, size: float = 11, style: str = "") -> "Sheets":
        self.set_font("Times", style, size)
        self.text(x, y, text)
        return self

    def prose(self, texts: Sequence[str], x: float = 72, y: float = 120, leading: float = 14) -> "Sheets":
        for number, text in enumerate(texts):
            self.put(x, y + number * leading, text)
        return self

    def save(self, path: Path) -> Path:
        path.write_bytes(bytes(self.output()))
        return path


def pages_of(path: Path, filename: str | None = None, max_pages: int = 100) -> list[Page]:
    return [item for item in items_of(path, filename, max_pages) if isinstance(item, Page)]


def outline_of(path: Path) -> Outline:
    found = next(iter(items_of(path)))
    assert isinstance(found, Outline)
    return found


def items_of(path: Path, filename: str | None = None, max_pages: int = 100) -> Iterator[Outline | Page]:
    """What the reading process would send, read in this one."""
    name = filename or path.name
    return read(path, name, sniff(path, name), max_pages)


def docx(path: Path, *paragraphs: tuple[str, str]) -> Path:
    """(style, text) for each paragraph; an empty style is running text."""
    document = Document()
    for style, text in paragraphs:
        document.add_paragraph(text, style=style or None)
    document.save(str(path))
    return path


def pptx(path: Path, *slides: tuple[str, str]) -> Path:
    """(title, body) for each slide."""
    show = Presentation()
    for title, body in slides:
        slide = show.slides.add_slide(show.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text = body
    show.save(str(path))
    return path


def changed(source: Path, target: Path, **members: bytes) -> Path:
    """A copy of a zip container in which the members whose stem is named hold other bytes."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, members.get(Path(name).stem, old.read(name)))
    return target


CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="{package}"/></rootfiles></container>'
)
PACKAGE = (
    '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>'
    "<dc:title>Cells</dc:title><dc:creator>A. Writer</dc:creator></metadata><manifest>{items}</manifest>"
    "<spine>{spine}</spine></package>"
)


def epub(path: Path, chapters: Sequence[str], package: str = "OEBPS/book.opf", href: str = "c{n}.xhtml") -> Path:
    """Chapters are bodies of XHTML, listed in the spine in the given order."""
    names = [href.format(n=n) for n in range(len(chapters))]
    items = "".join(
        f'<item id="i{n}" href="{name}" media-type="application/xhtml+xml"/>' for n, name in enumerate(names)
    )
    spine = "".join(f'<itemref idref="i{n}"/>' for n in range(len(chapters)))
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("META-INF/container.xml", CONTAINER.format(package=package))
        book.writestr("OEBPS/book.opf", PACKAGE.format(items=items, spine=spine))
        for name, body in zip(names, chapters, strict=True):
            book.writestr(f"OEBPS/{name}", f"<!DOCTYPE html><html><body>{body}</body></html>")
    return path


def png() -> io.BytesIO:
    from PIL import Image

    picture = io.BytesIO()
    Image.new("L", (60, 80), 200).save(picture, "PNG")
    picture.seek(0)
    return picture
