"""The words that carry a question or a sentence, reduced to the stems the keyword index knows."""

import re
import unicodedata
from functools import lru_cache

_STOP_WORDS_LIST = """
a about above after again against all also although always am among an and another any are aren as at be
because been before being below between both but by came can cannot could couldn did didn do does doesn doing
don done down due during each either else ever every few for from further get gets give given gives go goes
going got had hadn has hasn have haven having he hence her here hers herself him himself his how however i if
in into is isn it its itself just kind let like ll made mainly make makes many may me might more most much
must my myself neither no nor not now of off often on once one only or other others ought our ours ourselves
out over own per please rather re s said same say says shall she should shouldn since so some such t than that
the their theirs them themselves then there therefore these they thing things this those though through thus
to too under until up upon us usually ve very via was wasn we well were weren what whatever when where whereas
whether which while who whom whose why will with within without won would wouldn yes yet you your yours
yourself yourselves answer answers ask asked best book books called chapter correct correctly define describe
described describes document documents explain explains false find following known learn list mean meaning
means mention name named question questions refer refers show slide statement statements tell term true
understand want word words
"""
_STOP_WORDS = frozenset(_STOP_WORDS_LIST.split())
_WORD = re.compile(r"[^\W_]+")
_FOREIGN = re.compile(r"[^\x00-\x7f]+")


def folded(text: str) -> str:
    """Lower case without diacritics, as the keyword index folds it."""
    if text.isascii():
        return text.lower()
    return _FOREIGN.sub(_without_marks, unicodedata.normalize("NFKD", text.lower()))


def _without_marks(found: re.Match[str]) -> str:
    return "".join(sign for sign in found.group() if not unicodedata.combining(sign))


def words(text: str) -> list[str]:
    """Every word and number, folded, in order."""
    return list(_words(text))


@lru_cache(maxsize=256)  # a turn looks at the same few passages again and again
def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(folded(text)))


def content_words(text: str) -> list[str]:
    """The words that carry the meaning, in order, each stem once."""
    by_stem = {stem(word): word for word in reversed(words(text)) if is_telling(word)}
    return list(reversed(by_stem.values()))


def is_telling(word: str) -> bool:
    """Whether a folded word carries meaning by itself."""
    return word not in _STOP_WORDS and (len(word) > 1 or not word.isascii() or word.isdigit())


def stems(text: str) -> set[str]:
    """The terms under which the keyword index knows a text."""
    return {stem(word) for word in words(text)}


# Porter's algorithm (1980), as SQLite's FTS5 carries it out, so that a stem here is a term there.

_STEP_2 = {
    "ational": "ate", "tional": "tion", "enci": "ence", "anci": "ance", "izer": "ize", "logi": "log", "bli": "ble",
    "alli": "al", "entli": "ent", "eli": "e", "ousli": "ous", "ization": "ize", "ation": "ate", "ator": "ate",
    "alism": "al", "iveness": "ive", "fulness": "ful", "ousness": "ous", "aliti": "al", "iviti": "ive", "biliti": "ble",
}  # fmt: skip
_STEP_3 = {"icate": "ic", "ative": "", "alize": "al", "iciti": "ic", "ical": "ic", "ful": "", "ness": ""}
_STEP_4 = (
    "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism", "ate", "iti",
    "ous", "ive", "ize",
)  # fmt: skip


_LONGEST = 200
"""A line without spaces, as other scripts have them, is one word; no index of a database takes keys of any length."""


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The term of the keyword index for a folded word; one of more than 64 bytes is its own, up to 200 characters."""
    if not 2 < len(word.encode()) <= 64:
        return word[:_LONGEST]
    word = _step_1b(_step_1a(word))
    if word.endswith("y") and _has_vowel(word[:-1]):
        word = word[:-1] + "i"
    word = _replaced(word, _STEP_2)
    word = _replaced(word, _STEP_3)
    return _step_5(_step_4(word))


def _shape(word: str) -> str:
    """`v` for each vowel, `c` for each consonant; y is a vowel after a consonant."""
    shape = ""
    for sign in word:
        is_vowel = sign in "aeiou" or (sign == "y" and shape[-1:] == "c")
        shape += "v" if is_vowel else "c"
    return shape


def _measure(word: str) -> int:
    return _shape(word).count("vc")


def _has_vowel(word: str) -> bool:
    return "v" in _shape(word)


def _ends_cvc(word: str) -> bool:
    return _shape(word).endswith("cvc") and word[-1] not in "wxy"


def _step_1a(word: str) -> str:
    if word.endswith(("sses", "ies")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _step_1b(word: str) -> str:
    if word.endswith("eed"):
        return word[:-1] if _measure(word[:-3]) > 0 else word
    for ending in ("ed", "ing"):
        base = word.removesuffix(ending)
        if base != word and _has_vowel(base):
            return _mended(base)
    return word


def _mended(base: str) -> str:
    if base.endswith(("at", "bl", "iz")):
        return base + "e"
    if len(base) > 1 and base[-1] == base[-2] and base[-1] not in "aeioulsz":
        return base[:-1]
    return base + "e" if _measure(base) == 1 and _ends_cvc(base) else base


def _replaced(word: str, endings: dict[str, str]) -> str:
    for ending, replacement in endings.items():
        if word.endswith(ending):
            base = word.removesuffix(ending)
            return base + replacement if _measure(base) > 0 else word
    return word


def _step_4(word: str) -> str:
    for ending in sorted(_STEP_4, key=len, reverse=True):
        if word.endswith(ending):
            base = word.removesuffix(ending)
            drops = _measure(base) > 1 and (ending != "ion" or base[-1:] in ("s", "t"))
            return base if drops else word
    return word


def _step_5(word: str) -> str:
    if word.endswith("e"):
        base = word[:-1]
        if _measure(base) > 1 or (_measure(base) == 1 and not _ends_cvc(base)):
            word = base
    return word[:-1] if word.endswith("ll") and _measure(word) > 1 else word
