"""DOCX and PPTX through unstructured, from a copy of the container that holds its text parts only."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from lxml import etree
from pptx import Presentation
from unstructured.partition.docx import partition_docx
from unstructured.partition.pptx import partition_pptx

from ingestion.errors import DamagedDocument, NoText, TooManyPages
from ingestion.partition import archive, elements, formulas
from ingestion.partition.pages import page_of
from ingestion.partition.pdf_lines import clean
from ingestion.types import Block, Outline, Page

SAFE = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
CORE = "docProps/core.xml"
DC = "{http://purl.org/dc/elements/1.1/}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BROKEN = (*archive.DAMAGE, etree.XMLSyntaxError, KeyError, AttributeError, TypeError, IndexError)


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
    """The outline and one page a slide. Raises DamagedDocument, TooManyPages and NoText."""
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
    parts = partition_pptx(file=copy, languages=[""])
    copy.seek(0)
    slides = list(Presentation(copy).slides)
    by_slide: list[list[Block]] = [[] for _ in slides]
    for part in parts:
        by_slide[(part.metadata.page_number or 1) - 1] += map(_slide_block, elements.to_blocks([part]))
    for blocks, slide in zip(by_slide, slides, strict=True):
        blocks += [*_charts(slide.shapes), *_notes(slide)]
    return [page_of(n, str(n), "slide", blocks) for n, blocks in enumerate(by_slide, start=1)], title, author


def _slide_block(block: Block) -> Block:
    """Only the title of a slide is a heading; other short texts are guessed to be."""
    return replace(block, category="UncategorizedText", depth=0) if block.depth > 1 else block


def _charts(shapes: Any) -> Iterator[Block]:
    """The numbers of each chart as table rows, whatever kind of chart it is."""
    for shape in shapes:
        if hasattr(shape, "shapes"):
            yield from _charts(shape.shapes)
        elif getattr(shape, "has_chart", False):
            rows = _chart_rows(etree.fromstring(shape.chart.part.blob, etree.XMLParser(**SAFE)))
            if rows:
                yield Block("Table", "\n".join(rows), 0)


def _chart_rows(chart: Any) -> list[str]:
    series = [
        (_points(one, "tx"), _points(one, "cat") or _points(one, "xVal"), _points(one, "val") or _points(one, "yVal"))
        for one in chart.iter(CHART + "ser")
    ]
    names = ["".join(name.values()) for name, _, _ in series]
    categories = {at: text for _, found, _ in series for at, text in found.items()}
    rows = [[categories[at], *(values.get(at, "") for _, _, values in series)] for at in sorted(categories, key=int)]
    return [" | ".join(row) for row in [["", *names], *rows]] if rows else []


def _points(series: Any, part: str) -> dict[str, str]:
    return {
        point.get("idx", "0"): clean(point.findtext(CHART + "v") or "")
        for found in series.findall(CHART + part)
        for point in found.iter(CHART + "pt")
    }


def _notes(slide: Any) -> Iterator[Block]:
    frame = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    text = clean(frame.text) if frame is not None else ""
    if text:
        yield Block("NarrativeText", f"Notes: {text}", 0)


def _core(path: Path) -> tuple[str | None, str | None]:
    with zipfile.ZipFile(path) as container:
        if CORE not in container.namelist():
            return None, None
        root = etree.fromstring(container.read(CORE), etree.XMLParser(**SAFE))
    return _field(root, "title"), _field(root, "creator")


def _field(root: Any, name: str) -> str | None:
    return clean(root.findtext(DC + name) or "")[:300] or None


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
    for kind in ("oMathPara", "oMath"):
        for formula in list(root.iter(MATH + kind)):
            _replace(formula, f" {formulas.linear(formula).strip()} ")
    return bytes(etree.tostring(root))


def _replace(formula: Any, text: str) -> None:
    run = etree.Element(WORD + "r")
    written = etree.SubElement(run, WORD + "t")
    written.text, run.tail = text, formula.tail
    formula.getparent().replace(formula, run)
