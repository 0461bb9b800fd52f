"""What a question asks for, and which sentences give that."""

import re
from collections.abc import Sequence
from enum import StrEnum

from tools.words import content_words, stem

_SIGN_BONUS = 0.2
_DEFINES_BONUS = 0.25
_DESCRIBES_BONUS = 0.08
_LONGEST_TERM = 4


_SIDES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:differences?|distinction|distinguish|similarit(?:y|ies)) between (.+?) and (.+)",
        r"\bhow (?:do|does|is|are|did|was|were) (.+?) (?:differ|different|similar|differs) (?:from|to) (.+)",
        r"\b(?:compar\w*|contrast|distinguish) (.+?) (?:and|with|to|from) (.+)",
        r"^(.+?) (?:versus|vs)\b\.? (.+)",
    )
)


class AskedFor(StrEnum):
    """What a question asks for, so far as its words tell."""

    DEFINITION = "definition"
    FUNCTION = "function"
    COMPOSITION = "composition"
    CAUSE = "cause"
    PROCESS = "process"
    COMPARISON = "comparison"
    LIST = "list"
    EXAMPLE = "example"
    PERSON = "person"
    TIME = "time"
    PLACE = "place"
    NUMBER = "number"
    OTHER = "other"


_KINDS = (
    (
        AskedFor.NUMBER,
        r"\bhow (?:many|much|long|far|high|large|fast|big|heavy|thick|wide|deep|often|tall|expensive|common|old)\b"
        r"|\b(?:what|which) (?:percentage|share|proportion|number|amount|fraction|temperature)\b",
    ),
    (AskedFor.TIME, r"^when\b|\b(?:what|which) (?:year|date|century|decade|month|day|period)\b|\bsince when\b"),
    (AskedFor.PLACE, r"^where\b|\b(?:what|which) (?:country|city|place|town|state|region|river|island|continent)\b"),
    (AskedFor.PERSON, r"^(?:(?:by|to|from|with) )?(?:whom?|whose)\b(?! (?:is|are|was|were) )"),
    (AskedFor.EXAMPLE, r"\bexamples?\b"),
    (AskedFor.COMPARISON, r"\bdiffer(?:s|ence|ences|ent)?\b|\bcompar|\bversus\b|\bvs\b|\bcontrast\b|\bsimilarit"),
    (AskedFor.CAUSE, r"\bwhy\b|\bcauses?\b|\breasons?\b|\bhow come\b"),
    (AskedFor.COMPOSITION, r"\b(?:made|composed|consist|built) (?:up )?(?:of|from)\b|\bstructure of\b"),
    (
        AskedFor.LIST,
        r"\b(?:types|kinds|phases|stages|steps|parts|levels|components|properties|forms) (?:of|in)\b"
        r"|^(?:list|name)\b",
    ),
    (
        AskedFor.FUNCTION,
        r"\b(?:function|role|purpose|job|use|importance)s? of\b|\bwhat (?:do|does) .* do\b"
        r"|\b(?:for|responsible for|used for)\s*\W*$",
    ),
    (
        AskedFor.DEFINITION,
        r"^(?:so )?what(?:'s| is| are| was| were)\b|^defin|\bdefinition of\b|\bmean(?:s|ing)?\b"
        r"|^who (?:is|was|are|were)\b",
    ),
    (AskedFor.PROCESS, r"^how\b|\bprocess\b|\bhow (?:do|does|is|are|can)\b|^explain\b"),
)
_SIGNS = {
    AskedFor.CAUSE: r"\b(?:because|since|therefore|due to|as a result|so that|in order to|reason|caus(?:e|es|ed|ing)"
    r"|leads? to|results? in|allows?|prevents?)\b",
    AskedFor.FUNCTION: r"\b(?:function|role|responsible for|serves?|used (?:to|for|by)|helps?|enables?|allows?"
    r"|regulates?|controls?|produces?|provides?|protects?|makes?|known for)\b",
    AskedFor.COMPOSITION: r"\b(?:made (?:up )?of|composed of|consists? of|building blocks?|contains?|comprised? of"
    r"|includes?|built (?:of|from)|formed (?:of|from))\b",
    AskedFor.PROCESS: r"\b(?:by|through|when|first|then|next|during|until|into|after)\b",
    AskedFor.COMPARISON: r"\b(?:whereas|while|unlike|in contrast|by contrast|however|but|differ\w*|both|than|instead"
    r"|on the other hand)\b",
    AskedFor.EXAMPLE: r"\b(?:for example|for instance|such as|e\.g\.|an example|examples? (?:of|is|are|includes?))\b",
    AskedFor.LIST: r",[^,.;]+,? (?:and|or) |: \w|\b(?:two|three|four|five|six|seven|several) \w+",
}
_NUMBER_WORDS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|seventy"
    "|eighty|ninety|hundred|thousand|million|billion|half|thirds?|quarter|fifths?|tenths?|twice|double"
)
_NAME = r"[A-Z][\w’'.-]+"
_NAMED_SIGNS = {
    AskedFor.PERSON: rf"[a-z,;:] {_NAME} (?:{_NAME} )?|^(?!The |In |It |A |An ){_NAME} (?:{_NAME}|and [A-Z])",
    AskedFor.PLACE: r"\b(?:in|at|near|from|to|of|into|on|around) (?:the )?(?:[a-z]+ ){0,2}[A-Z][a-z]+",
    AskedFor.TIME: r"\b1\d{3}s?\b|\b20\d\ds?\b|\b(?:century|centuries|decades?|BCE?)\b"
    r"|\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
    r"|\b\d+ (?:years|days|weeks|months|hours) (?:ago|later|before|after)\b",
    AskedFor.NUMBER: rf"\d|\b(?i:{_NUMBER_WORDS})\b",
}
"""Where capitals tell a name from a word, case counts."""
_DEFINED = (AskedFor.DEFINITION, AskedFor.PROCESS, AskedFor.FUNCTION)
"""What a sentence that says what the term is may answer."""
_FRAME_WORDS = """
    function role purpose work happen difference different similar type stage phase step part cause reason example
    process structure importance important effect job use way idea concept definition explain kind main
"""
FRAME = frozenset(map(stem, _FRAME_WORDS.split()))
"""Words that say what is asked about a topic; the topic itself matters more."""


