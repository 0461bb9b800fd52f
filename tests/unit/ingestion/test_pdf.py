"""PDF: reading order, headings, running heads, labels, words."""

from pathlib import Path

import pytest

from ingestion.errors import DamagedDocument, EncryptedDocument, NoText, TooManyPages
from tests.unit.ingestion.documents import Sheets, lines, outline_of, pages_of, png


def headed(count: int, first: int = 1, head: str = "Journal of Plants") -> Sheets:
    sheets = Sheets()
    for number in range(count):
        sheets.sheet().put(72, 40, head, 8).put(300, 800, str(first + number), 9)
        sheets.prose(lines(30, 80, number))
    return sheets


def test_lines_become_paragraphs(tmp_path: Path) -> None:
    first, second = ["One sentence that runs over", "two lines and ends."], ["Another one that starts lower."]
    path = Sheets().sheet().prose(first).prose(second, y=180).save(tmp_path / "a.pdf")
    assert pages_of(path)[0].text == "One sentence that runs over two lines and ends.\n\nAnother one that starts lower."


@pytest.mark.parametrize("row_by_row", [True, False])
def test_columns_are_read_one_after_the_other(tmp_path: Path, row_by_row: bool) -> None:
    left = [f"l{n} {text}" for n, text in enumerate(lines(30, 40))]
    right = [f"r{n} {text}" for n, text in enumerate(lines(30, 40, 9))]
    sheets = Sheets().sheet().put(72, 80, "A Title Across Both Columns", 18, "B")
    if row_by_row:
        for number, (one, other) in enumerate(zip(left, right, strict=True)):
            sheets.put(60, 120 + 14 * number, one).put(320, 120 + 14 * number, other)
    else:
        sheets.prose(left, x=60).prose(right, x=320)
    text = pages_of(sheets.save(tmp_path / "a.pdf"))[0].text
    places = [text.index(f"{side}{n} ") for side in "lr" for n in range(30)]
    assert places == sorted(places)
    assert text.startswith("A Title Across Both Columns")


def test_a_table_keeps_its_rows(tmp_path: Path) -> None:
    sheets = Sheets().sheet().prose(lines(3, 80))
    for row, cells in enumerate([("Element", "Humans", "Crust"), ("Oxygen", "65%", "46%"), ("Carbon", "18%", "trace")]):
        for column, cell in enumerate(cells):
            sheets.put(72 + 150 * column, 200 + 16 * row, cell)
    tables = [b.text for b in pages_of(sheets.save(tmp_path / "a.pdf"))[0].blocks if b.category == "Table"]
    assert tables == ["Element | Humans | Crust\nOxygen | 65% | 46%\nCarbon | 18% | trace"]


def test_running_heads_and_page_numbers_are_dropped(tmp_path: Path) -> None:
    pages = pages_of(headed(6, first=101).save(tmp_path / "a.pdf"))
    assert not any("Journal" in page.text or page.label in page.text.split() for page in pages)


def test_a_single_page_keeps_everything(tmp_path: Path) -> None:
    assert pages_of(headed(1).save(tmp_path / "a.pdf"))[0].text.startswith("Journal of Plants")


def test_printed_numbers_become_labels(tmp_path: Path) -> None:
    pages = pages_of(headed(6, first=159).save(tmp_path / "a.pdf"))
    assert [(page.index, page.label) for page in pages] == [(n, str(158 + n)) for n in range(1, 7)]


def test_roman_front_matter(tmp_path: Path) -> None:
    sheets = Sheets()
    for printed in ["i", "ii", "iii", "1", "2", "3", "4", "5"]:
        sheets.sheet().put(300, 800, printed, 9).prose(lines(30, 80))
    labels = [page.label for page in pages_of(sheets.save(tmp_path / "a.pdf"))]
    assert labels == ["i", "ii", "iii", "1", "2", "3", "4", "5"]


def test_without_numbers_the_label_is_the_index(tmp_path: Path) -> None:
    sheets = Sheets()
    for _ in range(3):
        sheets.sheet().prose(lines(20, 80))
    assert [page.label for page in pages_of(sheets.save(tmp_path / "a.pdf"))] == ["1", "2", "3"]


def test_headings_by_size_weight_and_outline(tmp_path: Path) -> None:
    sheets = Sheets().sheet()
    sheets.start_section("Energy", level=0)
    sheets.put(72, 80, "Energy", 20).prose(lines(4, 80)).put(72, 200, "Light reactions", 11, "B")
    sheets.prose(lines(4, 80), y=220)
    path = sheets.save(tmp_path / "a.pdf")
    titles = [(b.text, b.depth) for b in pages_of(path)[0].blocks if b.category == "Title"]
    assert titles == [("Energy", 1), ("Light reactions", 2)]
    assert outline_of(path).contents == ((1, "Energy", 1),)


def test_a_smaller_heading_in_the_words_of_a_section_stays_below_it(tmp_path: Path) -> None:
    sheets = Sheets()
    for chapter in ("Light", "Ribosomes and Their Work"):
        sheets.sheet().start_section(chapter, level=0)
        sheets.put(72, 80, chapter, 20).prose(["light.", *lines(4, 80)])
        sheets.put(72, 220, "Ribosomes", 14).prose(lines(4, 80), y=240)
    pages = pages_of(sheets.save(tmp_path / "a.pdf"))
    headings = {b.text: b.depth for page in pages for b in page.blocks if b.category == "Title"}
    assert headings["Ribosomes and Their Work"] == 1
    assert headings["Ribosomes"] == 2


