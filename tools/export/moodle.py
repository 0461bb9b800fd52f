"""Questions as Moodle XML."""

import textwrap
import xml.etree.ElementTree as ET
from collections.abc import Sequence

from tools.export import explain
from tools.export.maths import to_html
from tools.export.types import Question
from tools.questions.types import Kind, Option


def to_moodle(title: str, questions: Sequence[Question]) -> bytes:
    """Moodle XML with a category of this title."""
    quiz = ET.Element("quiz")
    category = ET.SubElement(quiz, "question", type="category")
    _text(category, "category", f"$course$/top/{title.replace('/', '//')}")
    for question in questions:
        _add(quiz, question)
    ET.indent(quiz)
    return bytes(ET.tostring(quiz, encoding="utf-8", xml_declaration=True))


def _add(quiz: ET.Element, question: Question) -> None:
    """What every kind has, then what its kind adds."""
    kind, node = _kind(question), ET.SubElement(quiz, "question")
    node.set("type", kind)
    _text(node, "name", short_name(question))
    _text(node, "questiontext", to_html(question.item.stem), "html")
    _text(node, "generalfeedback", explain.explanation(question), "html")
    _value(node, "defaultgrade", "1")
    _value(node, "penalty", "0")
    _value(node, "idnumber", question.item.id)
    {"multichoice": _choice, "truefalse": _truth, "shortanswer": _wordings, "essay": _essay}[kind](node, question)
    if question.item.hint:
        _text(node, "hint", to_html(question.item.hint), "html")


def _kind(question: Question) -> str:
    if explain.truth(question) is not None:
        return "truefalse"
    if question.options:
        return "multichoice"
    return "essay" if question.item.kind is Kind.OPEN else "shortanswer"


def short_name(question: Question) -> str:
    """What a teacher sees in the question bank."""
    return f"{question.number:02d} {textwrap.shorten(question.item.stem, 80, placeholder=' …')}"


def literal(wording: str) -> str:
    r"""A wording for Moodle's matcher, to which a bare asterisk means any text."""
    return wording.replace("*", r"\*")


def _choice(node: ET.Element, question: Question) -> None:
    _value(node, "single", "true")
    _value(node, "shuffleanswers", "false")
    _value(node, "answernumbering", "ABCD")
    for option in question.options:
        _answer(node, question, option, to_html(option.text), "html")


def _truth(node: ET.Element, question: Question) -> None:
    for option in question.options:
        _answer(node, question, option, option.text.strip().lower(), "moodle_auto_format")


def _answer(node: ET.Element, question: Question, option: Option, text: str, style: str) -> None:
    answer = _text(node, "answer", text, style)
    answer.set("fraction", "100" if option.id in question.item.key else "0")
    _text(answer, "feedback", to_html(option.rationale), "html")


def _wordings(node: ET.Element, question: Question) -> None:
    _value(node, "usecase", "0")
    for wording in question.item.key:
        _text(node, "answer", literal(wording), "plain_text").set("fraction", "100")


def _essay(node: ET.Element, question: Question) -> None:
    _value(node, "responseformat", "editor")
    _text(node, "graderinfo", f"<p>{explain.answer(question)}</p>{explain.rubric(question)}", "html")


def _value(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = text


def _text(parent: ET.Element, tag: str, text: str, style: str | None = None) -> ET.Element:
    node = ET.SubElement(parent, tag, {"format": style} if style else {})
    _value(node, "text", text)
    return node
