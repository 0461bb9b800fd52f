"""The main clause of a sentence: what stands before its subject, the subject, the verb, and the rest."""

import re
from dataclasses import dataclass

from tools import inflection
from tools.questions import verbs

_LEAD = re.compile(
    r"(?P<lead>(?:[A-Z][a-z]{2,}ing|In|On|At|By|During|After|Before|Since|From|Around|Over|Within|Throughout|Under"
    r"|Until|Near) "
    r"(?:[^,;:()]{2,60}|[A-Z][a-z]+ \d{1,2}, \d{4})), "
)
_BARE_LEAD = re.compile(r"(?P<lead>(?:In|By|Around) (?:the )?(?:[A-Z][a-z]+ )?\d{3,4}s?) (?=[A-Z])")
_ASIDE = re.compile(r"(?:, (?P<apposed>[^;:]{3,140}?),| \((?P<bracket>[^()]+)\))(?= [a-z]+\b)")
_WORD = re.compile(r"[\w’'-]+")
_RELATIVE = re.compile(
    r"\b(?:that|which|who|whom|whose|where|when|how|what|why|and|but|because|as|if|than|while|whereas|so)\b|[,;:]"
)
_SURELY_FINITE = re.compile(r"\b(?:is|are|was|were|has|have|had|can|could|may|might|must|will|would|cannot|does|do)\b")
_OPENS_CLAUSE_LIST = """
    that which who whom whose where when if because while to not
"""
_OPENS_CLAUSE = frozenset(_OPENS_CLAUSE_LIST.split())
_LONGEST_SUBJECT = 12
_NO_SUBJECT = re.compile(
    r"(?:although|though|unlike|like|when|if|as|to|upon|because|while|since|from|with|without|for|in|on|at|by|after"
    r"|before"
    r"|during|under|according|where|once|until|not|only|both|believing|using|seeking|hoping|and|but|or|so)\b"
    r"|.*\b(?:he|she|they|it|we|you|i|there)$",
    re.IGNORECASE,
)
_ADVERB = re.compile(r"(?!(?:supply|monopoly|family|assembly|anomaly|ally|reply|butterfly|Italy|July)$)[a-z]+ly$")
_ARTICLES_LIST = """
    the a an this these his her its their no two three four
"""
_ARTICLES = frozenset(_ARTICLES_LIST.split())
_NO_NOUN = frozenset({"and", "or", "the", "a", "an"})
_PREPOSITION = re.compile(r" (?:of|in|on|at|for|from|with|by|to|between|among|that|which|who|within|over|under)\b")
_TAKES_OF = re.compile(r"(?:consist|think|thought|approv|complain|disposes?|tells?|told|speaks?|spoke|die|dream)")
_ADVERBS_LIST = """
    first still often usually always never not only ever once seldom almost just even sometimes perhaps
"""
_ADVERBS = frozenset(_ADVERBS_LIST.split())
_CONNECTIVES = frozenset({"also", "then", "later", "soon", "thus", "therefore", "however"})
"""They tie a sentence to the one before it, and are left out; every other adverb is part of what is said."""


@dataclass(frozen=True, slots=True)
class Clause:
    """`lead` has no comma after it; `rest` goes to the end of the sentence, without its full stop.

    `adverb` is what stands between subject and verb: `never`, `only rarely`.
    """

    lead: str
    subject: str
    aside: str
    verb: str
    rest: str
    adverb: str = ""

    @property
    def predicate(self) -> str:
        """All that is said of the subject."""
        return f"{self.adverb} {self.verb} {self.rest}".strip()


def parse(sentence: str) -> Clause | None:
    """The main clause, if it begins with a plain subject; None for what is built in another way."""
    body = sentence.rstrip('.”")').strip() if sentence.endswith(".") else sentence.rstrip(".")
    lead = _LEAD.match(body) or _BARE_LEAD.match(body)
    rest = _with_name_first(body[lead.end() :] if lead else body)
    found = _split(rest)
    return Clause(lead["lead"] if lead else "", *found) if found else None


