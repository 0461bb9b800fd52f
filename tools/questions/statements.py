"""Statements whose term stands within the sentence: named in passing, explained in apposition, listed, or told of."""

import re
from collections.abc import Collection, Iterator
from dataclasses import replace

from tools.inflection import is_plural
from tools.numerals import CARDINALS
from tools.questions import phrases, verbs
from tools.questions.facts import Fact, FactKind, Place
from tools.types import Passage

GAP = "____"
_LONGEST = 30
_WORD = r"[^\W\d_][\w’-]*"
_TERM = rf"{_WORD}(?: {_WORD}){{0,3}}?"
_NO_NOUN_LIST = """
    a an the of in into by with from to is are was were at on for through and or that which who as its their this these
    be been being have has had can may must also then within between under
"""
_NO_NOUN = "|".join(_NO_NOUN_LIST.split())
_AFTER_NAME = (
    r"(?=[.,;)]| \(| (?:that|which|where|when|in|of|to|is|are|from|by|for|on|at|with|during|between|because|as|around"
    r"|within|inside|near|at)\b)"
)
_CALLED = re.compile(
    r"\b(?:called|(?:also |commonly |collectively )?known as|termed|referred to as) (?:(?:an?|the|its|their) )?"
    rf"(?P<term>{_TERM})(?:(?P<other> \((?:or )?(?P<alias>[^()]{{2,60}})\))|{_AFTER_NAME})(?! and | or )"
)
_ABBREVIATION = re.compile(r"[A-Z][A-Za-z0-9-]{1,6}")
_BESIDE = re.compile(
    rf"\b(?P<before>an?|the|its|their|of|in|by|with|from|into|called|through|via|on) "
    rf"(?P<term>(?!(?:{_NO_NOUN})\b){_WORD}(?: (?!(?:{_NO_NOUN})\b){_WORD}){{0,2}}?),"
    r" (?P<predicate>(?:an?|the) [^,;:()—]{20,}?)"
    r"(?=[.;]|—| – |, (?:which|who|where|when|whose|so|but|while|is|are|was|were|can|has|have|may"
    r"|and (?:is|are|it|they|has|have|can|may))\b)"
)
_SETS_SCENE = re.compile(
    r"(?:.*[;:] )?(?:In|By|With|From|At|On|For|During|After|Before|Under|As|To|When|While|If|Although|Though|Because"
    r"|Since|Once|Where|Until|Near|Through|Within|Like|Unlike|Due|Despite|Watch|Visit|See|View|Read) [^,;:]*$",
    re.IGNORECASE,
)
"""After such an opening the comma brings the sentence's subject, and not an explanation."""
_EXPLAINS_MORE = re.compile(
    r"\bof (?:the |an? )?\|(?:an?|the) (?:[\w-]+ )?(?:process|amount|rate|measure|number|ability|procedure)\b"
    r"|\|(?:an?|the) (?:[\w-]+ )?(?:increase|decrease|reduction)\b"
)
"""The whole of which the name is only the end, as in `the breakdown of sugar, a process that …`."""
_RELATIVE = re.compile(r"\b(?:that|which|who|whose|where|when)\b")
_VERB_FORMS = re.compile(r"\b(?:is|are|was|were|has|have|had|can|could|may|might|will|would|must)\b")
_AND_VERB = re.compile(r"\b(?:and|or|but) (?=(?:is|are|was|were|has|have|had|can|could|may|might|will|would|must)\b)")
_SPECIFIED = re.compile(
    r"\b(?:that|which|who|whose|of|in which|by which|between|found|used|made|formed|containing|produced)\b"
)
_LONGEST_GENUS = 5
_NUMBERS = {word: n for word, n in CARDINALS.items() if 3 <= n <= 7}
_COUNTED = re.compile(
    rf"\b(?P<number>{'|'.join(_NUMBERS)})(?: [\w’-]+){{1,6}}?(?P<opens>: |,? (?:are|include) )(?P<items>[^.;:()]+)\.$"
)
_BETWEEN_ITEMS = re.compile(r",? and (?:finally |an? |the )?|, (?:an? |the )?")
_LONGEST_ITEM = 4


