"""Answers matched to the exercises that they belong to, by the numbers of chapters and sections."""

import re
from collections.abc import Sequence

_NUMBER = re.compile(
    r"(?:chapter|section|unit|lesson|part|appendix|§|solutions? (?:for|to)|answers? (?:for|to)|exercises?)?\W*"
    r"(\d{1,2}(?:\.\d{1,2})*)\b",
    re.IGNORECASE,
)

Key = dict[str, dict[int, str]]
"""The answers by the number of their chapter or section, then by their own."""


def number_of(heading: str) -> str:
    """`3` of `Chapter 3` and of `3 Biopsychology`, `0.2` of `Solutions for Section 0.2`; empty where there is none."""
    text = heading
    while match := re.match(r"(?:solutions?|answers?|exercises?|problems?|for|to|of|the)\s+", text, re.IGNORECASE):
        text = text[match.end() :]
    match = _NUMBER.match(text)
    return match[1] if match else ""


def first_number(path: Sequence[str]) -> str:
    """The number of the chapter that a path of headings begins with; empty where none has one."""
    return next(filter(None, map(number_of, path)), "")


def by_place(place: int) -> str:
    """What a chapter without a number is called by."""
    return f"#{place}"


def answer_to(number: int, path: Sequence[str], place: int, key: Key) -> str | None:
    """The answer to a question: by the number of its section or chapter, else by the chapter's place."""
    for name in (*filter(None, map(number_of, reversed(path))), by_place(place)):
        if number in key.get(name, {}):
            return key[name][number]
    return None
