import csv
import io

from tests.unit.tools.export.items import FORMULA, ITEMS, NASTY, ORDERS, SHOWN, item
from tools.export.files import export
from tools.export.types import Format
from tools.questions.types import Item, Kind


def rows(items: list[Item], orders: dict[str, list[str]]) -> list[dict[str, str]]:
    content = export(Format.CSV, "Cells", items, orders).content
    assert content.startswith(b"\xef\xbb\xbf")
    reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
    return [{name: cell.removeprefix("'") for name, cell in row.items()} for row in reader]


def test_every_text_is_read_back_byte_for_byte() -> None:
    read = rows(ITEMS, ORDERS)
    assert [row["question"] for row in read] == [each.stem for each in ITEMS]
    assert [read[0][f"option {letter}"] for letter in "ABCD"] == SHOWN
    assert (read[0]["right option"], read[0]["answer"]) == ("B", FORMULA)
    assert (read[0]["book"], read[0]["page"]) == ("Concepts of Life", "212")
    assert read[2]["also accepted"].split("\n") == ["Na*", "50% Na -> K"]
    assert read[1]["question"] == NASTY


def test_no_cell_is_run_by_a_spreadsheet() -> None:
    active = ["=1+1", "+1", "-1", "@x", " =1", "\t=1", "＝1", "'quoted", "\n=1"]
    items = [item(str(n), Kind.SHORT_ANSWER, text, [], ["x"]) for n, text in enumerate(active)]
    text = export(Format.CSV, "Cells", items).content.decode("utf-8-sig")
    for row in csv.reader(io.StringIO(text, newline="")):
        assert not any(cell.lstrip().startswith(("=", "+", "-", "@", "＝")) for cell in row)
    assert [row["question"] for row in rows(items, {})] == active
