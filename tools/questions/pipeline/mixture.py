"""How much of one sort a quiz may hold while there is something else to ask."""

import re
from collections.abc import Sequence

from tools.questions import kinds
from tools.questions.types import Item, Wanted

_YEARS = 0.1
"""The share of a quiz that may ask for a year."""
_YEAR = re.compile(r"\d{3,4}")


def asks_year(item: Item) -> bool:
    """Whether nothing but a year answers it."""
    return bool(_YEAR.fullmatch(item.answer))


def has_enough_years(made: Sequence[Item], item: Item, wanted: Wanted) -> bool:
    """Whether this one would ask for a year too many."""
    return asks_year(item) and sum(map(asks_year, made)) >= max(1, _YEARS * wanted.count)


def has_enough_of_kind(made: Sequence[Item], item: Item, wanted: Wanted) -> bool:
    """Whether a mixture would have too much to write, or too much to call true or false."""
    share = kinds.of(item.kind).share
    if wanted.kinds or share is None:
        return False
    return sum(kinds.of(other.kind).share is share for other in made) > 1 + share.most * len(made)
