"""Which of the options an answer names, whichever way."""

import re
from collections.abc import Sequence

from tools.answers.said import decided, find, same_text, unled
from tools.numerals import LETTERS, ORDINALS
from tools.questions.types import Option
from tools.wording import NEGATIONS, is_typing_error, tokens


def chosen_options(options: Sequence[Option], answer: str) -> list[Option]:
    """The options that an answer names by id, words, letter or number, in this order of precedence."""
    said = tokens(answer)
    by_name = [option for option in options if answer == option.id]
    by_words = by_name or _labelled(options, answer) or _by_words(options, answer) or _by_words(options, unled(answer))
    found = by_words or by_place(options, answer) or _by_mention(options, said) or _by_typing_error(options, said)
    rest = decided(answer)
    return found or (chosen_options(options, rest) if rest != answer else [])


_PLACE = re.compile(
    r"(?:(?:the\s+)?(?:option|answer|choice|letter|number|no\.?)\s*(?:is\s+|:)?\s*)?[(\[]?([A-Za-z]|\d{1,2})[)\].:]*",
    re.IGNORECASE,
)


_PLACE_AND_WORDS = re.compile(r"[(\[]?([A-Za-z]|\d{1,2})[)\].:]\s+(.+)", re.DOTALL)


def _by_words(options: Sequence[Option], answer: str) -> list[Option]:
    return [option for option in options if same_text(option.text, answer)]


def _labelled(options: Sequence[Option], answer: str) -> list[Option]:
    """The options of an answer such as “b) Nucleus”: two when letter and words disagree."""
    found = _PLACE_AND_WORDS.fullmatch(answer.strip())
    named = _by_words(options, found.group(2)) if found else []
    return list(dict.fromkeys([*named, *_at(options, found.group(1))])) if found and named else []


_ORDINAL = re.compile(rf"(?:the\s+)?({'|'.join(ORDINALS)}|last)(?:\s+(?:one|option|answer|choice))?", re.IGNORECASE)


def by_place(options: Sequence[Option], answer: str) -> list[Option]:
    """The option that a letter, number or ordinal stands for; at most one."""
    place = _PLACE.fullmatch(unled(answer))
    if place:
        return _at(options, place.group(1))
    ordinal = _ORDINAL.fullmatch(unled(answer))
    if not ordinal:
        return []
    which = ordinal.group(1).lower()
    return list(options[-1:]) if which == "last" else _at(options, str(ORDINALS[which]))


def _at(options: Sequence[Option], name: str) -> list[Option]:
    at = int(name) - 1 if name.isdigit() else LETTERS.index(name.upper())
    return [options[at]] if 0 <= at < len(options) else []


def _by_mention(options: Sequence[Option], said: Sequence[str]) -> list[Option]:
    """Options whose words stand in the answer; of one inside another just the longer."""
    if not NEGATIONS.isdisjoint(said):
        return []
    found = [(tokens(option.text), option) for option in options if find(tokens(option.text), said) is not None]
    return [
        option for text, option in found if not any(len(o) > len(text) and find(text, o) is not None for o, _ in found)
    ]


def _by_typing_error(options: Sequence[Option], said: Sequence[str]) -> list[Option]:
    return [option for option in options if is_typing_error(said, tokens(option.text), lambda word: False)]
