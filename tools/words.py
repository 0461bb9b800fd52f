"""The words that carry a question or a sentence, reduced to the stems the keyword index knows."""

import re
import unicodedata
from functools import lru_cache

from snowballstemmer.english_stemmer import EnglishStemmer

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
_LONGEST = 64


def folded(text: str) -> str:
    """Lower case without diacritics, as the keyword index folds it."""
    if text.isascii():
        return text.lower()
    signs = unicodedata.normalize("NFKD", text.lower())
    return "".join(sign for sign in signs if not unicodedata.combining(sign))


def words(text: str) -> list[str]:
    """Every word and number, folded, in order."""
    return _WORD.findall(folded(text))


def content_words(text: str) -> list[str]:
    """The words that carry the meaning, in order, each stem once."""
    by_stem = {stem(word): word for word in reversed(words(text)) if word not in _STOP_WORDS and _is_telling(word)}
    return list(reversed(by_stem.values()))


def stems(text: str) -> set[str]:
    """The terms under which the keyword index knows a text."""
    return {stem(word) for word in words(text)}


def _is_telling(word: str) -> bool:
    return len(word) > 1 or not word.isascii() or word.isdigit()


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The term of the keyword index for a folded word; what is too long for a word of any language stays."""
    if len(word) > _LONGEST:
        return word
    stemmed: str = EnglishStemmer().stemWord(word)  # one a call: it keeps the word it works on, and threads meet here
    return stemmed
