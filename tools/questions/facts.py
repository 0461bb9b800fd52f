"""What the sentences of a passage state plainly: what a term is, does, consists of, leads to."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from tools.inflection import base
from tools.questions import phrases
from tools.types import Passage

_LONGEST_PREDICATE = 26
_SHORTEST_PREDICATE = 5


class FactKind(StrEnum):
    """What a sentence says of its term, which decides how it is asked for."""

    DEFINITION = "definition"
    NAMED = "named"
    FUNCTION = "function"
    PHASE = "phase"
    CALLED = "called"
    LISTED = "listed"
    REASON = "reason"
    PARTS = "parts"
    PERSON = "person"
    TOLD = "told"
    YEAR = "year"
    AMOUNT = "amount"
    CONTRAST = "contrast"
    PAIR = "pair"
    NAME = "name"
    SUBJECT = "subject"
    MENTION = "mention"
    """A term that is only named beside others: enough to be a wrong option."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement: `term`, then `link` (is, consists of, stimulates), then `predicate`.

    Where the term stands within the sentence, `predicate` is the sentence with a gap.
    `start` and `end` are offsets into the passage's text; `aliases` are other names that the sentence gives.
    """

    kind: FactKind
    term: str
    article: str
    link: str
    predicate: str
    sentence: str
    passage: Passage
    start: int
    end: int
    aliases: tuple[str, ...] = ()

    @property
    def is_plural(self) -> bool:
        """By the verb that links term and predicate."""
        return self.link.startswith(("are ", "were ", "consist of")) or self.link in _PLURAL_LINKS

    @property
    def subject(self) -> str:
        """The term with its article."""
        return f"{self.article} {self.term}".strip()

    @property
    def quote(self) -> str:
        """The sentence as it stands on the page, for evidence."""
        return self.passage.text[self.start : self.end]


_TERM = r"[^\W\d_][\w'’-]*(?: [\w'’-]+){0,3}"
_ALIAS = (
    rf"(?: \((?:or |also |abbreviated |called |known as )*(?P<alias>[^()]{{2,40}})\)"
    rf"|, (?:or|also called|also known as) (?:an? |the )?(?P<named>{_TERM}),)?"
)
_DEFINES = re.compile(
    rf"^(?:(?P<article>An?|The) )?(?P<term>{_TERM}?){_ALIAS}"
    rf" (?P<link>is|are|was|were|refers to|refer to|means|is defined as|are defined as"
    rf"|occurs when) (?P<predicate>.+?)[.”\"]+$"
)
_NAMES = re.compile(
    rf"^(?P<predicate>(?:The|An?) .{{12,}}?),? (?P<link>is|are) (?:often |commonly |collectively |sometimes )?"
    rf"(?:called|known as|termed|referred to as) (?P<article>an? |the )?(?P<term>{_TERM}){_ALIAS}\.$"
)
_NAMES_IF = re.compile(
    r"^(?P<predicate>An? [\w ,-]{3,40}?) (?P<link>is|are) (?:called|said to be) (?P<article>an? |the )?"
    rf"(?P<term>{_TERM}?) (?P<condition>(?:if|when) [^,;]{{12,}})\.$"
)
_CONSISTS = re.compile(
    rf"^(?:(?P<article>An?|The) )?(?P<term>{_TERM}?){_ALIAS}"
    r" (?P<link>consists? of|(?:is|are|was|were) composed of|(?:is|are|was|were) made (?:up )?of|comprises?)"
    r" (?P<predicate>.+?)\.$"
)
_VERBS = """
    stimulates regulates produces controls converts secretes stores transports breaks absorbs catalyzes catalyses
    prevents protects carries inhibits synthesizes digests filters removes releases detects transmits generates
    forms connects separates attaches anchors supports lubricates surrounds lines maintains triggers initiates activates
    contracts encodes increases decreases promotes enables causes allows helps provides supplies determines
    measures describes explains states leads results delivers pumps traps captures splits cleaves covers encloses
    divides links joins neutralizes destroys kills attacks oxidizes reduces extends flexes rotates raises lowers
    drains moves serves functions
