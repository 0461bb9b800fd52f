"""The worked answer in HTML, as flash cards and learning platforms show it."""

from tools.export.maths import to_html
from tools.export.types import Question


def answer(question: Question) -> str:
    """The right answer; for choices with its letter, for gaps with other terms that are accepted."""
    if question.letter:
        return f"{question.letter}. {to_html(question.answer)}"
    also = ", ".join(to_html(term) for term in question.also)
    return to_html(question.answer) + (f" <i>(also accepted: {also})</i>" if also else "")


def explanation(question: Question) -> str:
    """Why, the rubric of an open question, and the place in the book with its words."""
    return f"<p>{to_html(question.item.rationale)}</p>{rubric(question)}<p>{source(question)}</p>"


def rubric(question: Question) -> str:
    """A list in HTML; empty without points."""
    points = "".join(f"<li>{to_html(point.text)}</li>" for point in question.item.rubric)
    return f"<ul>{points}</ul>" if points else ""


def source(question: Question) -> str:
    """Book, page and quote, in HTML."""
    return f"{to_html(question.source)}: “{to_html(question.item.evidence.quote)}”"
