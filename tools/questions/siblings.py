"""Which terms a text names side by side: the surest sign that they are of one sort."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tools.questions import phrases
from tools.types import Passage

_WORD = r"[A-Za-z][\w’-]*"
_ITEM = rf"(?:(?:the|an?) )?{_WORD}(?: {_WORD}){{0,2}}(?: \([^()]{{1,40}}\))?"
_LIST = re.compile(rf"({_ITEM}(?:, {_ITEM})+),? (?:and|or) ({_ITEM})(?= [a-z]|[,.;:)—])")
_ASIDE = re.compile(r" \([^()]*\)")
_ARTICLE = re.compile(r"(?:the|an?) ", re.IGNORECASE)
_LEADS = re.compile(
    r"^.*\b(?:are|is|was|were|include|includes|including|as|like|of|called|with|by|from|for|in|on|to|into|between"
    r"|contains?|have|has|and|or|both|either|the|an?|than|that|these|produces?|form|forms)\b ?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Named:
    """Terms that stand in one list; `start` and `end` of its sentence are offsets into the passage's text."""

    terms: tuple[str, ...]
    sentence: str
    passage: Passage
    start: int
    end: int


def mine(passage: Passage) -> Iterator[Named]:
    """Every list of three or more in a passage; its first and its last term may carry words that are not theirs."""
    for start, end in phrases.stated(passage.text):
        text = phrases.tidy(passage.text[start:end])
        for found in _LIST.finditer(text) if ", " in text else ():
            terms = [_ASIDE.sub("", term) for term in (*found[1].split(", "), found[2])]
            first = _LEADS.sub("", terms[0]) or terms[0]
            yield Named(tuple(_ARTICLE.sub("", term) for term in (first, *terms[1:])), text, passage, start, end)
