"""What an answer says, without the words around it."""

import re
from collections.abc import Sequence

from tools.wording import NEGATIONS, IsTerm, formula, is_formula, is_typing_error, same, same_word, tokens

_NOTHING = re.compile(
    r"(?:(?:sorry )?i (?:do not|dont|don t) know(?: (?:it|this|that))?|(?:i have )?no idea|idk|not sure|dunno|pass|skip"
    r"|none|n a|next|keine ahnung|help)"
)


def says_nothing(answer: str) -> bool:
    """Whether it has no words, or only says that the learner does not know."""
    said = " ".join(re.findall(r"\w+", answer.lower()))
    return not re.search(r"\w", answer) or bool(_NOTHING.fullmatch(said))


def same_text(text: str, answer: str) -> bool:
    """Whether two texts are the same words, or the same formula."""
    if is_formula(text) or is_formula(answer):
        return formula(text) == formula(answer)
    return same(tokens(text), tokens(answer))


def is_meant(said: Sequence[str], wanted: Sequence[str], is_term: IsTerm) -> bool:
    """Whether these words are meant, perhaps with a slip of the pen."""
    return same(said, wanted) or is_typing_error(said, wanted, is_term)


_LEADS = re.compile(
    r"^(?:i\s+(?:think|guess|believe)(?:\s+that)?|i(?:'d|\s+would)\s+(?:say|guess|think|go\s+(?:with|for)|choose)|"
    r"definitely|certainly|surely|obviously|clearly|of\s+course|well|i(?:'m|\s+am)\s+(?:pretty\s+)?sure(?:\s+that)?|"
    r"(?:it|this|that|they|these|he|she)(?:\s+(?:is|are|was|were)|'s|'re)(?:\s+called)?|"
    r"(?:the|my)\s+answer(?:\s+(?:is|would\s+be))?|maybe|perhaps|probably|answer|in|on|at|by|during)\b\s*[:,]?\s*",
    re.IGNORECASE,
)


_TRAIL = re.compile(r"\s*[,.;(]?\s*(?:i\s+(?:think|guess|believe|suppose)|probably|maybe|perhaps)\W*$", re.IGNORECASE)


_CLAUSE = re.compile(r"\s*(?:[.!?;\n]+(?=\s|$)|,|\s-\s|\()\s*")


_CONTRAST = re.compile(
    r"(?:\s*[,;(–—]|\s-)\s*(?:and\s+|but\s+)?not\b[^.]{1,60}$|\s+(?:rather\s+than|instead\s+of|as\s+opposed\s+to)\s[^.]{1,60}$",
    re.IGNORECASE,
)


def decided(answer: str) -> str:
    """The answer without what it sets itself apart from: `osmosis, not diffusion`."""
    text = _CONTRAST.sub("", answer)
    return text if re.search(r"\w", text) and NEGATIONS.isdisjoint(tokens(text)) else answer


def unled(text: str) -> str:
    """The answer without the words that introduce it."""
    text = _TRAIL.sub("", text.strip().strip("\"'“”«»"))
    while (shorter := _LEADS.sub("", text, count=1)) != text and shorter:
        text = shorter
    return text


def clauses(text: str) -> list[str]:
    """The whole answer, then its parts between marks of punctuation."""
    text = unled(text)
    return [text, *(unled(part) for part in _CLAUSE.split(text) if re.search(r"\w", part))]


def find(wanted: Sequence[str], said: Sequence[str]) -> int | None:
    """Where the wanted words stand one after another; None where they do not."""
    size = len(wanted)
    if not size:
        return None
    places = range(len(said) - size + 1)
    return next((at for at in places if all(map(same_word, said[at : at + size], wanted))), None)
