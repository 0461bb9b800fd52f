"""Formats without pages: DOCX, PPTX, HTML, Markdown, EPUB, TXT."""

from pathlib import Path

import pytest
from docx import Document
from docx.oxml import parse_xml

from ingestion.errors import DamagedDocument, NoText, TooManyPages, UnsafeDocument, ZipBomb
from ingestion.partition import archive, sections
from ingestion.types import Block
from tests.unit.ingestion.documents import changed, docx, epub, outline_of, pages_of, pptx

BODY = "Cells divide in phases. "
MATH = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
BOMB = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><d>&b;</d>'


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_docx_headings_make_sections(tmp_path: Path) -> None:
    path = docx(
        tmp_path / "a.docx", ("Heading 1", "Mitosis"), ("", BODY), ("Heading 1", "Meiosis"), ("", BODY), ("", "End.")
    )
    pages = pages_of(path)
    assert [(p.index, p.label, p.kind, p.text.split("\n")[0]) for p in pages] == [
        (1, "1", "section", "Mitosis"),
        (2, "2", "section", "Meiosis"),
    ]
    assert outline_of(path).contents == ((1, "Mitosis", 1), (1, "Meiosis", 2))


def test_docx_tables_and_formulas_are_text(tmp_path: Path) -> None:
    document = Document()
    paragraph = document.add_paragraph("The area is ")
    paragraph._p.append(
        parse_xml(
            f"<m:oMath {MATH}><m:r><m:t>A=π</m:t></m:r><m:sSup><m:e><m:r><m:t>r</m:t></m:r></m:e>"
            "<m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath>"
        )
    )
    table = document.add_table(rows=2, cols=2)
    for at, text in enumerate(["Food", "Calories", "Leaves", "50"]):
        table.cell(at // 2, at % 2).text = text
    document.save(str(tmp_path / "a.docx"))
    text = pages_of(tmp_path / "a.docx")[0].text
    assert "A=πr^2" in text
    assert "Food | Calories\nLeaves | 50" in text


def test_pptx_slides_are_pages(tmp_path: Path) -> None:
    pages = pages_of(pptx(tmp_path / "a.pptx", ("Cells", "All life is made of cells."), ("", "")))
    assert [(p.label, p.kind) for p in pages] == [("1", "slide"), ("2", "slide")]
    assert pages[0].text == "Cells\n\nAll life is made of cells."
    assert pages[0].blocks[0].category == "Title"


def test_html_keeps_the_text_only(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.html",
        "<html><head><title>T</title><script>alert(1)</script><style>p{}</style></head><body><nav>Home</nav>"
        '<h1 onclick="x()">Photosynthesis</h1><p>Plants make <b>glucose</b>.<img src=x onerror=y()></p>'
        '<iframe src="http://10.0.0.1/">frame</iframe><div role="navigation">Menu</div></body></html>',
    )
    assert [page.text for page in pages_of(path)] == ["Photosynthesis\n\nPlants make glucose."]
    assert outline_of(path).title == "T"


def test_html_nested_deeper_than_any_parser_follows(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.html", "<html><body>" + "<div>" * 3000 + "Deep water" + "</div>" * 3000 + "</body></html>"
    )
    assert "Deep water" in pages_of(path)[0].text


def test_markdown_tables_code_and_headings(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.md", "# Cells\n\n" + BODY + "\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n## Parts\n\nNucleus.\n"
    )
    blocks = [(b.category, b.text, b.depth) for page in pages_of(path) for b in page.blocks]
    assert ("Title", "Cells", 1) in blocks
    assert ("Title", "Parts", 2) in blocks
    assert ("Table", "a | b\n1 | 2", 0) in blocks


def test_epub_chapters_in_the_order_of_the_spine(tmp_path: Path) -> None:
    path = epub(tmp_path / "a.epub", [f"<h1>One</h1><p>{BODY}</p>", f"<h1>Two</h1><p>{BODY}</p>"])
    assert [page.text.split("\n")[0] for page in pages_of(path)] == ["One", "Two"]
    assert (outline_of(path).title, outline_of(path).author) == ("Cells", "A. Writer")


def test_epub_that_points_outside_itself(tmp_path: Path) -> None:
    with pytest.raises(DamagedDocument):
        pages_of(epub(tmp_path / "a.epub", ["<p>x</p>"], package="../../../etc/passwd"))
    with pytest.raises(NoText):
        pages_of(epub(tmp_path / "b.epub", ["<p>x</p>"], href="../../secret{n}.xhtml"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(tmp_path: Path, encoding: str) -> None:
    good = docx(tmp_path / "a.docx", ("", BODY))
    with pytest.raises(UnsafeDocument):
        pages_of(changed(good, tmp_path / "b.docx", document=BOMB.decode().encode(encoding)))


def test_zip_bombs_are_refused_and_media_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good = docx(tmp_path / "a.docx", ("", BODY))
    monkeypatch.setattr(archive, "MAX_XML_BYTES", 2_000_000)
    with pytest.raises(ZipBomb):
        pages_of(changed(good, tmp_path / "b.docx", document=b"<d>" + b"A" * 3_000_000))
    swollen_picture = changed(good, tmp_path / "c.docx", thumbnail=bytes(9_000_000))
    assert pages_of(swollen_picture)[0].text == BODY.strip()


def test_broken_parts_are_damage(tmp_path: Path) -> None:
    good = docx(tmp_path / "a.docx", ("", BODY))
    with pytest.raises(DamagedDocument):
        pages_of(changed(good, tmp_path / "b.docx", document=b"<w:document"))


def test_text_without_words_and_text_without_end(tmp_path: Path) -> None:
    with pytest.raises(NoText):
        pages_of(write(tmp_path / "a.txt", " \t\n" * 50))
    with pytest.raises(TooManyPages):
        pages_of(write(tmp_path / "b.txt", BODY * 9000), max_pages=20)
    pages = pages_of(write(tmp_path / "c.txt", BODY * 3000))
    assert max(len(page.text) for page in pages) <= sections.MAX_CHARS
    assert sum(page.text.count("divide") for page in pages) == 3000


def test_short_lines_of_plain_text_are_not_all_headings(tmp_path: Path) -> None:
    page = pages_of(write(tmp_path / "a.txt", "Line one\n\nLine two\n\nLine three\n"))[0]
    assert not any(block.category == "Title" for block in page.blocks)


def test_sections_end_at_chapters_and_when_they_are_full() -> None:
    blocks = [Block("Title", "One", 0, 1), Block("NarrativeText", "x" * 4000, 0), Block("NarrativeText", "y" * 4000, 0)]
    found = list(sections.split([*blocks, Block("Title", "Two", 0, 1), Block("NarrativeText", "z", 0)]))
    assert [[block.text[0] for block in section] for section in found] == [["O", "x"], ["y"], ["T", "z"]]


def test_words_in_bold_and_italics_are_marked_where_they_stand(tmp_path: Path) -> None:
    body = "<p>Water moves by <b>osmosis</b> or <em>simple   diffusion</em> into cells.</p>"
    [block] = pages_of(write(tmp_path / "a.html", f"<html><body>{body}</body></html>"))[0].blocks
    marked = [(block.text[mark.start : mark.end], mark.bold) for mark in block.marks]
    assert marked == [("osmosis", True), ("simple diffusion", False)]