def test_a_bold_paragraph_is_no_heading(tmp_path: Path) -> None:
    sheets = Sheets().sheet().prose(lines(20, 80))
    for number, text in enumerate(lines(4, 80)):
        sheets.put(72, 500 + 14 * number, text, 11, "B")
    assert not any(b.category == "Title" for b in pages_of(sheets.save(tmp_path / "a.pdf"))[0].blocks)


def test_divided_words_are_joined_and_true_hyphens_kept(tmp_path: Path) -> None:
    texts = [
        "A well-known fact is that photo-",
        "synthesis feeds the plant and that a well-",
        "known fact stays known.",
    ]
    text = pages_of(Sheets().sheet().prose(texts).save(tmp_path / "a.pdf"))[0].text
    assert "photosynthesis" in text
    assert text.count("well-known") == 2


def test_list_items_stay_apart(tmp_path: Path) -> None:
    path = (
        Sheets()
        .sheet()
        .prose(["Consider these:", "1. the first thing", "2. the second thing"])
        .save(tmp_path / "a.pdf")
    )
    assert [b.text for b in pages_of(path)[0].blocks if b.category == "ListItem"] == [
        "1. the first thing",
        "2. the second thing",
    ]


def test_a_page_shown_sideways_reads_in_order(tmp_path: Path) -> None:
    import pypdfium2

    upright = Sheets().sheet().prose([f"n{n} {text}" for n, text in enumerate(lines(20, 70))]).save(tmp_path / "a.pdf")
    with pypdfium2.PdfDocument(upright) as document:
        document[0].set_rotation(90)
        document.save(tmp_path / "b.pdf")
    text = pages_of(tmp_path / "b.pdf")[0].text
    places = [text.index(f"n{n} ") for n in range(20)]
    assert places == sorted(places)


def test_blank_pages_are_kept(tmp_path: Path) -> None:
    path = Sheets().sheet().prose(lines(5)).sheet().sheet().prose(lines(5)).save(tmp_path / "a.pdf")
    assert [bool(page.text) for page in pages_of(path)] == [True, False, True]


def test_a_scan_without_a_recogniser_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    sheets = Sheets().sheet()
    sheets.image(png(), 0, 0, 595, 842)
    with pytest.raises(NoText, match="scan"):
        pages_of(sheets.save(tmp_path / "a.pdf"))


def test_a_scan_is_recognised_when_the_program_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "tesseract"
    program.write_text("#!/bin/sh\ntest -s \"$1\" && printf 'Osmosis moves\\nwater.\\n\\nSecond paragraph.\\n'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    sheets = Sheets().sheet()
    sheets.image(png(), 0, 0, 595, 842)
    page = pages_of(sheets.sheet().prose(lines(3)).save(tmp_path / "a.pdf"))
    assert (page[0].text, page[0].recognised) == ("Osmosis moves water.\n\nSecond paragraph.", True)
    assert not page[1].recognised


def test_passwords(tmp_path: Path) -> None:
    locked, open_to_read = Sheets().sheet().prose(lines(5)), Sheets().sheet().prose(lines(5))
    locked.set_encryption(owner_password="o", user_password="u")
    open_to_read.set_encryption(owner_password="o")
    with pytest.raises(EncryptedDocument):
        pages_of(locked.save(tmp_path / "a.pdf"))
    assert "light energy" in pages_of(open_to_read.save(tmp_path / "b.pdf"))[0].text


def test_leading_junk_is_no_hindrance(tmp_path: Path) -> None:
    data = headed(2).save(tmp_path / "a.pdf").read_bytes()
    (tmp_path / "b.pdf").write_bytes(b"junk" * 250 + data)
    assert len(pages_of(tmp_path / "b.pdf")) == 2


def test_too_many_pages_and_damage(tmp_path: Path) -> None:
    path = headed(4).save(tmp_path / "a.pdf")
    with pytest.raises(TooManyPages, match="4 pages"):
        pages_of(path, max_pages=3)
    path.write_bytes(path.read_bytes()[:600])
    with pytest.raises(DamagedDocument):
        pages_of(path)


def test_odd_blanks_at_line_ends_do_no_harm(tmp_path: Path) -> None:
    path = Sheets().sheet().prose(["Water\xa0moves\xa0\xa0", "\xa0", "slowly.\xa0"]).save(tmp_path / "a.pdf")
    assert pages_of(path)[0].text.split() == ["Water", "moves", "slowly."]


def test_words_in_bold_and_italics_are_marked_where_they_stand(tmp_path: Path) -> None:
    sheets = Sheets().sheet().put(72, 120, "The movement of water is called ").put(230, 120, "osmo-", style="B")
    sheets.put(72, 134, "sis and pressure", style="B").put(165, 134, "in the book", style="I").put(
        225, 134, "of cells."
    )
    [block] = pages_of(sheets.save(tmp_path / "a.pdf"))[0].blocks
    marked = [(block.text[mark.start : mark.end], mark.bold) for mark in block.marks]
    assert marked == [("osmosis and pressure", True), ("in the book", False)]