def mine(passage: Passage) -> list[Fact]:
    """Terms that are named or listed within a sentence about something else."""
    return [fact for start, end in phrases.stated(passage.text) for fact in _of_sentence((passage, start, end))]


def _of_sentence(place: Place) -> Iterator[Fact]:
    passage, start, end = place
    text = phrases.tidy(passage.text[start:end])
    if not text or not phrases.is_sound(text):
        return
    if beside := _beside(text, place):
        yield beside
    if not phrases.stands_alone(text) or len(text.split()) > _LONGEST:
        return
    if named := _called(text, place):
        yield named
    yield from _listed(text, place)


def _called(text: str, place: Place) -> Fact | None:
    """A thing that is given its name in passing: `structures called stomata`."""
    m = _CALLED.search(text)
    if not m or not phrases.is_term(m["term"]) or len(_CALLED.findall(text)) > 1:
        return None
    fact = blanked(FactKind.CALLED, text, m.start("term"), m.end("term"), place)
    if not m["other"]:
        return fact
    # What stands in brackets behind a name tells it.
    aliases = (m["alias"],) if _ABBREVIATION.fullmatch(m["alias"]) else ()
    return replace(fact, predicate=fact.predicate.replace(f"{GAP}{m['other']}", GAP), aliases=aliases)


_NAMING = re.compile(
    rf"\b(?P<kind>(?:(?!(?:{_NO_NOUN})\b)[\w-]+,? )*?(?!(?:{_NO_NOUN})\b)[\w-]+),?"
    rf" (?:called|(?:also |commonly |collectively )?known as|termed|referred to as) (?:a\(n\) |the )?{GAP}"
)


def of_a_kind(fact: Fact) -> Fact | None:
    """What a name given in passing says of the thing: `an organelle called a chloroplast`."""
    m = _NAMING.search(fact.predicate) if fact.kind == FactKind.CALLED else None
    return replace(fact, kind=FactKind.NAMED, predicate=m["kind"]) if m else None


def _beside(text: str, place: Place) -> Fact | None:
    """A thing that is explained beside its name: `its wavelength, the distance between …`."""
    m = _BESIDE.search(text)
    if not m or not phrases.is_term(m["term"]) or not _is_noun_phrase(m["predicate"]):
        return None
    if _SETS_SCENE.match(text[: m.end("term")]) or (is_plural(m["term"]) and m["predicate"].startswith("a")):
        return None
    predicate = m["predicate"]
    if _EXPLAINS_MORE.search(text[: m.start("term")] + "|" + predicate) or m["term"][0].isupper():
        return None
    if phrases.names_itself(m["term"], predicate) or phrases.is_vague(predicate) or phrases.refers_back(predicate):
        return None
    article = m["before"] if m["before"] in ("a", "an", "the") else ""
    term = m["term"] if article else phrases.lowered(m["term"])
    link = "are" if not article and is_plural(term) else "is"
    return Fact(FactKind.DEFINITION, term, article, link, predicate, text, *place)


def _is_noun_phrase(text: str) -> bool:
    """Whether a description has no verb but those of its relative clauses, so that it can be said of a term."""
    specified = _SPECIFIED.search(text)
    head = text[: specified.start()] if specified else ""
    first, *_ = _RELATIVE.split(text, maxsplit=1)
    return (
        0 < len(head.split()) <= _LONGEST_GENUS
        and not any(verbs.is_finite(word, is_plural=False) and not word.endswith("ed") for word in first.split())
        and not re.search(r"[^su]s$", head.strip())
        and len(_VERB_FORMS.findall(text)) <= len(_RELATIVE.findall(text)) + len(_AND_VERB.findall(text))
        and len(text.split()) >= _LONGEST_GENUS
    )


