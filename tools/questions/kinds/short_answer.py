"""A question that a term, a name or a number answers."""

from tools.questions.kinds.typed import Typed
from tools.questions.types import Kind


class ShortAnswer(Typed):
    """Answered in a few words of the book."""

    kind = Kind.SHORT_ANSWER
    title = "short answer"
    names = r"short[- ]answers?"
    brief = "answered in at most six words that stand in the quote; `answers` as for a gap."
