"""DOCX and PPTX through unstructured, from a copy of the container that holds its text parts only."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree
from pptx import Presentation
from unstructured.partition.docx import partition_docx
from unstructured.partition.pptx import partition_pptx

from ingestion.errors import DamagedDocument, NoText, TooManyPages
from ingestion.partition import archive, elements
from ingestion.partition.pages import page_of
from ingestion.partition.pdf_lines import clean
from ingestion.types import Block, Outline, Page

SAFE = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
CORE = "docProps/core.xml"
DC = "{http://purl.org/dc/elements/1.1/}"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BROKEN = (zipfile.BadZipFile, etree.XMLSyntaxError, KeyError, ValueError, AttributeError, TypeError, IndexError)


def document(path: Path) -> tuple[str | None, str | None, list[Block]]:
    """Title, author and blocks of a DOCX."""
    archive.check(path)
    try:
        title, author = _core(path)
        parts = partition_docx(file=_text_only(path), languages=[""])
        return title, author, list(elements.to_blocks(parts))
    except BROKEN as broken:
        raise DamagedDocument from broken


def slides(path: Path, max_pages: int) -> Iterator[Outline | Page]:
    archive.check(path)
    try:
        pages, title, author = _slides(path)
    except BROKEN as broken:
        raise DamagedDocument from broken
    if len(pages) > max_pages:
        raise TooManyPages(f"This presentation has {len(pages)} slides; I read up to {max_pages}. Split it up.")
    if not any(page.text for page in pages):
        raise NoText
    contents = tuple((1, b.text, p.index) for p in pages for b in p.blocks[:1] if b.category == "Title")
    yield Outline(len(pages), title, author, contents)
    yield from pages


def _slides(path: Path) -> tuple[list[Page], str | None, str | None]:
    title, author = _core(path)
    copy = _text_only(path)
    parts = partition_pptx(file=copy, languages=[""], include_slide_notes=True)
    copy.seek(0)
    charts = [list(_charts(slide.shapes)) for slide in Presentation(copy).slides]
    by_slide: list[list[Block]] = [[] for _ in charts]
    for part in parts:
        number = part.metadata.page_number or 1
        if number <= len(by_slide):
            by_slide[number - 1] += elements.to_blocks([part])
    pages = [
        page_of(n, str(n), "slide", blocks + numbers)
        for n, (blocks, numbers) in enumerate(zip(by_slide, charts, strict=True), start=1)
    ]
    return pages, title, author


def _charts(shapes: Any) -> Iterator[Block]:
    """The numbers of each chart as table rows."""
    for shape in shapes:
        if getattr(shape, "has_chart", False):
            for plot in shape.chart.plots:
                names = [series.name or "" for series in plot.series]
                lines = [" | ".join(["", *names]).strip()]
                values = zip(*(series.values for series in plot.series), strict=False)
                lines += [
                    " | ".join([str(category), *("" if v is None else f"{v:g}" for v in row)])
                    for category, row in zip(plot.categories, values, strict=False)
                ]
                yield Block("Table", clean_lines(lines), 0)


def clean_lines(lines: list[str]) -> str:
    return "\n".join(text for line in lines if (text := clean(line)))


def _core(path: Path) -> tuple[str | None, str | None]:
    with zipfile.ZipFile(path) as container:
        if CORE not in container.namelist():
            return None, None
        root = etree.fromstring(container.read(CORE), etree.XMLParser(**SAFE))
    return tuple(clean(root.findtext(DC + name) or "")[:300] or None for name in ("title", "creator"))  # type: ignore[return-value]


def _text_only(path: Path) -> io.BytesIO:
    """Media and embedded files stay behind, empty: no reader inflates them, and no name of theirs reaches a disk."""
    copy = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for name in dict.fromkeys(source.namelist()):
            data = source.read(name) if archive.is_text(name) else b""
            target.writestr(name, _with_equations(data) if name == "word/document.xml" else data)
    copy.seek(0)
    return copy


def _with_equations(data: bytes) -> bytes:
    """Word keeps formulas apart from the text; here each becomes a run of text in its place."""
    if b"oMath" not in data:
        return data
    root = etree.fromstring(data, etree.XMLParser(**SAFE))
    for formula in list(root.iter(MATH + "oMath")):
        run = etree.Element(WORD + "r")
        written = etree.SubElement(run, WORD + "t")
        written.text = f" {linear(formula)} "
        formula.getparent().replace(formula, run)
    return bytes(etree.tostring(root))


def linear(formula: Any) -> str:
    return "".join(formula.itertext())
