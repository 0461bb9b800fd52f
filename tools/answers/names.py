"""Other names of the same: initials, a name in full, a name by its last part."""

import re
from collections.abc import Sequence

from tools.answers.said import unled
from tools.wording import same_word, tokens

_LITTLE = frozenset(["of", "the", "and", "for", "in", "on", "to", "a", "an", "de", "la", "von", "van"])
_INITIALS = re.compile(r"(?=.{2,6}$)[A-Z](?:\.?\s?[A-Z0-9])+\.?|[a-z]{2,5}\d?")
_ENOUGH = 3
_NAME = re.compile(r"[A-Z][\w’'-]*\.?(?: (?:[A-Z][\w’'-]*\.?|de|la|van|von|der))*")


def is_other_name(key: str, answer: str, quote: str) -> bool:
    """Whether an answer is the key in initials, the words behind initials, or more of a name than the key."""
    said = unled(answer).strip(" .,;")
    return _abbreviates(said, key, quote) or _abbreviates(key, said, quote) or _is_full_name(said, key, quote)


def _abbreviates(short: str, full: str, quote: str) -> bool:
    """`WW1` of World War I; of two words only where the book has the initials, or where it is a name."""
    parts = [word for word in full.replace("-", " ").split() if word.lower() not in _LITTLE]
    if not _INITIALS.fullmatch(short) or len(parts) < 2 or len(tokens(short)) > len(parts):
        return False
    letters = re.sub(r"[\W_]", "", short).lower()
    is_known = len(parts) >= _ENOUGH or full.istitle() or re.search(rf"\b{re.escape(short)}\b", quote)
    return bool(is_known) and len(letters) == len(parts) and all(map(_begins, letters, parts))


def _begins(sign: str, word: str) -> bool:
    return word.lower().startswith(sign) or same_word(sign, word.lower().strip("."))


def _is_full_name(said: str, key: str, quote: str) -> bool:
    """`Abraham Lincoln` for Lincoln, where the quote has the key as a name and no other first name with it."""
    if not (_is_name_in(key, quote) and _NAME.fullmatch(said)):
        return False
    mine, theirs = tokens(said), tokens(key)
    return len(theirs) < len(mine) <= len(theirs) + 2 and _ends(mine, theirs)


def _ends(said: Sequence[str], wanted: Sequence[str]) -> bool:
    return all(map(same_word, said[-len(wanted) :], wanted))


def _is_name_in(key: str, quote: str) -> bool:
    """Whether the key has its capital within a sentence as well."""
    return key[:1].isupper() and bool(re.search(rf"[\w,;:] {re.escape(key)}\b", quote))
