import html
import xml.etree.ElementTree as ET

from tests.unit.tools.export.items import ITEMS, NASTY, ORDERS, TEX
from tools.export.files import export
from tools.export.types import Format


def questions() -> dict[str, ET.Element]:
    quiz = ET.fromstring(export(Format.MOODLE, "Cells / 4", ITEMS, ORDERS).content)
    assert quiz.findtext("question[@type='category']/category/text") == "$course$/top/Cells // 4"
    return {node.findtext("idnumber", ""): node for node in quiz.findall("question") if node.get("type") != "category"}


def answers(question: ET.Element) -> list[tuple[str, str]]:
    return [(str(node.get("fraction")), node.findtext("text", "")) for node in question.findall("answer")]


def test_each_kind_becomes_its_moodle_kind() -> None:
    kinds = {name: node.get("type") for name, node in questions().items()}
    assert kinds == {
        "choice": "multichoice",
        "truth": "truefalse",
        "gap": "shortanswer",
        "short": "shortanswer",
        "open": "essay",
    }


def test_a_choice_keeps_order_formulas_and_markup_as_text() -> None:
    choice = questions()["choice"]
    assert choice.findtext("shuffleanswers") == "false"
    assert html.unescape(choice.findtext("questiontext/text", "")) == rf"What is \({TEX}\)?"
    fractions, texts = zip(*answers(choice), strict=True)
    assert fractions == ("0", "100", "0", "0")
    assert html.unescape(texts[1]) == rf"\({TEX}\)"
    assert html.unescape(texts[3]) == NASTY
    assert "<script" not in texts[3]
    assert "Concepts of Life, p. 212" in choice.findtext("generalfeedback/text", "")


def test_truth_wordings_and_rubric() -> None:
    read = questions()
    assert answers(read["truth"]) == [("0", "true"), ("100", "false")]
    assert answers(read["gap"]) == [("100", "sodium"), ("100", r"Na\*"), ("100", "50% Na -> K")]
    assert "names the membrane" in read["open"].findtext("graderinfo/text", "")
    assert read["short"].findtext("questiontext/text", "").count("<br>") == 3