def _listed(text: str, place: Place) -> Iterator[Fact]:
    """Each thing of a list that names as many as it says there are."""
    m = _COUNTED.search(text)
    items = _BETWEEN_ITEMS.split(m["items"]) if m else []
    if not m or len(items) != _NUMBERS[m["number"]] or not all(_is_item(item) for item in items):
        return
    for item in items:
        start = text.index(item, m.start("items"))
        if text.count(item) == 1:
            yield blanked(FactKind.LISTED, text, start, start + len(item), place)


def _is_item(text: str) -> bool:
    return 0 < len(text.split()) <= _LONGEST_ITEM and phrases.is_term(text)


def blanked(kind: FactKind, text: str, start: int, end: int, place: Place) -> Fact:
    """A statement with its term taken out: `predicate` is the sentence with a gap."""
    before, term, after = text[:start], text[start:end], text[end:]
    link = "are" if is_plural(term) and not re.search(r"\ban? $", before) else "is"
    return Fact(kind, term, "", link, re.sub(r"\b([Aa])n? $", r"\1(n) ", before) + GAP + after, text, *place)


_SUBJECT = re.compile(
    r"^(?:(?:In|During|Within|Inside|Among|Throughout|Like|Unlike) [^,;:()]{3,45}, )?(?:(?:an?|the) )?$", re.IGNORECASE
)
_OPENS = re.compile(r"^During (?:an? |the )?$")
_LEANS = re.compile(r"\b(?:then|further|types|ways|can|may|should|must|been)\b")
_LONGEST_TOLD, _FEWEST_SAID = 26, 4


def told(passage: Passage, terms: Collection[str]) -> list[Fact]:
    """What is said of an explained term, in a sentence of any form; `terms` are in lower case."""
    return [fact for start, end in phrases.stated(passage.text) for fact in _told((passage, start, end), terms)]


def _told(place: Place, terms: Collection[str]) -> Iterator[Fact]:
    passage, start, end = place
    text = phrases.tidy(passage.text[start:end])
    if len(text.split()) > _LONGEST_TOLD or not phrases.is_sound(text) or not phrases.stands_alone(text):
        return
    for at, to in _mentions(text, terms):
        if _is_definite(text[:at], text[at:to]) or phrases.names_itself(text[at:to], text[to:]):
            continue
        is_subject = bool(_SUBJECT.match(text[:at])) and _says_something(text[to:])
        is_opening = bool(_OPENS.match(text[:at])) and text[to:].startswith(", ")
        if is_subject or is_opening:
            yield blanked(FactKind.TOLD, text, at, to, place)


def _says_something(rest: str) -> bool:
    """Whether what follows a subject is a verb with more than a commonplace."""
    verb, _, predicate = rest.lstrip().replace("takes place ", "occurs ", 1).partition(" ")
    # What is said with an article would have been a definition if it were a good one.
    is_plain = (
        phrases.is_vague(predicate)
        or len(phrases.root_words(predicate)) < _FEWEST_SAID
        or bool(_LEANS.search(rest) or re.match(r"an? ", predicate))
    )
    return (verbs.is_finite(verb, is_plural=True) or verbs.is_finite(verb, is_plural=False)) and not is_plain


def _is_definite(before: str, term: str) -> bool:
    """Whether one thing out of many is meant, which another sentence has named: `The virus …`."""
    return before.lower().endswith("the ") and " " not in term


def _mentions(text: str, terms: Collection[str]) -> list[tuple[int, int]]:
    """Where explained terms stand, the longest first at each place, each named once."""
    starts = [(m.start(), m.end()) for m in re.finditer(r"[^\W_][\w’-]*", text)]
    spans: list[tuple[int, int]] = []
    taken = 0
    for n, (start, _) in enumerate(starts):
        for size in (4, 3, 2, 1):
            if start < taken or n + size > len(starts):
                continue
            end = starts[n + size - 1][1]
            phrase = text[start:end].lower()
            if phrase in terms and text.lower().count(phrase) == 1:
                spans.append((start, end))
                taken = end
    return spans
