"""Questions that lean on what was said before, made to stand alone; the built-in way."""

import re
from collections.abc import Sequence

from agent.state import Exchange
from tools.words import content_words

_PRONOUN = re.compile(r"\b(?:it|its|they|them|their|theirs|he|she|his|him|her|this|that|these|those)\b", re.IGNORECASE)
_OPENING = re.compile(r"(?:and|but|so|or|then|also|what about|how about)\b", re.IGNORECASE)


def leans_on_history(utterance: str, history: Sequence[Exchange]) -> bool:
    """Whether an utterance cannot be understood without the conversation."""
    words = content_words(utterance)
    return len(words) < 3 and bool(not words or _OPENING.match(utterance) or _PRONOUN.search(utterance))


def standalone(utterance: str, history: Sequence[Exchange]) -> str:
    """The utterance with the topic of the last question put into it."""
    if not history or not leans_on_history(utterance, history):
        return utterance
    topic = " ".join(content_words(history[-1]["question"])[:8])
    return f"{utterance.rstrip(' ?!.')} ({topic})?"
