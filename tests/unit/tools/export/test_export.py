import pytest

from tests.unit.tools.export.items import CHOICE, ITEMS, ORDERS, item
from tools.export.files import export
from tools.export.types import Format, NothingToExport, as_shown
from tools.questions.types import Kind


@pytest.mark.parametrize("format", Format)
def test_the_same_questions_make_the_same_file(format: Format) -> None:
    assert export(format, "Cells", ITEMS, ORDERS) == export(format, "Cells", ITEMS, ORDERS)


@pytest.mark.parametrize("format", Format)
def test_characters_no_file_can_hold_are_left_out(format: Format) -> None:
    broken = item("odd\x00", Kind.SINGLE_CHOICE, "Which\x00 \ud83d one?\x0b", ["x\x1f", "y"], ["a"])
    assert export(format, "T\x00itle", [broken]).content


@pytest.mark.parametrize("format", Format)
def test_nothing_is_not_a_file(format: Format) -> None:
    with pytest.raises(NothingToExport):
        export(format, "Cells", [])


@pytest.mark.parametrize(
    ("title", "filename"),
    [("Cells / 4: “ATP”", "Cells-4-ATP.csv"), ("../../etc", "etc.csv"), ("", "Questions.csv"), ("?!", "questions.csv")],
)
def test_a_title_becomes_a_name_that_file_systems_take(title: str, filename: str) -> None:
    assert export(Format.CSV, title, ITEMS).filename == filename


def test_the_letter_follows_the_order_shown() -> None:
    (question,) = as_shown([CHOICE], ORDERS)
    assert [option.id for option in question.options] == ["c", "a", "d", "b"]
    assert question.letter == "B"


def test_options_the_order_forgets_are_still_shown() -> None:
    (question,) = as_shown([CHOICE], {"choice": ["d", "gone"]})
    assert [option.id for option in question.options] == ["d", "a", "b", "c"]
