"""Wordings without what two of them may differ in and still be the same."""

import re

from tools.words import folded, words

_FORMULA = re.compile(r"\$|\\[(\[)\]]")
_SIGN = re.compile(r"(?<=[\s\d(])[-−+=<>≤≥](?=\s?\w)|^[-−+<>≤≥](?=\w)")


def normalised(text: str) -> str:
    """Letters and digits alone, in lower case; signs of mathematics stay, for they tell options apart."""
    if _FORMULA.search(text) or not words(text):
        return re.sub(r"\s+", "", text)
    return " ".join([*words(folded(text).replace("a(n) ", "")), *_SIGN.findall(text)])
