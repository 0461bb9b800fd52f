"""Nouns in the other number and verbs in their other forms, by rule, so that a book's own terms are inflected, too."""

import re

_ENDINGS = (
    ("ies", "y"), ("ses", "sis"), ("ses", "s"), ("xes", "x"), ("zes", "z"), ("ches", "ch"), ("shes", "sh"),
    ("ices", "ix"), ("ices", "ex"), ("ves", "f"), ("ves", "fe"), ("ae", "a"), ("i", "us"), ("ia", "ium"),
    ("ria", "rion"), ("mena", "menon"), ("ata", "atum"), ("mata", "ma"), ("oes", "o"), ("men", "man"), ("s", ""),
)  # fmt: skip
_PLURALS_LIST = """
    child/children person/people man/men woman/women foot/feet tooth/teeth goose/geese mouse/mice ox/oxen
    leaf/leaves life/lives knife/knives wife/wives wolf/wolves half/halves shelf/shelves self/selves calf/calves
    thief/thieves loaf/loaves hoof/hooves genus/genera stoma/stomata datum/data criterion/criteria medium/media
    ovum/ova axis/axes bacterium/bacteria phenomenon/phenomena
"""
_PLURALS = dict(pair.split("/") for pair in _PLURALS_LIST.split())
_SINGULARS = {plural: single for single, plural in _PLURALS.items()}
_NO_PLURAL = ("ss", "us", "is", "ous")
_LOOKS_PLURAL = frozenset({"lens", "gas", "bias", "atlas", "canvas", "chaos", "pancreas", "news", "bus", "iris"})
_IS_PLURAL = re.compile(r"(?:[^siu]s|ses|ies|ae|men)$")
_DOUBLED = re.compile(
    r"(?:admit|ban|commit|compel|confer|control|drop|equip|expel|fit|infer|occur|patrol|permit|plan|plot|prefer|propel"
    r"|rebel|refer|repel|ship|spur|stop|submit|transfer|trap|transmit)$"
)
_LONG = 8


def is_plural(term: str) -> bool:
    """Whether the last word of a term is a plural, as far as its form tells."""
    noun = term.lower().rpartition(" ")[2]
    if noun.endswith("ics") or noun in _LOOKS_PLURAL:
        return False
    return noun in _SINGULARS or bool(_IS_PLURAL.search(noun))


def singulars(word: str) -> set[str]:
    """The word itself and every singular that it may be the plural of."""
    found = {word, _SINGULARS.get(word, word)}
    if len(word) > 3 and not word.endswith(_NO_PLURAL):
        found |= {word.removesuffix(end) + single for end, single in _ENDINGS if word.endswith(end)}
    return found


def learned_plurals(word: str) -> list[str]:
    """The plurals of a long word that are more than a letter added: mitochondrion, mitochondria."""
    endings = [(plural, single) for plural, single in _ENDINGS if len(single) > 1 and word.endswith(single)]
    return [word.removesuffix(single) + plural for plural, single in endings if len(word) >= _LONG]


def other_number(term: str) -> str:
    """The plural of a singular term, or the singular of a plural one; an abbreviation stays."""
    if term.isupper():
        return term
    before, _, noun = term.rpartition(" ")
    other = _PLURALS.get(noun) or _SINGULARS.get(noun) or _one_of(noun) or _many_of(noun)
    return f"{before} {other}".strip()


def _one_of(noun: str) -> str:
    """The singular of what has a plural's ending, else nothing."""
    if noun.endswith("ies"):
        return f"{noun[:-3]}y"
    if noun.endswith(("ses", "xes", "zes", "ches", "shes")):
        return noun[:-2]
    return noun[:-1] if noun.endswith("s") and not noun.endswith(("ss", "us", "is")) else ""


def _many_of(noun: str) -> str:
    return f"{noun[:-2]}es" if noun.endswith("sis") else _with_s(noun, ("s", "x", "z", "ch", "sh"))


def third(verb: str) -> str:
    """`carries` of carry, `goes` of go."""
    return _with_s(verb, ("s", "x", "z", "ch", "sh", "o"))


def _with_s(word: str, hissing: tuple[str, ...]) -> str:
    if re.search(r"[^aeiou]y$", word):
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(hissing) else f"{word}s"


def past(verb: str) -> str:
    """`carried` of carry, `stopped` of stop, for regular verbs."""
    if verb.endswith("e"):
        return f"{verb}d"
    if re.search(r"[^aeiou]y$", verb):
        return f"{verb[:-1]}ied"
    return f"{verb}{verb[-1]}ed" if _DOUBLED.search(verb) else f"{verb}ed"


def base(verb: str) -> str:
    """`carry` of carries, `catalyze` of catalyzes."""
    if verb.endswith("ies"):
        return f"{verb[:-3]}y"
    return verb[:-2] if verb.endswith(("shes", "ches", "sses")) else verb[:-1]
