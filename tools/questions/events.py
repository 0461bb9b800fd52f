"""Who did something, when and where, and how much: statements of narrative and of measured facts."""

import re
from collections.abc import Iterator

from tools import sentences
from tools.questions import phrases
from tools.questions.facts import Fact, FactKind, Place
from tools.types import Passage

_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_YEAR = r"(?:1[0-9]{3}|20[0-4][0-9]|[5-9][0-9]{2}(?= (?:AD|BC|CE|BCE)))"
_IN_YEAR = re.compile(
    rf"\b(?P<before>(?:[Ii]n|since|[Bb]y|until|of) (?:(?:{_MONTH}) )?"
    rf"|on \d{{1,2}} (?:{_MONTH}) )"
    rf"(?P<year>{_YEAR})\b(?!\s*[-–—%]|,\d| (?:or|and|to) \d)"
)
_AT_THAT_TIME = re.compile(r"(?:[Ii]n|on)\b")
_NAMED = re.compile(rf"(?<=[a-z\d,] )(?!(?:{_MONTH})\b)[A-Z][a-zà-ÿ]{{2,}}|^(?!In |On )[A-Z][a-z]+ [A-Z]")
_LONGEST_EVENT = 28
_ANY_YEAR = re.compile(rf"\b{_YEAR}\b")
_PERSON = (
    r"(?P<person>(?!(?:In|On|By|The|An?|From|After|Before|With) )[A-Z][\w’'-]+"
    r"(?: (?:(?:de|van|von|of) )?(?:[A-Z][\w’'-]+|[A-Z]\.|[IVX]+)){1,3})"
)
_IRREGULAR = """
    wrote built made took found led brought began became said told gave won lost sold bought fought drew grew knew saw
    put set cut sent spent held kept left met ran rode rose sang sank spoke taught thought chose drove fell flew forgot
    hid laid lent paid shook shot showed swore threw understood wore borrowed
"""
_PAST = rf"(?:[a-z]+ed|{'|'.join(_IRREGULAR.split())})"
_DID = re.compile(
    rf"^(?P<lead>(?:In|By|Around) (?:(?:{_MONTH}) )?{_YEAR},? |(?:In|On|By|From|After"
    rf"|Before) [^,]{{2,60}}, )?(?:(?:the|a|an) (?:[a-z]+ ){{1,4}})?{_PERSON}"
    rf"(?:, (?:an? |the |[A-Z])[^,]{{4,70}},)? (?P<rest>(?:first |later |also |then )?{_PAST} [^;]{{15,}})\.$"
)
_BY = re.compile(
    rf"^(?P<done>(?:An?|The|[A-Z])[^,;]{{6,}}? (?:was"
    rf"|were) (?:first )?{_PAST}(?: [^,;]{{0,60}}?)?) by {_PERSON}(?P<more>(?: (?:in|at|from|around) [^,;]+)?)\.$"
)
_PLACE = re.compile(
    r"\b(?P<before>in|at|near|from|to|of) (?P<place>[A-Z][a-zà-ÿ]{3,}(?: [A-Z][a-zà-ÿ]{3,})?)(?= in \d|[.;]|$"
    r"| by | after | with )"
)
_NOT_A_PLACE = re.compile(
    rf"(?:{_MONTH}|Latin|German|English|French|Greek|Chinese|God|Earth|Figure|Table|Bible|Medicine|Chemistry"
    rf"|Physics|Pope|King|Queen|Saint|DNA|RNA)\b|.*(?:ans|ish|ism|ists?|ese|ics|ics)$"
)
_NOT_A_NAME = re.compile(rf"(?:{_MONTH}|Figure|Table|Earth|Bible|DNA|RNA)\b|.*(?:ans|ish|ism|ists?|ese|ics|ics)$")
_NUMBER = r"(?P<number>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)"
_UNITS = """
    percent|%|degrees|days|weeks|months|years|hours|minutes|seconds|million|billion|trillion|metres|meters|kilometres
    |kilometers|centimetres|centimeters|millimetres|millimeters|micrometers|nanometers|kilograms|grams|milligrams|litres
    |liters|milliliters|volts|millivolts|joules|kilojoules|calories|kilocalories|°C|km|cm|mm|µm|nm|kg|mL|ml|chromosomes
    |pairs|bones|amino acids|nucleotides|base pairs|carbons|copies|pages|volumes|towns|letters|lines|genes|atoms
    |molecules|protons|electrons|neutrons|vertebrae|beats|sheets|editions|theses|guilders|signs
"""
_AMOUNT = re.compile(
    rf"(?<![\w.,–(~-]){_NUMBER} (?P<unit>(?:{''.join(_UNITS.split(chr(10))).replace(' ' * 4, '')})\b)(?! (?:to|or"
    rf"|and) \d)"
)
_LONGEST_AMOUNT = 22
_LEANING_SUBJECT = re.compile(
    r"^(?:The [a-z]+(?: [a-z]+)? (?:is|was|were|had|actually|consists?)\b|At (?:the|that) time)"
)


