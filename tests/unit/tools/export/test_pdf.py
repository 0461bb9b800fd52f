import pypdfium2
import pytest

from tests.unit.tools.export.items import FORMULA, ITEMS, ORDERS, item
from tools.export.files import export
from tools.export.layout import UnprintableScript
from tools.export.types import Format
from tools.questions.types import Item, Kind


def pages(items: list[Item]) -> list[str]:
    document = pypdfium2.PdfDocument(export(Format.PDF, "Cells", items, ORDERS).content)
    try:
        return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]
    finally:
        document.close()


def test_the_key_is_on_a_page_of_its_own() -> None:
    *sheet, key = pages(ITEMS)
    for secret in ("Answer key", "reason of", "hint of", "phagocytosis", "sodium", "About", "Concepts"):
        assert not any(secret in page for page in sheet), secret
    assert "Name ___" in sheet[0]
    assert key.count("Concepts of Life, p. 212") == len(ITEMS)
    assert f"B. {FORMULA}" in key


def test_questions_are_numbered_and_options_in_order() -> None:
    first = pages(ITEMS)[0]
    marks = ["1.", "A =SUM(A1)", f"B {FORMULA}", " C ", "D a~b = {x#y} : 50% \\n", "2.", "A True", "B False"]
    places = [first.index(mark) for mark in marks]
    assert places == sorted(places)


def test_pages_are_numbered_and_a_question_is_not_torn() -> None:
    items = [item(str(n), Kind.SINGLE_CHOICE, f"Question {n}?", ["a", "b", "c", "d"], ["a"]) for n in range(20)]
    read = pages(items)
    assert all(f"{n} / {len(read)}" in page for n, page in enumerate(read, start=1))
    for page in read[:-1]:
        assert page.count("Question") == page.count("D d")


@pytest.mark.parametrize("tex", [r"$\frac{a$", r"$\begin{matrix}$", "$^$", "${}$", r"$\left($", "$" + "x" * 400 + "$"])
def test_what_is_not_tex_is_printed_as_it_stands(tex: str) -> None:
    sheet, _ = pages([item("x", Kind.SHORT_ANSWER, f"What is {tex} here?", [], ["x"])])
    assert tex.strip("$") in sheet.replace(" ", "")


def test_a_word_longer_than_the_line_is_broken() -> None:
    sheet, _ = pages([item("x", Kind.SHORT_ANSWER, "x" * 300, [], ["y"])])
    assert "x" * 300 in sheet.replace(" ", "")


def test_text_from_the_right_is_printed() -> None:
    sheet, _ = pages([item("x", Kind.SINGLE_CHOICE, "מהו תא?", ["שלום", "ATP"], ["a"])])
    assert "מהו תא" in sheet
    assert "שלום" in sheet


def test_a_symbol_without_a_glyph_is_spelt_and_a_script_without_letters_refused() -> None:
    sheet, _ = pages([item("x", Kind.SHORT_ANSWER, "What is 🧬?", [], ["x"])])
    assert "[dna double helix]" in sheet
    with pytest.raises(UnprintableScript):
        pages([item("x", Kind.SHORT_ANSWER, "細胞とは何か", [], ["x"])])
