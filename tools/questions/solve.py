"""Answering a question without its key, to see whether the evidence alone decides it."""

import random
import re
from difflib import SequenceMatcher
from typing import Protocol

from tools.questions.types import Item, Kind
from tools.words import content_words, stem, words

_ENOUGH = 0.8
_AHEAD = 0.2
_WHOLE = 0.95
_ORDERLY = 0.92
_EXPLAINED = 0.4


class Solver(Protocol):
    """Sees stem, options in an order that tells nothing, and evidence; never the key."""

    async def solve(self, kind: Kind, stem: str, options: tuple[str, ...], evidence: str | None) -> str | None:
        """The option chosen or the words to fill in; None when it cannot tell."""
        ...


class WordSolver:
    """Chooses by the words that the evidence shares with each option; without evidence, by those of the stem."""

    async def solve(self, kind: Kind, stem: str, options: tuple[str, ...], evidence: str | None) -> str | None:
        """None also where no option is well ahead of the others."""
        if evidence is None:
            return _guess(stem, options) if kind == Kind.SINGLE_CHOICE else None
        if kind == Kind.TRUE_FALSE:
            is_said = _share(_roots(stem), _roots(evidence)) >= _WHOLE and _in_order(stem, evidence) >= _ORDERLY
            return "True" if is_said else "False"
        if options:
            return _best(options, _roots(evidence))
        return None


def _in_order(text: str, evidence: str) -> float:
    """The share of a text's words that come one after another as they do in the evidence."""
    mine, theirs = ([stem(word) for word in words(one)] for one in (text, evidence))
    blocks = SequenceMatcher(None, mine, theirs, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / max(1, len(mine))


def _best(options: tuple[str, ...], seen: frozenset[str]) -> str | None:
    """The option whose words stand in the text, if it is well ahead of the rest."""
    ranked = sorted(((_share(_roots(option), seen), option) for option in options), reverse=True)
    return ranked[0][1] if ranked[0][0] >= _ENOUGH and ranked[0][0] - ranked[1][0] >= _AHEAD else None


def _guess(stem: str, options: tuple[str, ...]) -> str | None:
    """The only option that repeats a word of the stem, or the one that is far longer than the rest."""
    asked = frozenset(_telling(stem))
    echoing = [option for option in options if asked & _telling(option)]
    if len(echoing) == 1:
        return echoing[0]
    longest, second = sorted(options, key=len, reverse=True)[:2]
    return longest if len(longest) > max(20, 1.7 * len(second)) else None


def _telling(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in content_words(text))


def _roots(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words(text)) - _LITTLE


_LITTLE = frozenset({"a", "an", "the", "n", "is", "ar", "wa", "were", "it", "i"})


def _share(wanted: frozenset[str], seen: frozenset[str]) -> float:
    return len(wanted & seen) / len(wanted) if wanted else 0.0


async def is_solved(item: Item, solver: Solver) -> bool:
    """Whether the evidence leads to the key and to nothing else."""
    if item.kind is Kind.OPEN:
        return await _is_explained(item, solver)
    if not item.options:
        return await _is_filled(item, solver)
    options = shuffled(item)
    return await solver.solve(item.kind, item.stem, options, item.evidence.quote) == item.answer


async def _is_explained(item: Item, solver: Solver) -> bool:
    """The quotes of the rubric are enough to answer from, and lead to its points."""
    quotes = dict.fromkeys((item.evidence.quote, *(point.quote for point in item.rubric)))
    said = await solver.solve(item.kind, item.stem, (), "\n".join(quotes))
    return bool(said) and all(_share(_telling(p.text), _telling(said or "")) >= _EXPLAINED for p in item.rubric)


async def _is_filled(item: Item, solver: Solver) -> bool:
    """Words to fill in stand in the evidence; where a solver can say them itself, it must say the same."""
    said = await solver.solve(item.kind, item.stem, (), item.evidence.quote)
    if said is not None:
        return _roots(said) in [_roots(wording) for wording in item.key]
    seen = _roots(item.evidence.quote)
    rest = _roots(re.sub(r"_{3,}", " ", item.stem)) - _FRAME
    return _share(_roots(item.key[0]), seen) == 1.0 and _share(rest, seen) >= _ENOUGH


_FRAME = frozenset(stem(word) for word in ("what", "term", "for", "who", "whom", "by", "which", "called", "do", "we"))


async def is_guessable(item: Item, solver: Solver) -> bool:
    """Whether the key can be told from the stem and the options alone."""
    if item.kind != Kind.SINGLE_CHOICE:
        return False
    return await solver.solve(item.kind, item.stem, shuffled(item), None) == item.answer


def shuffled(item: Item) -> tuple[str, ...]:
    """The texts of the options in an order that depends on the item alone, not on its key."""
    texts = [option.text for option in item.options]
    random.Random(item.id).shuffle(texts)
    return tuple(texts)