def mine(passage: Passage) -> list[Fact]:
    return [fact for start, end in sentences.split(passage.text) for fact in _of_sentence((passage, start, end))]


def _of_sentence(place: Place) -> Iterator[Fact]:
    passage, start, end = place
    text = phrases.tidy(passage.text[start:end])
    if not text or not phrases.is_sound(text) or not _is_told(text):
        return
    for find in (_doer, _agent, _year, _amount, _where):
        if fact := find(text, place):
            yield fact


def _is_told(text: str) -> bool:
    """Whether a sentence of a story can be understood alone."""
    body = re.sub(r"^(?:In|On|By|From|Around) [^,]{3,40}, ", "", text)
    return (
        phrases.starts_afresh(text)
        and phrases.stands_alone(phrases.raised(body))
        and not re.search(r"\b(?:there|him|its|their|it|they|he|she)\b", text)
    )


def _doer(text: str, place: Place) -> Fact | None:
    m = _DID.match(text)
    if not m or not _is_person(m["person"]):
        return None
    when = f" {phrases.lowered(m['lead'].rstrip(', '))}" if m["lead"] else ""
    return Fact(FactKind.PERSON, m["person"], "", "who", m["rest"] + when, text, *place)


def _agent(text: str, place: Place) -> Fact | None:
    m = _BY.match(text)
    if not m or not _is_person(m["person"]):
        return None
    done = re.match(r"(?P<subject>.+?) (?P<was>was|were) (?P<rest>.+)$", m["done"])
    if not done:
        return None
    stem = f"{done['was']} {phrases.lowered(done['subject'])} {done['rest']}{m['more']}"
    return Fact(FactKind.PERSON, m["person"], "", "by whom", stem, text, *place)


def _is_person(name: str) -> bool:
    return not _NOT_A_NAME.match(name) and not re.match(r"(?:The|In|On|By|A|An|Two|Three|New|North|South)\b", name)


def _year(text: str, place: Place) -> Fact | None:
    found = list(_IN_YEAR.finditer(text))
    if len(found) != 1 or len(_ANY_YEAR.findall(text)) != 1 or not _is_event(text, found[0]):
        return None
    return _blanked(FactKind.YEAR, text, found[0].start("year"), found[0].end("year"), "year", place)


def _is_event(text: str, year: re.Match[str]) -> bool:
    """Whether something happened in that very year to somebody or something that has a name."""
    return (
        bool(_AT_THAT_TIME.match(year["before"]) and _NAMED.search(text))
        and not _LEANING_SUBJECT.match(text)
        and len(text.split()) <= _LONGEST_EVENT
    )


def _amount(text: str, place: Place) -> Fact | None:
    found = list(_AMOUNT.finditer(text))
    if (
        len(found) != 1
        or len(re.findall(r"\d+", _IN_YEAR.sub("", text).replace(",", ""))) != 1
        or _LEANING_SUBJECT.match(text)
    ):
        return None
    if len(text.split()) > _LONGEST_AMOUNT or re.search(
        r"\b(?:to several|approximately|ranging|estimated?s?|than|remaining|rest)\b", text
    ):
        return None
    return _blanked(FactKind.AMOUNT, text, found[0].start("number"), found[0].end("number"), found[0]["unit"], place)


def _where(text: str, place: Place) -> Fact | None:
    found = [m for m in _PLACE.finditer(text) if m["before"] in ("in", "at", "near")]
    if len(found) != 1 or _NOT_A_PLACE.match(found[0]["place"]):
        return None
    m = found[0]
    if text.count(m["place"]) != 1:
        return None
    return _blanked(FactKind.PLACE, text, m.start("place"), m.end("place"), m["before"], place)


def _blanked(kind: FactKind, text: str, start: int, end: int, link: str, place: Place) -> Fact:
    """A statement with one thing taken out: `predicate` holds the sentence with a gap."""
    return Fact(kind, text[start:end], "", link, f"{text[:start]}____{text[end:]}", text, *place)
