"""Who did something, when, and how much: statements of narrative and of measured facts."""

import re
from collections.abc import Iterator

from tools import sentences
from tools.numerals import MONTHS
from tools.questions import clauses, context, phrases
from tools.questions.clauses import Clause
from tools.questions.facts import Fact, FactKind, Place
from tools.questions.names import Mention, NameKind, Names
from tools.types import Passage

_MONTH = "|".join(MONTHS)
_YEAR = r"(?:1[0-9]{3}|20[0-4][0-9]|[5-9][0-9]{2}(?= (?:AD|BC|CE|BCE)))"
_IN_YEAR = re.compile(
    rf"\b(?P<before>(?:[Ii]n|since|[Bb]y|until|of) (?:(?:{_MONTH}) )?"
    rf"|on \d{{1,2}} (?:{_MONTH}) )"
    rf"(?P<year>{_YEAR})\b(?!\s*[-–—%]|,\d| (?:or|and|to) \d)"
)
_AT_THAT_TIME = re.compile(r"(?:[Ii]n|on)\b")
_NAMED = re.compile(rf"(?<=[a-z\d,] )(?!(?:{_MONTH})\b)[A-ZÀ-Þ][a-zà-ÿ]{{2,}}|^(?!In |On )[A-ZÀ-Þ][a-zà-ÿ]+ [A-ZÀ-Þ]")
_LONGEST_EVENT = 32
_ANY_YEAR = re.compile(rf"\b{_YEAR}\b")
_NUMBER = r"(?P<number>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)"
_UNITS = """
    percent|%|degrees|days|weeks|months|years|hours|minutes|seconds|million|billion|trillion|metres|meters|kilometres
    |kilometers|centimetres|centimeters|millimetres|millimeters|micrometers|nanometers|miles|feet|inches|acres
    |kilograms|grams|milligrams|tons|litres|liters|milliliters|gallons|volts|millivolts|watts|newtons|joules|kilojoules
    |calories|kilocalories|dollars|pounds|euros|°C|km|cm|mm|µm|nm|kg|mL|ml
"""
_AMOUNT = re.compile(
    rf"(?<![\w.,–(~-]){_NUMBER} (?P<unit>(?:{''.join(_UNITS.split(chr(10))).replace(' ' * 4, '')})\b)(?! (?:to|or"
    rf"|and) \d)"
)
_LONGEST_AMOUNT = 22
_LEANING_SUBJECT = re.compile(
    r"^(?:The [a-z]+(?: [a-z]+)? (?:is|was|were|had|actually|consists?)\b|At (?:the|that) time)"
)
_BY = re.compile(
    r"^(?P<subject>[^,;:]+?)(?:, [^,;]+,)? (?P<was>was|were) (?P<rest>(?:first )?[a-z]+(?:ed|en|n|t|de|ht|ld"
    r"|ng)\b[^,;:]*?)"
    r" by $"
)
_MORE = re.compile(r"(?P<more>(?: (?:in|at|from|around) [^,;]+)?)(?:\.$|, )")
_HE = re.compile(
    r"^(?:(?P<lead>(?:In|On|At|By|From|During|After|Unlike) [^,;]{2,50}, )(?P<late>he|she)|(?P<early>He|She)) (?!and\b)"
)
_SAYS_NO_DEED = re.compile(
    r"(?:(?:was|is) (?:an?|not|born|actually|the (?:first|only) .*\bit\b)|(?:did|had|could) not|never)\b"
)
_LONGEST_PAIR = 60
_DIGITS = re.compile(r"\d")


def mine(passage: Passage, names: Names | None = None) -> list[Fact]:
    """Every statement that has a person, a year or an amount to ask for; `names` are those of the chapter."""
    names = names or Names(sentences.sentences(passage.text))
    before: list[str] = []
    found: list[Fact] = []
    for start, end in phrases.stated(passage.text):
        text = phrases.tidy(passage.text[start:end])
        found += _of_sentence(text, before, names, (passage, start, end))
        found += _continued(text, before, names, passage, end)
        before.append(text)
    return found


