"""Questions as Moodle XML."""

import textwrap
import xml.etree.ElementTree as ET
from collections.abc import Sequence

from tools.export import explain
from tools.export.maths import to_html
from tools.export.moodle_xml import add_text, add_value
from tools.export.types import Question
from tools.questions import kinds


def to_moodle(title: str, questions: Sequence[Question]) -> bytes:
    """A category of the title's name with one question after the other."""
    quiz = ET.Element("quiz")
    category = ET.SubElement(quiz, "question", type="category")
    add_text(category, "category", f"$course$/top/{title.replace('/', '//')}")
    for question in questions:
        _add(quiz, question)
    ET.indent(quiz)
    return bytes(ET.tostring(quiz, encoding="utf-8", xml_declaration=True))


def short_name(question: Question) -> str:
    """What a teacher sees in the question bank."""
    return f"{question.number:02d} {textwrap.shorten(question.item.stem, 80, placeholder=' …')}"


def _add(quiz: ET.Element, question: Question) -> None:
    """What every kind has, then what its kind adds."""
    kind, node = kinds.of(question.item.kind), ET.SubElement(quiz, "question")
    node.set("type", kind.moodle_type)
    add_text(node, "name", short_name(question))
    add_text(node, "questiontext", to_html(question.item.stem), "html")
    add_text(node, "generalfeedback", explain.explanation(question), "html")
    add_value(node, "defaultgrade", "1")
    add_value(node, "penalty", "0")
    add_value(node, "idnumber", question.item.id)
    kind.moodle(question, node)
    if question.item.hint:
        add_text(node, "hint", to_html(question.item.hint), "html")
