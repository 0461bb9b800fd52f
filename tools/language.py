"""Which language a text is in, guessed from its commonest words or its script: enough to explain an empty search."""

import unicodedata
from collections import Counter

from tools.words import words

_COMMON = {
    "English": "the of and is are what how in to does do why which a an who when for with that from",
    "German": "der die das und ist sind was wie ein eine nicht warum welche den dem von zu mit wer wann im",
    "French": "le la les et est sont que qui quoi comment une des du pourquoi dans quelle quel quels pour est-ce",
    "Spanish": "el la los las y es son que qué cómo como una por porque cuál del en para quién cuándo",
    "Italian": "il lo la gli e è sono che cosa come una di perché quale del nella per chi quando della",
    "Portuguese": "o os as e é são que como uma por porque qual do da para quem quando não em",
    "Dutch": "de het een en is zijn wat hoe waarom welke van niet voor met wie wanneer dat",
}
_SCRIPTS = {
    "CYRILLIC": "a Cyrillic script",
    "GREEK": "Greek",
    "ARABIC": "Arabic",
    "HEBREW": "Hebrew",
    "CJK": "Chinese",
    "HIRAGANA": "Japanese",
    "KATAKANA": "Japanese",
    "HANGUL": "Korean",
    "DEVANAGARI": "Hindi",
    "THAI": "Thai",
}
_BY_LANGUAGE = {language: frozenset(words(common)) for language, common in _COMMON.items()}


def language_of(text: str) -> str | None:
    """The language's English name, or None when the text does not tell."""
    if script := _script(text):
        return script
    said = words(text)
    counts = {language: sum(word in common for word in said) for language, common in _BY_LANGUAGE.items()}
    best, second = sorted(counts.values(), reverse=True)[:2]
    return max(counts, key=lambda language: counts[language]) if best > second else None


def _script(text: str) -> str | None:
    letters = [sign for sign in text if sign.isalpha()][:400]
    names = Counter(unicodedata.name(sign, "?").split()[0] for sign in letters if not sign.isascii())
    found = {_SCRIPTS[name] for name in names if name in _SCRIPTS and names[name] > len(letters) / 10}
    return "Japanese" if "Japanese" in found else min(found, default=None)
