"""When two wordings say the same: LaTeX and plain signs, plurals, spelling variants and typing errors."""

import re
import unicodedata
from collections.abc import Callable, Sequence

from rapidfuzz.distance import OSA

from tools.inflection import learned_plurals, singulars
from tools.numerals import ORDINALS
from tools.words import words

IsTerm = Callable[[str], bool]
"""Whether a word is one that the book uses, so that it cannot be a misspelling of another."""

ARTICLES = frozenset({"a", "an", "the", "to"})
_NEGATIONS_LIST = """
not no never neither nor cannot without isnt arent wasnt werent doesnt dont didnt cant wont wouldnt couldnt hasnt havent
"""
NEGATIONS = frozenset(_NEGATIONS_LIST.split())

_SUPERSCRIPT = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ]+")
_WRAPPER = re.compile(r"\\(?:text|mathrm|mathbf|mathit|operatorname|mathsf|ce)\s*\{([^{}]*)\}")
_FRACTION = re.compile(r"\\[dt]?frac\s*(?:\{([^{}]*)\}|(\w))\s*(?:\{([^{}]*)\}|(\w))")
_ROOT = re.compile(r"\\sqrt\s*\{([^{}]*)\}")
_SCRIPT = re.compile(r"([\^_])\s*\{([^{}]*)\}")
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_MATHS_MARK = re.compile(r"\$|\\[()\[\],;!: ]|\\(?:left|right|displaystyle|quad)\b")
_SIGNS = {
    "×": "*", "·": "*", "⋅": "*", "∙": "*", "÷": "/", "−": "-", "–": "-", "—": "-", "≤": "<=", "≥": ">=", "≠": "!=",
    "→": "->", "∞": "infinity", "’": "'", "‘": "'", "“": '"', "”": '"', "√": "sqrt", "º": "°",
}  # fmt: skip
_COMMANDS = {
    "times": "*", "cdot": "*", "div": "/", "leq": "<=", "le": "<=", "geq": ">=", "ge": ">=", "neq": "!=", "ne": "!=",
    "to": "->", "rightarrow": "->", "infty": "infinity", "degree": "°", "circ": "°", "pm": "±", "approx": "≈",
}  # fmt: skip


def plain(text: str) -> str:
    """LaTeX and typographic signs as one would type them: \\frac{1}{2} is 1/2, x² is x^2, H₂O is H2O, β is beta."""
    text = _SUPERSCRIPT.sub(lambda found: "^" + unicodedata.normalize("NFKC", found.group()), text)
    text = _MATHS_MARK.sub(" ", text.replace("\\%", "%"))
    for _ in range(4):  # from the innermost braces outwards
        text = _WRAPPER.sub(r"\1", text)
        text = _SCRIPT.sub(lambda found: _script(found.group(1), found.group(2)), text)
        text = _ROOT.sub(lambda found: f"sqrt({found.group(1)})", text)
        text = _FRACTION.sub(lambda found: _fraction(*found.groups()), text)
    text = _COMMAND.sub(lambda found: _COMMANDS.get(found.group(1), f" {found.group(1)} "), text)
    text = "".join(_SIGNS.get(sign, sign) for sign in text.translate({ord("{"): None, ord("}"): None}))
    text = re.sub(r"\^\s*°", "°", unicodedata.normalize("NFKC", text))
    text = re.sub(r"(?<=\w)_(?=\w)", "", text)
    return " ".join("".join(map(_greek, text)).split())


def _script(mark: str, inner: str) -> str:
    inner = inner.strip()
    return f"{mark}{inner}" if re.fullmatch(r"[-+]?\w+|\\circ", inner) else f"{mark}({inner})"


def _fraction(above: str | None, a: str | None, below: str | None, b: str | None) -> str:
    parts = [(above or a or "").strip(), (below or b or "").strip()]
    return "/".join(part if re.fullmatch(r"[\w.]+", part) else f"({part})" for part in parts)


def _greek(sign: str) -> str:
    if not "α" <= sign.lower() <= "ω":
        return sign
    return unicodedata.name(sign).rsplit(" ", 1)[-1].lower().replace("lamda", "lambda")


_CHARGE = re.compile(r"\^\(?(\d?[+-])\)?(?![\w(])")
"""Of an ion: K^+ is K+."""


def formula(text: str) -> str:
    """A formula without white space and multiplication signs; the sides of an equation in one order."""
    text = re.sub(r"[\s*]+|\.$", "", _CHARGE.sub(r"\1", plain(text))).casefold()
    sides = text.split("=")
    return "=".join(sorted(sides)) if len(sides) == 2 and all(sides) and text[-1] not in "<>!" else text


def is_formula(text: str) -> bool:
    """Whether a text is a formula, as a learner or a book may write one."""
    text = plain(text)
    return bool(re.search(r"[\^=<>+*/±]|\w\(|\d[A-Za-z]|[A-Za-z]\d", text)) and not re.search(r"[A-Za-z]{3,} ", text)


_HUNDREDS = re.compile(r"\b(1\d)00s\b")
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}
_DIGITS = _ROMAN | {word: f"{n}th" for word, n in ORDINALS.items() if word.isalpha() and n > 3}
"""Numbers of wars, kings and centuries as figures."""


def tokens(text: str) -> list[str]:
    """Folded words without articles; an answer of articles alone keeps them."""
    text = _HUNDREDS.sub(lambda found: f"{int(found[1]) + 1}th century", plain(text).replace("'", ""))
    found = words(text)
    return [word for word in found if word not in ARTICLES] or found


