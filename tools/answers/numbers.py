"""Whether a number is the one in the book, in whatever unit and words."""

import re

from tools.answers.verdicts import RIGHT, SEVERAL, WRONG
from tools.quantities import Quantity, close, numbers, quantity
from tools.questions.types import Item, Marked, Verdict
from tools.wording import NEGATIONS, same, tokens

_PERCENT = re.compile(r"%|\bper\s?cent", re.IGNORECASE)


def in_percent(item: Item, wanted: Quantity, answer: str) -> str:
    """A bare number as the question wants it, where that asks for a percentage."""
    bare = quantity(answer)
    is_meant = wanted.factor == 0.01 and bool(_PERCENT.search(item.stem))
    return f"{answer}%" if is_meant and bare and bare.factor == 1 and not bare.noun and bare.number > 1 else answer


def marked_number(wanted: Quantity, answer: str) -> Marked:
    """Right, half right without its unit, or wrong."""
    whole = quantity(answer)
    found = [whole] if whole is not None else numbers(answer)
    if not found:
        return Marked(Verdict.WRONG, 0.0, "The answer is a number.")
    if not NEGATIONS.isdisjoint(tokens(answer)):
        return WRONG
    if len(found) > 1:
        return SEVERAL if any(close(wanted, one) for one in found) else WRONG
    return _compared(wanted, found[0])


def _compared(wanted: Quantity, given: Quantity) -> Marked:
    if close(wanted, given):
        if wanted.noun and given.noun and not same(tokens(wanted.noun), tokens(given.noun)):
            return Marked(Verdict.PARTLY, 0.5, "The number is right, but not what it counts.")
        return RIGHT
    if (given.unit or (wanted.unit and not given.noun)) and _same_figure(wanted, given):
        return Marked(
            Verdict.PARTLY, 0.5, f"The number is right, but its unit is {'not' if given.unit else 'missing'}."
        )
    return Marked(Verdict.WRONG, 0.0, "That is not the number in the book.")


def _same_figure(wanted: Quantity, given: Quantity) -> bool:
    """Whether the numbers alone are the same, whatever they count."""
    bare = Quantity(given.number, wanted.dimension, given.number, 1.0)
    key = Quantity(
        wanted.number, wanted.dimension, wanted.number, 1.0, exact=wanted.exact, last_digit=wanted.last_digit
    )
    return close(key, bare)
