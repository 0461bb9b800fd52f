"""Whether the parts of a list were named, in order where that was asked for."""

import re
from collections.abc import Sequence

from tools.answers.said import is_meant, unled
from tools.answers.verdicts import RIGHT, WRONG
from tools.questions.types import Item, Marked, Verdict
from tools.wording import IsTerm, tokens

_LIST_MARK = re.compile(r"\s*(?:[,;\n•]|\s(?:and|und|et|y|then|&)\s)\s*(?:(?:and|und|then)\s)?", re.IGNORECASE)


_IN_ORDER = re.compile(r"\b(?:order|sequence|stages?|phases|steps|first to last|chronological\w*)\b", re.IGNORECASE)


def listed_parts(text: str) -> list[list[str]]:
    """The words of each part; just one where the text is no list."""
    parts = [part for part in _LIST_MARK.split(text) if re.search(r"\w", part)]
    is_list = len(parts) > 1 and all(len(tokens(part)) <= 4 for part in parts) and not re.search(r"\bof\b", text)
    return [tokens(part) for part in parts] if is_list else [tokens(text)]


def marked_list(item: Item, wanted: Sequence[Sequence[str]], answer: str, is_term: IsTerm) -> Marked:
    """By how many of the parts are named, and in their order where the question asks for one."""
    said = _said_parts(answer, len(wanted))
    places = [next((n for n, one in enumerate(said) if is_meant(one, part, is_term)), None) for part in wanted]
    named = [place for place in places if place is not None]
    if not named:
        return WRONG
    if len(named) < len(wanted):
        share = len(named) / len(wanted)
        return Marked(Verdict.PARTLY, round(share, 2), f"You named {len(named)} of {len(wanted)}.")
    if _IN_ORDER.search(item.stem) and named != sorted(named):
        return Marked(Verdict.PARTLY, 0.5, "You named them all, but in another order.")
    if len(said) > len(wanted):
        return Marked(Verdict.PARTLY, 0.5, "You named them all, but also what does not belong to them.")
    return RIGHT


def _said_parts(answer: str, wanted: int) -> list[list[str]]:
    """The words of each part; single words where the marks between them were left out."""
    said = [tokens(part) for part in _LIST_MARK.split(unled(answer)) if re.search(r"\w", part)]
    return [[word] for word in said[0]] if len(said) == 1 and len(said[0]) >= wanted else said