def same(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two token lists are the same words, apart from number, spelling variants and spaces."""
    if len(one) == len(other) and all(map(same_word, one, other)):
        return True
    return bool(one) and same_word("".join(one), "".join(other))


def terms(wordings: Sequence[str]) -> list[str]:
    """The wordings that are terms of their own: of one in several numbers, cases and spellings only the first."""
    kept: list[str] = []
    for wording in wordings:
        if not any(same(tokens(wording), tokens(other)) for other in kept):
            kept.append(wording)
    return kept


def same_word(one: str, other: str) -> bool:
    """Whether two words are one, apart from number and spelling variants."""
    return one == other or not forms(one).isdisjoint(forms(other))


def forms(word: str) -> set[str]:
    """The word itself and the singulars it may be the plural of, in one spelling."""
    return {_spelling(form) for form in singulars(word)} | {_DIGITS.get(word, word)}


def _spelling(word: str) -> str:
    """British spelling as American."""
    if len(word) < 5:
        return word
    word = re.sub(r"(?<=[a-z]{3})our(?=s?$|ed$|ing$|al$|able$|less$)", "or", word)
    word = re.sub(r"(?<=[a-z]{2})([iy])s(?=e[ds]?$|er$|ing$|ation$)", r"\1z", word)
    word = re.sub(r"(?<=[a-z]{2}[tb])re$", "er", word)
    return re.sub(r"ae|oe", "e", re.sub(r"ll(?=ed$|ing$|er$)", "l", word))


_RIVALS = (
    ("hyper", "hypo"), ("inter", "intra"), ("endo", "exo"), ("endo", "ecto"), ("endo", "epi"), ("iso", "hypo"),
    ("macro", "micro"), ("over", "under"), ("ante", "anti"), ("ante", "post"), ("pre", "pro"), ("ab", "ad"),
    ("mono", "di"), ("hetero", "homo"), ("af", "ef"), ("eu", "pro"), ("oxi", "reduc"), ("auto", "allo"), ("in", "ex"),
)  # fmt: skip
_REVERSING = ("un", "in", "im", "ir", "il", "non", "dis", "a", "an", "anti", "de", "counter")
_SUFFIX_FAMILIES = (
    ("ate", "ite", "ide"), ("ase", "ose"), ("ane", "ene", "yne", "ine"), ("ic", "ous"), ("or", "ee"), ("phil", "phob"),
    ("tid", "tin"), ("cyte", "cyst"), ("gen", "gon"), ("less", "ful"), ("philic", "phobic"),
)  # fmt: skip

_DERIVING = (
    ("ia", "ism", "ity", "ion", "ance", "ence", "ment", "ness", "si", "y"), ("ist", "er", "or", "ian"),
    ("ic", "ical", "al", "ou", "ive", "ed", "ing", "able", "ible", "ant", "ent", "ful"), ("ate", "ize", "ise", "ify"),
)  # fmt: skip
"""Endings of things, people, properties and doings, without the s that a plural has as well."""
_ROOT_LETTERS = 3


def is_typing_error(typed: Sequence[str], meant: Sequence[str], is_term: IsTerm) -> bool:
    """Whether these words are those with few letters wrong, and with none of them another word of the book."""
    if len(typed) != len(meant):
        typed, meant = ["".join(typed)], ["".join(meant)]
    wrong = [(a, b) for a, b in zip(typed, meant, strict=True) if not same_word(a, b)]
    return bool(wrong) and all(_is_misspelt(a, b, is_term) for a, b in wrong)


def _is_misspelt(typed: str, meant: str, is_term: IsTerm) -> bool:
    if any(sign.isdigit() for sign in typed + meant) or _mean_apart(typed, meant):
        return False
    by_sound = typed.replace("ph", "f"), meant.replace("ph", "f")
    is_near = _is_near(*by_sound) or any(_is_near(typed, form) for form in (meant, *learned_plurals(meant)))
    return is_near and not is_term(typed)


def _is_near(typed: str, meant: str) -> bool:
    """One letter added, left out, changed or swapped in a word of four, two from eight on, but then not the first."""
    allowed = 0 if len(meant) < 4 else 1 if len(meant) < 8 else 2
    errors = OSA.distance(typed, meant, score_cutoff=allowed)
    return errors <= allowed and (typed[0] == meant[0] or errors < 2)


def _mean_apart(one: str, other: str) -> bool:
    """Words that differ just by a prefix or ending that changes the meaning."""
    if _are_derived(one, other):
        return True
    if any(_begin(one, other, pair) or _begin(other, one, pair) for pair in _RIVALS):
        return True
    if any(one == prefix + other or other == prefix + one for prefix in _REVERSING):
        return True
    return any(
        _ending(one, family) != _ending(other, family) for family in _SUFFIX_FAMILIES if _both(one, other, family)
    )


def _are_derived(one: str, other: str) -> bool:
    """Whether two words are made of one root as different parts of speech: `transphobia` and `transphobic`."""
    mine, theirs = _derivations(one), _derivations(other)
    return any(root == its and what != is_ for root, what in mine for its, is_ in theirs)


def _derivations(word: str) -> list[tuple[str, int]]:
    """The roots that a word may be made of, each with the sort of word that its ending makes."""
    word = word.removesuffix("s")
    found = [(word.removesuffix(end), n) for n, ends in enumerate(_DERIVING) for end in ends if word.endswith(end)]
    return [(root, n) for root, n in found if len(root) >= _ROOT_LETTERS]


def _begin(one: str, other: str, prefixes: tuple[str, str]) -> bool:
    return one.startswith(prefixes[0]) and other.startswith(prefixes[1])


def _both(one: str, other: str, family: Sequence[str]) -> bool:
    return bool(_ending(one, family) and _ending(other, family))


def _ending(word: str, family: Sequence[str]) -> str:
    return next((suffix for suffix in family if word.removesuffix("s").endswith(suffix)), "")