_ROLE_AND_NAME = re.compile(
    r"(?P<role>[^,;:()]{3,60}), (?P<name>[A-ZÀ-Þ][\w’'-]+(?: (?:de |van |von )?[A-ZÀ-Þ][\w’'-]+)+), (?P<rest>[a-z].*)$"
)


def _with_name_first(text: str) -> str:
    """`Another Italian, Amerigo Vespucci, explored` with the name as its subject."""
    m = _ROLE_AND_NAME.match(text)
    if not m or has_verb(m["role"]):
        return text
    is_aside = m["rest"].split()[0].endswith("ing")
    return f"{m['name']}{',' if is_aside else ''} {m['rest']}"


def is_plural(subject: str) -> bool:
    """Whether a noun phrase takes the verb of the plural."""
    head = _PREPOSITION.split(re.split(r" [a-z]+ed\b", subject)[0], maxsplit=1)[0].split()[-1:]
    if re.search(r"\band\b", subject):
        return True
    return bool(head) and inflection.is_plural(head[0])


def has_verb(text: str) -> bool:
    """Whether words form a clause of their own."""
    return _verb_at(text) is not None or _has_verb_after_relative(text)


def _has_verb_after_relative(text: str) -> bool:
    """Whether `a sum that never ends makes it overflow` has a verb besides that of its relative clause."""
    before, relative, after = re.split(r"\b(that|which|who)\b|$", text, maxsplit=1)
    found = [word for word in _WORD.findall(after or "") if verbs.is_finite(word, is_plural(before or "it"))]
    return bool(relative) and len(found) > 1


def _split(text: str) -> tuple[str, str, str, str, str] | None:
    """Subject, aside, verb, rest and adverb, cut at the first word that can be the verb of what stands before it."""
    aside = ""
    m = _ASIDE.search(text)
    if m and not has_verb(text[: m.start()]) and not re.match(r" (?:and|or)\b", text[m.end() :]):
        aside = m["apposed"] or m["bracket"]
        text = f"{text[: m.start()]}{text[m.end() :]}"
    at = _verb_at(text)
    if at is None or (aside and at[0] < (m.start() if m else 0)):
        return None
    start, end = at
    subject, adverb = _parted(text[:start].split())
    is_noun = subject.split()[-1].lower() not in _NO_NOUN
    is_plain = is_noun and "," not in subject and not _NO_SUBJECT.match(subject)
    return (subject, aside, text[start:end], text[end:].strip(), adverb) if is_plain else None


def _parted(words: list[str]) -> tuple[str, str]:
    """The subject and the adverbs after it."""
    at = len(words)
    while at > 1 and (words[at - 1] in _ADVERBS | _CONNECTIVES or _ADVERB.match(words[at - 1])):
        at -= 1
    return " ".join(words[:at]), " ".join(word for word in words[at:] if word not in _CONNECTIVES)


def _verb_at(text: str) -> tuple[int, int] | None:
    for n, word in enumerate(_WORD.finditer(text)):
        if n > _LONGEST_SUBJECT:
            return None
        before = text[: word.start()].rstrip()
        if before.endswith((",", ";", ":")):
            return None
        if n == 0 or before.split()[-1].lower() in _ARTICLES:
            continue
        if before.split()[-1] in _OPENS_CLAUSE or re.search(r"\b(?:that|which|who|whose|where|when)\b", before):
            return None
        is_noun = text[word.end() :].startswith(" of ") and not _TAKES_OF.match(word[0])
        if (
            not is_noun
            and verbs.is_finite(word[0], is_plural(before))
            and not _is_participle(word[0], text[word.end() :])
        ):
            return word.start(), word.end()
    return None


def _is_participle(word: str, rest: str) -> bool:
    """Whether another verb follows that this subject needs: `goods displayed in a window are …`."""
    if re.match(r" (?:is|are|was|were|has|have|had|can|may|must|will)\b", rest):
        return True  # a noun, as in `context switches are`
    if not verbs.is_ambiguous(word):
        return False
    head = _RELATIVE.split(rest, maxsplit=1)[0]
    return bool(_SURELY_FINITE.search(head)) or bool(re.match(r" by\b|.* (?:is|are) (?:called|known|said)\b", rest))