def kind_of(question: str) -> AskedFor:
    """What the first pattern that fits says; a question of a word or two asks for a definition."""
    plain = question.strip().lower()
    for kind, pattern in _KINDS:
        if re.search(pattern, plain):
            return kind
    return AskedFor.DEFINITION if len(content_words(question)) <= 2 else AskedFor.OTHER


def _sign(kind: AskedFor) -> re.Pattern[str] | None:
    if kind in _NAMED_SIGNS:
        return re.compile(_NAMED_SIGNS[kind])
    return re.compile(_SIGNS[kind], re.IGNORECASE) if kind in _SIGNS else None


def sides(question: str) -> list[frozenset[str]]:
    """The stems of each thing that is compared, without what they share; empty where nothing is."""
    found = next((found for pattern in _SIDES if (found := pattern.search(question))), None)
    both = [frozenset(map(stem, content_words(side))) - FRAME for side in found.groups()] if found else []
    apart = [side - other for side, other in zip(both, reversed(both), strict=True)]
    return apart if all(apart) else []


class Asked:
    """A question by what it asks for."""

    def __init__(self, question: str) -> None:
        words = [word for word in content_words(question) if stem(word) not in FRAME]
        kind = kind_of(question)
        self._signs = _sign(kind)
        self._definition = _Definition(words) if kind in _DEFINED and 1 <= len(words) <= _LONGEST_TERM else None

    def bonus(self, text: str) -> float:
        """What a sentence deserves for being the kind of answer that is asked for."""
        bonus = self._definition.bonus(text) if self._definition else 0.0
        is_sign = self._signs is not None and self._signs.search(text)
        return bonus + (_SIGN_BONUS if is_sign else 0.0)


class _Definition:
    """Recognises the sentences that say what a term is."""

    def __init__(self, words: Sequence[str]) -> None:
        term = r"[\s-]+(?:of |the |a |an )?".join(rf"{re.escape(_root(word))}\w*" for word in words)
        subject = rf"^(?:in \w+, )?(?:an? |the )?(?:\w+ )?{term}(?: \([^)]*\))?,? "
        what = (
            r"(?:(?:is|are|was|were) (?:an?|the|any|one)\b|refers? to|means?\b|describes?\b|consists? of|occurs? when)"
        )
        named = rf"\b(?:called|known as|termed|named|referred to as|we say) (?:an? |the )?{term}\b"
        quality = rf"\b(?:called|said to be) {_root(words[0])}\w*[.,;:]" if len(words) > 1 else named
        self._defines = re.compile(f"{subject}{what}|^{term}: |{named}|{quality}", re.IGNORECASE)
        self._describes = re.compile(rf"{subject}\w+", re.IGNORECASE)

    def bonus(self, text: str) -> float:
        if self._defines.search(text):
            return _DEFINES_BONUS
        return _DESCRIBES_BONUS if self._describes.search(text) else 0.0


def _root(word: str) -> str:
    root = stem(word)
    return root if word.startswith(root) else word