"""
_SINGULAR = "|".join(_VERBS.split())


_PLURAL = "|".join(map(base, _VERBS.split()))
_PLURAL_LINKS = frozenset({"mean", "refer to", "describe", "comprise", "are", "were", *_PLURAL.split("|")})
_FUNCTIONS = re.compile(
    rf"^(?:(?P<article>An?|The) )?(?P<term>{_TERM}?){_ALIAS} (?P<link>{_SINGULAR}|is responsible for|is used to"
    rf"|is used for)"
    r" (?P<predicate>.+?)\.$"
)
_PHASES = re.compile(rf"^During (?P<article>the )?(?P<term>{_TERM}), (?P<link>)(?P<predicate>[^;:]{{25,}})\.$")
_NO_CLAUSE = re.compile(r"(?:are|is|was|were|have|has|can|may|and|or|which|who|that|like|when|of)\b")
_MUCH_SAID, _PARTS_SAID = 6, 4
_REASONS = re.compile(
    r"^(?P<term>[^,;:()]{3,60}?) (?P<link>is|are|was|were|can|cannot|could|will|must|may) "
    r"(?P<effect>[^;:,]{8,90}?),? because (?P<predicate>(?!of\b)[^;:]{15,140})\.$"
)
_NO_ALIAS = re.compile(r"\b(?:see|from|or|and|e\.g|i\.e|singular|plural|credit)\b|=|\d{3}")
_A_KIND = re.compile(r"(?:an?|the|one of|any|\w+ \w+ that)\b")
_BRIEF = 8
_BLURRED = re.compile(r"(?:an?|the) (?:\w+ )?(?:area|event|place|part|side|thing|one|location|spot)\b")
_SIZE = re.compile(
    r"\bthe (?:same )?(?:size|length|width|thickness|weight) of\b|\bas (?:large|big|long|small|wide|thick) as\b"
)
_PLACED = re.compile(
    r"(?:an?|the|any)? ?(?:(?!of\b)[\w-]+ ){0,3}(?:structures?|parts?|areas?|regions?|layers?|spaces?|bod(?:y|ies))"
    r" (?:(?:that|which) (?:is|are|lies?|exists?|occurs?|sits?) ?)?(?:located |found |situated |present |lying )?"
    r"(?:in|within|inside|at|on|near|between|under|above|below|behind|along|around|throughout) "
    r"(?:(?!\b(?:that|which|where|who|and|when)\b).)*$"
)
"""Where something is, and nothing else."""
_SHARE = re.compile(r"(?:about |nearly |over )?(?:[\w-]+-(?:thirds?|quarters?|fifths?)|half|\d+ percent|most|much)\b")
_TWO_SAID = re.compile(rf", (?:and|but|while|whereas) (?:[\w-]+ ){{1,3}}(?:{_SINGULAR}|is|are)\b")
_LISTS = re.compile(r"\band\b|\b(?:two|three|four|five|six|\d+)\b|\bthat\b")
_LONGEST_NAME = 3
_NO_NAME = re.compile(r" of |[’']s?\b")
_GOING_ON = re.compile(r"[a-z]+ing (?!of\b)")
"""Something that is being done, as in `is forcing`."""
_KIND_OF = re.compile(
    r"(?:(?!(?:for|to|of|in|with|by|on|at|as|from|than|and|or)\b)[\w-]+ ){1,5}"
    r"(?:that|which|whose|who|in which|by which|made up|used|found|\w+ed (?:in|by|from|to|with|at|on))\b"
)
_NO_KIND = re.compile(
    r"(?:\w+ly|\w+ed|\w+ven|further|broken|driven|taken|given|grown|held|built|kept|sent|put|drawn|split|born|lost|not|also"
    r"|often|made|found|known|seen|able|present|responsible|more|less|much|very|so|in|on|at|to|for"
    r"|from|of|among|one|two|three|four|part|most|like|both|either|now|then|always|never|such|only|just|still|dependent"
    r"|later|different|unique|rich|capable|similar|common|thought|said|considered|useful|about|some|many|all|as)\b"
)
_DEFINING_NOUN = re.compile(
    r"^(?:(?:an?|the|any|all) )?(?P<head>(?:[\w'’-]+,? (?:and |or )?){1,6}?)"
    r"(?:that|which|whose|who|in which|by which|from which|through which|at which|on which|to which|with|without|where"
    r"|made|used|composed|formed|found|located|consisting|containing|produced|caused|involving|of|for|from"
    r"|between|in|within|among|when|during|along|at|on|by"
    r"|capable|responsible|able|living|between|designed|involved|attached|released|that)\b"
)
_CUTS = re.compile(
    r"(?:, (?:(?:which|but|so|while|whereas|although|where|allowing|thereby|including|such as|as|because"
    r"|resulting|making)\b"
    r"|and (?:is|are|has|have|it|they|can|may|does|do|there|this|thus|therefore|usually|often"
    r"|[\w-]+ (?:is|are|has|have|can|refers?|means?))\b)|;|—|: | – ).*$"
)
_GOES_ON = re.compile(
    r", (?:is|are|was|were|can|could|may|has|have|must|will|\w+(?:es|ed|s) (?:the|a|an|to|by|in|into|from|with))\b"
)
"""After what was cut, the clause before it is carried on."""

_ADDS = re.compile(r", and (?:[\w-]+ ){0,6}(?:it|they) ")
"""A second statement that no noun phrase can hold."""

_IN_LIST = re.compile(r", [\w-]+(?: [\w-]+)?$")
"""What follows with `and` may be the last of a list rather than a clause of its own."""

_QUALIFIES = re.compile(r", (?:in|to|by|at|from|into|for|during|when|if|after|before)\b")
"""What follows belongs to the statement again, so that nothing is cut."""

Place = tuple[Passage, int, int]


def mine(passage: Passage) -> list[Fact]:
    """Every statement of a passage that can be understood without what stands around it."""
    return [fact for start, end in phrases.stated(passage.text) for fact in _of_sentence((passage, start, end))]


def described(passage: Passage) -> list[Fact]:
    """Every term that a passage says something of as a kind of thing, however loosely: enough to be a wrong option."""
    return [fact for start, end in phrases.stated(passage.text) if (fact := _loosely((passage, start, end)))]


def _loosely(place: Place) -> Fact | None:
    passage, start, end = place
    text = phrases.tidy(passage.text[start:end])
    m = _DEFINES.match(text) if text and phrases.is_sound(text) else None
    if (
        not m
        or not _A_KIND.match(m["predicate"])
        or len(m["term"].split()) > _LONGEST_NAME
        or _NO_NAME.search(m["term"])
        or not phrases.starts_afresh(text)
    ):
        return None
    return _fact(FactKind.DEFINITION, m, text, m["predicate"], place)


def _of_sentence(place: Place) -> Iterator[Fact]:
    passage, start, end = place
    text = phrases.tidy(passage.text[start:end])
    if not text or not phrases.is_sound(text) or not phrases.stands_alone(text):
        return
    for find in (_definition, _named, _parts, _function, _phase, _reason):
        if fact := find(text, place):
            yield fact
            return


def _fact(kind: FactKind, m: re.Match[str], text: str, predicate: str, place: Place) -> Fact | None:
    groups = m.groupdict()
    term = m["term"].strip("“” ")
    if not phrases.is_term(term) or not predicate or not phrases.is_balanced(predicate):
        return None
    aliases = tuple(a for a in (groups.get("alias"), groups.get("named")) if a and _is_alias(a))
    article = (groups.get("article") or "").strip().lower()
    return Fact(kind, term if article else phrases.lowered(term), article, m["link"], predicate, text, *place, aliases)


def _is_alias(text: str) -> bool:
    return len(text.split()) <= 4 and not _NO_ALIAS.search(text)


def _cut(predicate: str) -> str:
    """Without a clause that only adds to the statement; nothing when the statement goes on after it."""
    extra = _CUTS.search(predicate)
    if not extra:
        return predicate
    if _QUALIFIES.search(extra[0], 1):
        return predicate
    if _IN_LIST.search(predicate[: extra.start()]) and extra[0].startswith(", and "):
        return ""
    return "" if _GOES_ON.search(extra[0], 1) else predicate[: extra.start()]


def _is_telling(predicate: str, term: str, fewest: int = _SHORTEST_PREDICATE) -> bool:
    """Whether a predicate says enough to know the term by, without naming it."""
    return (
        fewest <= len(predicate.split()) <= _LONGEST_PREDICATE
        and len(phrases.root_words(predicate))
        >= (3 if fewest < _SHORTEST_PREDICATE or predicate.startswith("the ") else 4)
        and not phrases.names_itself(term, predicate)
        and not phrases.is_vague(predicate)
        and not _SIZE.search(predicate)
        and not _PLACED.match(predicate)
        and not (len(predicate.split()) <= _BRIEF and _BLURRED.match(predicate))
        and not phrases.refers_back(predicate)
        and not _ADDS.search(predicate)
    )


def _definition(text: str, place: Place) -> Fact | None:
    m = _DEFINES.match(text)
    if not m:
        return None
    predicate = _cut(m["predicate"])
    return _fact(FactKind.DEFINITION, m, text, predicate, place) if _defines(m, predicate) else None


def _defines(m: re.Match[str], predicate: str) -> bool:
    if not _DEFINING_NOUN.match(predicate) or not _is_telling(predicate, m["term"]):
        return False
    if _GOING_ON.match(predicate):
        return False
    if m["term"][:1].isupper() and not m["article"] and m["link"] == "is" and " who " in predicate:
        return False  # somebody in an exercise
    if m["link"].startswith(("is", "was", "are", "were")) and "defined" not in m["link"]:
        has_article = bool(re.match(r"(?:an?|the|any)\b", predicate))
        return has_article or bool(_KIND_OF.match(predicate) and not _NO_KIND.match(predicate))
    return True


def _named(text: str, place: Place) -> Fact | None:
    text = text[1:-1] if text.startswith("(") and text.endswith(".)") else text
    if m := _NAMES_IF.match(text):
        predicate = f"{phrases.lowered(m['predicate'])} {m['condition']}"
    elif (m := _NAMES.match(text)) and not _is_compound(m["predicate"]):
        predicate = phrases.lowered(m["predicate"])
    else:
        return None
    return _fact(FactKind.NAMED, m, text, predicate, place) if _is_telling(predicate, m["term"]) else None


def _is_compound(subject: str) -> bool:
    """Whether what stands before `is called` has a verb that no relative clause accounts for."""
    verb = re.search(r" (?:is|are|was|were|has|have|can) ", subject)
    return "," in subject or bool(verb and not re.search(r"\b(?:that|which|whose|who)\b", subject[: verb.start()]))


def _parts(text: str, place: Place) -> Fact | None:
    m = _CONSISTS.match(text)
    if not m or not _is_telling(m["predicate"], m["term"], fewest=2) or _SHARE.match(m["predicate"]):
        return None
    if not _LISTS.search(m["predicate"]):
        return None
    if len(phrases.root_words(m["predicate"])) < _PARTS_SAID or re.search(r": [A-Z][a-z]* \w+ \w+", m["predicate"]):
        return None
    return _fact(FactKind.PARTS, m, text, re.sub(r": the .*$", "", m["predicate"]), place)


def _function(text: str, place: Place) -> Fact | None:
    m = _FUNCTIONS.match(text)
    predicate = _cut(m["predicate"]) if m else ""
    if not m or _NO_CLAUSE.match(predicate) or _TWO_SAID.search(predicate):
        return None
    if not _is_telling(predicate, m["term"], fewest=4):
        return None
    return _fact(FactKind.FUNCTION, m, text, predicate, place)


def _phase(text: str, place: Place) -> Fact | None:
    m = _PHASES.match(text)
    if not m or _NO_CLAUSE.match(m["predicate"]) or not _is_telling(m["predicate"], m["term"]):
        return None
    if len(phrases.root_words(m["predicate"])) < _MUCH_SAID:
        return None
    return _fact(FactKind.PHASE, m, text, m["predicate"], place)


def _reason(text: str, place: Place) -> Fact | None:
    """Subject, verb and effect with the cause; `term` is the subject and `article` the effect's own words."""
    m = _REASONS.match(text)
    if not m or not _is_simple(m["term"]) or phrases.refers_back(f"{m['term']} that {m['effect']}"):
        return None
    effect = f"{m['link']} {phrases.lowered(m['term'])} {m['effect']}"
    if phrases.refers_back(f"one that {m['predicate']}") or len(m["predicate"].split()) < 4:
        return None
    return Fact(FactKind.REASON, effect, "", "because", m["predicate"], text, *place)


def _is_simple(subject: str) -> bool:
    """A subject without a verb or a clause of its own."""
    return len(subject.split()) <= 6 and not re.search(
        r"\b(?:that|which|who|is|are|was|were|can|has|have|had|do|does|may|and|not|by|to|for|if|when|resulting"
        r"|produced|representative|along)\b",
        subject,
    )
