"""Numbered questions with their choices, and the numbered answers to them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingestion.apparatus.terms import flat

NUMBERED = re.compile(r"(?P<number>\d{1,3})\s?[.)]\s+(?=\S)|(?P<lost>\.)\s(?=[A-Z(])")
"""The number of a question; where its digits have no meaning in the file's fonts, the full stop behind it."""
LETTERED = re.compile(r"(?P<open>\()?(?P<letter>[A-Ha-h])(?P<close>[.)])\s+(?=\S)")
ANSWER = re.compile(r"(?<!\S)(?P<prefix>(?:\d{1,2}\.)*)(?P<number>\d{1,3})\s?[.)]\s+(?=\S)")
LETTER_ANSWER = re.compile(r"\W*([A-Ha-h])\W*")
COMPACT = re.compile(r"(?:\d{1,3}\s?[.):]?\s*\(?[A-Ha-h]\)?\.?[\s,;|]+){2,}", re.ASCII)
ONE_OF_COMPACT = re.compile(r"(\d{1,3})\s?[.):]?\s*\(?([A-Ha-h])\)?(?![a-z])")
FURTHEST = 3
"""Numbers may be left out, but hardly more of them at once."""


@dataclass(slots=True)
class NumberedQuestion:
    """A question in the making: `letters` are those printed before its choices or parts."""

    heading: str
    number: int
    parts: list[str]
    choices: list[str] = field(default_factory=list)
    enclosed: bool = False
    """Whether the letters stand in parentheses on both sides, as those of sub-questions mostly do."""

    @property
    def stem(self) -> str:
        """The question without its choices."""
        return " ".join(self.parts)


class NumberedQuestions:
    """The questions under one heading, as block after block of it is read."""

    def __init__(self, heading: str, last: int) -> None:
        self.heading, self._last, self._loose = heading, last, False
        self.found: list[NumberedQuestion] = []

    @property
    def last(self) -> int:
        """The number of the last question."""
        return self._last

    def add(self, text: str, at_top: bool) -> NumberedQuestion | None:
        """Read a block, `at_top` of a page or not; gives the question that begins in it."""
        number = self._number(text)
        if number is not None:
            return self._begin(number, text)
        if self.found:
            self._go_on(flat(text), at_top)
        return None

    def _number(self, text: str) -> int | None:
        match = NUMBERED.match(text)
        if match is None:
            return None
        number = int(match["number"]) if match["number"] else self._last + 1
        follows = self._last < number <= self._last + FURTHEST
        return number if follows or (number == 1 and not self.found) else None

    def _begin(self, number: int, text: str) -> NumberedQuestion:
        begun = NUMBERED.match(text)
        question = NumberedQuestion(self.heading, number, [flat(text[begun.end() if begun else 0 :])])
        self._last = number
        self.found.append(question)
        return question

    def _go_on(self, text: str, at_top: bool) -> None:
        question, lettered = self.found[-1], LETTERED.match(text)
        if lettered and lettered["letter"].lower() == chr(ord("a") + len(question.choices)):
            question.enclosed = bool(lettered["open"])
            question.choices.append(text[lettered.end() :])
        elif not question.choices:
            question.parts.append(text)
        elif at_top or text[:1].islower():
            question.choices[-1] = f"{question.choices[-1]} {text}"


Answer = tuple[str, int, str]
"""What the book writes before the number, the number, and the answer."""


def answers(text: str) -> Iterator[Answer]:
    """The answers that begin in a block; a single letter is given in upper case."""
    plain = text.replace(" | ", " ")
    if COMPACT.fullmatch(f"{plain} "):
        yield from (("", int(number), letter.upper()) for number, letter in ONE_OF_COMPACT.findall(plain))
        return
    starts = list(_beginnings(plain))
    ends = [*(match.start() for match in starts[1:]), len(plain)]
    for match, end in zip(starts, ends, strict=False):
        yield match["prefix"].rstrip("."), int(match["number"]), _answer(flat(plain[match.end() : end]))


def _beginnings(text: str) -> Iterator[re.Match[str]]:
    """Where answers begin: at the start of a line, or within one if its number and a capital come next."""
    last = None
    for match in ANSWER.finditer(text):
        number, is_line = int(match["number"]), match.start() == 0 or text[match.start() - 1] == "\n"
        if is_line or (last is not None and number == last + 1 and text[match.end()].isupper()):
            yield match
            last = number


def _answer(text: str) -> str:
    letter = LETTER_ANSWER.fullmatch(text)
    return letter[1].upper() if letter else text