def _of_sentence(text: str, before: list[str], names: Names, place: Place) -> Iterator[Fact]:
    has_person = names.has_person(text)
    clause = clauses.parse(text) if has_person and text.endswith(".") else None
    if clause and context.is_topical(clause):
        fact = _doer(clause, text, names, place)
        if fact and context.is_sound(fact) and not context.refers_outside(f"{context.spoken(fact)}.", before):
            yield fact
    if not has_person and not _DIGITS.search(text):
        return
    if not phrases.is_sound(context.impersonal(text)) or not phrases.starts_afresh(text):
        return
    if not context.is_settled(text, clause, names) or context.refers_outside(text, before):
        return
    yield from _agent(text, names, place)
    for look in (_year, _amount):
        if fact := look(text, place):
            yield fact


def _doer(clause: Clause, text: str, names: Names, place: Place) -> Fact | None:
    person = context.person_of(clause.subject, names)
    predicate = context.told(clause)
    if not person or not predicate or _SAYS_NO_DEED.match(predicate) or not _is_of_one(predicate, person, names):
        return None
    before, after = context.when(clause, predicate)
    shown = clause.subject[person.start :]
    return Fact(FactKind.PERSON, shown, "", f"{before}who", predicate + after, text, *place, _aliases(shown, person))


def _aliases(shown: str, person: Mention) -> tuple[str, ...]:
    """The full name of one who is called by the surname here."""
    return (person.name,) if shown != person.name else ()


def _is_of_one(predicate: str, person: Mention, names: Names) -> bool:
    """Whether `he` and `his` can only be the person asked for."""
    pronoun = context.OF_PERSON.search(predicate)
    others = [m for m in names.mentions(predicate) if m.kind == NameKind.PERSON]
    return person.name not in {m.name for m in others} and not (pronoun and others)


def _continued(text: str, before: list[str], names: Names, passage: Passage, end: int) -> Iterator[Fact]:
    """What `he` did, when the sentence before tells of one person only; the two sentences are the evidence together."""
    m = _HE.match(text)
    previous = clauses.parse(before[-1]) if m and before else None
    person = context.person_of(previous.subject, names) if previous else None
    if not m or not person:
        return
    others = {one.name for one in names.mentions(before[-1]) if one.kind == NameKind.PERSON} - {person.name}
    whole = f"{m['lead'] or ''}{person.name} {text[m.end() :]}"
    clause = clauses.parse(whole)
    start = _begin(before[-1], passage.text, end)
    if others or names.has_unknown(before[-1]) or not clause or start is None:
        return
    sentence = " ".join((before[-1], text))
    fact = _doer(clause, sentence, names, (passage, start, end)) if len(sentence.split()) <= _LONGEST_PAIR else None
    if fact and context.is_sound(fact) and not context.refers_outside(context.spoken(fact), before[:-1]):
        yield fact


def _begin(sentence: str, text: str, end: int) -> int | None:
    """Where the sentence before the one that ends here begins in the passage."""
    spans = [span for span in sentences.split(text) if span[1] < end]
    return spans[-1][0] if spans and phrases.tidy(text[slice(*spans[-1])]) == sentence else None


def _agent(text: str, names: Names, place: Place) -> Iterator[Fact]:
    people = [m for m in names.mentions(text) if m.kind == NameKind.PERSON]
    for person in people:
        done, more = _BY.match(text[: person.start]), _MORE.match(text, person.end)
        if done and more and not names.mentions(done["rest"]) and not context.NO_TOPIC.match(done["subject"]):
            stem_ = f"{done['was']} {phrases.lowered(done['subject'])} {done['rest']}{more['more']}"
            shown = text[person.start : person.end]
            yield Fact(FactKind.PERSON, shown, "", "by whom", stem_, text, *place, _aliases(shown, person))


def _year(text: str, place: Place) -> Fact | None:
    found = list(_IN_YEAR.finditer(text))
    if len(found) != 1 or len(_ANY_YEAR.findall(text)) != 1 or not _is_event(text, found[0]):
        return None
    return context.blanked(FactKind.YEAR, text, found[0].start("year"), found[0].end("year"), "year", place)


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
    return context.blanked(
        FactKind.AMOUNT, text, found[0].start("number"), found[0].end("number"), found[0]["unit"], place
    )
