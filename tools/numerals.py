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
_PLACES_LIST = """
first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth
sixteenth seventeenth eighteenth nineteenth twentieth
"""
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
    **{f"{n}{_ENDINGS.get(n, 'th')}": n for n in range(1, 21)},
}
"""Places from 1, in words and in digits."""
MONTHS = tuple(_MONTHS_LIST.split())
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LETTERS = ascii_uppercase
"""Of options, in order."""

_CARDINAL = "|".join(CARDINALS)
_CENTURIES, _YEARS = range(10, 21), range(10, 100)
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


def year(spelt: str) -> int | None:
    """`nineteen forty-five` is a year, read in pairs; None for what is none."""
    first, _, rest = re.sub(r"[\s-]+", " ", spelt.lower()).partition(" ")
    is_pair = CARDINALS.get(first) in _CENTURIES and SPELT.fullmatch(rest) and value(rest) in _YEARS
    return 100 * CARDINALS[first] + value(rest) if is_pair else None


def lettered(options: Sequence[T]) -> list[tuple[str, T]]:
    """Each option with its letter; nothing beyond Z."""
    return list(zip(LETTERS, options, strict=False))
