"""How much of a wording of several words an answer says, and whether it says the opposite."""

import re

from tools.answers.verdicts import OTHER_WORDS, RIGHT, WRONG
from tools.questions.types import Item, Marked, Verdict
from tools.wording import NEGATIONS, plain, tokens
from tools.words import content_words, stem

_OPPOSITES = tuple(
    (frozenset(one.split()), frozenset(other.split()))
    for one, other in (
        ("increase increases increased rise rises grow grows", "decrease decreases decreased fall falls drop drops"),
        ("high higher highest", "low lower lowest"), ("more greater larger", "less fewer smaller"),
        ("before", "after"), ("inside into in", "outside"), ("positive", "negative"),
        ("gain gains gained", "lose loses lost"),
        ("hot hotter warm warmer", "cold colder cool cooler"), ("fast faster", "slow slower"), ("same", "different"),
        ("active", "passive"), ("open opens opened", "close closes closed"), ("all every", "none"), ("left", "right"),
        ("attract attracts", "repel repels"), ("release releases released", "absorb absorbs absorbed"),
    )
)  # fmt: skip


_MEANING = {word: min(sorted(side), key=len) for pair in _OPPOSITES for side in pair for word in side}


_FROM_TO = re.compile(r"\bfrom\b(.+?)\b(?:to|toward|towards|into)\b(.+)", re.DOTALL)


def marked_phrase(item: Item, key: str, answer: str) -> Marked:
    """A wording of several words: how much of it the answer says, in whatever order."""
    if contradicts(key, answer):
        return Marked(Verdict.WRONG, 0.0, "The book says the opposite.")
    share = share_of(key, answer)
    if share >= 0.75:
        return RIGHT
    if share >= 0.45:
        return Marked(Verdict.PARTLY, 0.5, "Part of it is there, but something is missing.")
    said = {stem(word) for word in content_words(plain(answer))}
    topic = {stem(word) for word in content_words(plain(f"{item.evidence.quote} {item.stem} {key}"))}
    is_on_topic = len(said) >= 3 and len(said & topic) >= 2 and len(said & topic) >= 0.3 * len(said)
    return OTHER_WORDS if is_on_topic else WRONG


def share_of(wording: str, answer: str) -> float:
    """How much of a wording an answer says, from 0 to 1."""
    wanted, said = _meanings(wording), _meanings(answer)
    return len(wanted & said) / len(wanted) if wanted else 0.0


def _meanings(text: str) -> set[str]:
    """Stems, those of one side of a pair of opposites as one: hot, hotter, warm."""
    return {_MEANING.get(word, stem(word)) for word in content_words(plain(text))}


def contradicts(key: str, answer: str) -> bool:
    """Whether one of the two denies, takes the other of two opposites, or goes the other way."""
    wanted, said = set(tokens(key)), set(tokens(answer))
    if NEGATIONS.isdisjoint(wanted) != NEGATIONS.isdisjoint(said):
        return True
    for one, other in (*_OPPOSITES, *((other, one) for one, other in _OPPOSITES)):
        if wanted & one and not wanted & other and said & other and not said & one:
            return True
    return _goes_back(key, answer)


def _goes_back(key: str, answer: str) -> bool:
    there, back = _FROM_TO.search(plain(key).lower()), _FROM_TO.search(plain(answer).lower())
    if not there or not back:
        return False
    along = share_of(there.group(1), back.group(1)) + share_of(there.group(2), back.group(2))
    against = share_of(there.group(1), back.group(2)) + share_of(there.group(2), back.group(1))
    return against > along
