"""The words for numbers and places in a row, the names of months and days, and the letters of options."""

import re
from collections.abc import Sequence
from string import ascii_uppercase
from typing import TypeVar

T = TypeVar("T")

_BELOW_TWENTY_LIST = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen
"""
_TENS_LIST = "twenty thirty forty fifty sixty seventy eighty ninety"
_PLACES_LIST = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}
_MONTHS_LIST = """
January February March April May June July August September October November December
"""

CARDINALS: dict[str, int] = {
    **{word: n for n, word in enumerate(_BELOW_TWENTY_LIST.split())},
    **{word: 10 * n for n, word in enumerate(_TENS_LIST.split(), 2)},
    "hundred": 100,
}
"""What one word says; words joined, as in `forty-six`, are for `value`."""
ORDINALS: dict[str, int] = {
    **{word: n for n, word in enumerate(_PLACES_LIST.split(), 1)},
    **{f"{n}{_ENDINGS.get(n, 'th')}": n for n in range(1, 13)},
}
"""Places from 1, in words and in digits."""
MONTHS = tuple(_MONTHS_LIST.split())
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LETTERS = ascii_uppercase
"""Of options, in order."""

_CARDINAL = "|".join(CARDINALS)
SPELT = re.compile(rf"\b(?:{_CARDINAL})(?:[\s-]+(?:and\s+)?(?:{_CARDINAL}))*\b", re.IGNORECASE)
"""A number below a thousand in words."""


def value(spelt: str) -> int:
    """The number that words matched by SPELT say: `one hundred and forty-six` is 146."""
    total = 0
    for word in re.split(r"[\s-]+", spelt.lower()):
        if word == "hundred":
            total = (total or 1) * 100
        elif word != "and":
            total += CARDINALS[word]
    return total


def lettered(options: Sequence[T]) -> list[tuple[str, T]]:
    """Each option with its letter; nothing beyond Z."""
    return list(zip(LETTERS, options, strict=False))
