"""How much of one text another one says, and in which order: what solving by words goes by."""

import random
from difflib import SequenceMatcher

from tools.questions.types import Item
from tools.words import content_words, stem, words

ENOUGH = 0.8
"""The share of its words by which a text is said."""
_AHEAD = 0.2
_LITTLE = frozenset({"a", "an", "the", "n", "is", "ar", "wa", "were", "it", "i"})


def roots(text: str) -> frozenset[str]:
    """The stems of its words without articles and forms of to be."""
    return frozenset(stem(word) for word in words(text)) - _LITTLE


def telling(text: str) -> frozenset[str]:
    """The stems of its content words."""
    return frozenset(stem(word) for word in content_words(text))


def share(wanted: frozenset[str], seen: frozenset[str]) -> float:
    """How many of the wanted are among the seen, from 0 to 1."""
    return len(wanted & seen) / len(wanted) if wanted else 0.0


def in_order(text: str, evidence: str) -> float:
    """The share of a text's words that come one after another as they do in the evidence."""
    mine, theirs = ([stem(word) for word in words(one)] for one in (text, evidence))
    blocks = SequenceMatcher(None, mine, theirs, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / max(1, len(mine))


def best(options: tuple[str, ...], evidence: str) -> str | None:
    """The option whose words stand in the evidence, if it is well ahead of the rest."""
    seen = roots(evidence)
    ranked = sorted(((share(roots(option), seen), option) for option in options), reverse=True)
    return ranked[0][1] if ranked[0][0] >= ENOUGH and ranked[0][0] - ranked[1][0] >= _AHEAD else None


def shuffled(item: Item) -> tuple[str, ...]:
    """The options' texts in an order that does not depend on the key."""
    texts = [option.text for option in item.options]
    random.Random(item.id).shuffle(texts)
    return tuple(texts)
