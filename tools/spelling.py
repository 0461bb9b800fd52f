"""Misspelt words of a question, set right with the words of what was found."""

import re
from collections.abc import Iterable

from rapidfuzz import fuzz, process

from tools.types import Found
from tools.words import stem, words

_SHORTEST = 6
_ALIKE = 85
_HITS = 8


def corrections(found: Found) -> dict[str, str]:
    """Words of the question that no passage found holds, each with the word of the passages that it resembles.

    A word that the whole scope lacks may be one of another passage of it.
    """
    seen = seen_words(found)
    roots = {stem(word) for word in seen}
    missing = [word for word in found.rarity if stem(word) not in roots]
    return {word: right for word in missing if (right := nearest(word, seen) or found.spelt.get(word))}


def corrected(question: str, right: dict[str, str]) -> str:
    """The question with these words replaced; the rest stays as it was written."""
    for wrong, word in right.items():
        question = re.sub(rf"\b{re.escape(wrong)}\b", word, question, flags=re.IGNORECASE)
    return question


def seen_words(found: Found) -> set[str]:
    """The words of the best passages, folded."""
    return {word for hit in found.hits[:_HITS] for word in words(hit.passage.text)}


def nearest(word: str, seen: Iterable[str]) -> str | None:
    """The one of these words that it may be a misspelling of; a short word is none."""
    if len(word) < _SHORTEST:
        return None
    likely = [other for other in seen if other[0] == word[0] and abs(len(other) - len(word)) <= 2]
    found = process.extractOne(word, sorted(likely), scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return found[0] if found else None
