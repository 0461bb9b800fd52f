"""What does what, what is set against what, and sentences about a name: plain statements that define nothing."""

import re
from collections.abc import Iterator

from tools.questions import clauses, context, phrases
from tools.questions.clauses import Clause
from tools.questions.facts import Fact, FactKind, Place
from tools.questions.names import Mention, NameKind, Names
from tools.types import Passage

_LONGEST, _LONGEST_TERM = 32, 4
_GAPPED = (
    NameKind.WORK, NameKind.LAW, NameKind.EVENT, NameKind.BODY, NameKind.COUNTRY, NameKind.PEOPLE, NameKind.PLACE,
)  # fmt: skip
_OPENS = re.compile(r"(?:^|^[^,]+, )(?:[Tt]he )?$")
_ASIDE = re.compile(r", (?:an?|the|who|which|whose)\b")
_STANDS_IN = re.compile(r"\b(?:in|at|near|from|across|throughout|to) (?:the )?$")
_CONTRASTED = re.compile(r"^(?P<one>[^,;:]+?)(?:, (?P<but>whereas|while|but|and)|;) (?P<other>[^,;:]+)\.$")
_HUMAN = re.compile(
    r"(?:.*(?:ists|ians|eers|people|men|women|merchants|judges|lawyers|kings|monarchs|critics|courts|minors|parties"
    r"|victims"
    r"|governments|physicians|(?:farm|work|buy|sell|consum|produc|borrow|settl|vot|sail|trad|lend|read|writ|manag"
    r"|employ"
    r"|teach|own|rul|lead|soldi|offic|paint|explor|research|think|philosoph|lawy|custom|shopp|manufactur|villag|marin"
    r"|travel|newcom|hunt|gather|build|plant)ers|(?:doct|act|auth|credit|debt|invent|invest"
    r"|sail|emper|conquer|govern|legislat|visit|competit)ors))$"
)
_ANYBODY = re.compile(
    r"(?:[a-z]+ )?(?:economists|lawyers|statisticians|physicians|scientists|critics|people|researchers|historians"
    r"|engineers"
    r"|teachers|students|judges|courts|governments|doctors|parties|experts|observers|scholars|biologists|psychologists"
    r"|physicists|chemists|geographers|philosophers|users|programmers|patients|children|consumers|customers|sellers|buyers)$",
    re.IGNORECASE,
)
_UNKNOWN_NAME = re.compile(r"[A-ZÀ-Þ][a-zà-ÿ-]+ (?:de |van |von )?[A-ZÀ-Þ][a-zà-ÿ-]+$|[A-Z][a-z]+ and [A-Z][a-z]+$")
_COPULAS = frozenset({"is", "are", "was", "were"})
_SECOND = re.compile(r"(?:; |, (?:while|whereas|but|and) )(?P<clause>[^;]+)\.$")
_PAIRED = re.compile(
    r"(?:\btwo (?:[\w-]+ ){0,4}?(?:\w+: |are )|\b(?:divided|subdivided|split) into |\bdistinguished between )"
    r"(?P<one>(?:the |an? )?[\w’ -]+?)(?: \([A-Z]+\))? and (?P<article>the "
    r"|an? )?(?P<other>[\w’ -]+?)(?: \([A-Z]+\))?\.$"
)
_SIDES = re.compile(r"\b(?:right|left|first|second|upper|lower|other|two|one|more|less)\b")


def mine(passage: Passage, names: Names) -> list[Fact]:
    """Statements with a plain subject, a pair or a name to ask for, those of a sentence together."""
    before: list[str] = []
    found: list[Fact] = []
    for start, end in phrases.stated(passage.text):
        text = phrases.tidy(passage.text[start:end])
        found += _of_sentence(text, before, names, (passage, start, end))
        before.append(text)
    return found


def _of_sentence(text: str, before: list[str], names: Names, place: Place) -> Iterator[Fact]:
    clause = clauses.parse(text) if text.endswith(".") else None
    for said in (clause, _second(text)):
        fact = _subject(said, text, names, place) if said and context.is_topical(said) else None
        if fact and context.is_sound(fact) and not context.refers_outside(f"{context.spoken(fact)}.", before):
            yield fact
    if not phrases.is_sound(context.impersonal(text)) or not phrases.starts_afresh(text):
        return
    if not context.is_settled(text, clause, names) or context.refers_outside(text, before):
        return
    if clause:
        yield from _gapped(text, names, place)
    for look in (_contrast, _pair):
        if fact := look(text, place):
            yield fact


def _subject(clause: Clause, text: str, names: Names, place: Place) -> Fact | None:
    """The subject of a sentence that says enough to know it by; `article` holds its sort, `link` the lead."""
    predicate = context.told(clause, is_thing=True)
    subject = re.sub(r"^(The|An?) (?:resulting|subsequent) ", r"\1 ", clause.subject)
    if not predicate or _is_named(subject, names) or _ANYBODY.match(subject) or _UNKNOWN_NAME.match(subject):
        return None
    if clause.verb in _COPULAS and not re.match(r"\w+ed\b|.*\bbecause\b", clause.rest):
        return None
    shared = phrases.root_words(subject) & phrases.root_words(predicate)
    if shared or context.LEANS.search(subject) or context.POINTING.search(subject) or context.OF_PERSON.search(subject):
        return None
    before, after = context.when(clause, predicate)
    if not any(m.start == 0 for m in names.mentions(subject)):
        subject = phrases.lowered(subject)
    return Fact(FactKind.SUBJECT, subject, sort_of(subject), before, predicate + after, text, *place)


def _is_named(subject: str, names: Names) -> bool:
    """Whether a subject is the name of somebody or of a country; it may name them beside another noun."""
    kinds = (NameKind.PERSON, NameKind.COUNTRY, NameKind.PEOPLE)
    found = [m for m in names.mentions(subject) if m.kind in kinds]
    return any(m.end == len(subject) or m.start <= len("the ") for m in found)


def sort_of(subject: str) -> str:
    """`people` or `things`, by the head of the subject."""
    head = re.split(r" (?:of|in|on|at|for|from|with|by|to|that|which|who|about|between)\b", subject)[0]
    return "people" if _HUMAN.match(head.lower()) else "things"


def _second(text: str) -> Clause | None:
    """The clause of the second subject of a sentence that has two, if it takes up nothing of the first."""
    m = _SECOND.search(text)
    clause = clauses.parse(f"{phrases.raised(m['clause'])}.") if m else None
    return clause if clause and not context.DEFINITE.search(clause.predicate) else None


def _contrast(text: str, place: Place) -> Fact | None:
    """Two things set against each other: `term` and `link` are the two, `predicate` has them exchanged."""
    m = _CONTRASTED.match(text)
    one, other = (clauses.parse(f"{m['one']}."), clauses.parse(f"{phrases.raised(m['other'])}.")) if m else (None, None)
    if not m or not one or not other or one.lead or clauses.is_plural(one.subject) != clauses.is_plural(other.subject):
        return None
    first, second = one.subject, phrases.lowered(other.subject)
    if " and " in f"{first} {second}" or _OTHERS.search(text) or not _is_parallel(m["but"], one, other):
        return None
    alike = phrases.root_words(one.predicate) & phrases.root_words(other.predicate)
    if not alike or max(len(first.split()), len(second.split())) > _LONGEST_TERM or context.NO_TOPIC.match(second):
        return None
    if text.count(second) != 1 or text.lower().count(first.lower()) != 1 or second.lower() in first.lower():
        return None
    joint = text[len(m["one"]) : m.start("other")]
    stem_ = f"{phrases.raised(second)} {one.predicate}{joint}{phrases.lowered(first)} {other.predicate}."
    return Fact(FactKind.CONTRAST, first, "", second, stem_, text, *place)


_OTHERS = re.compile(r"\b(?:they|them|their|then|this)\b")
_AGAINST = ("whereas", "while", "but")


def _is_parallel(word: str | None, one: Clause, other: Clause) -> bool:
    """Whether a mere `and` joins two statements of one form."""
    return word in _AGAINST or one.verb == other.verb


def _pair(text: str, place: Place) -> Fact | None:
    """Two parts or kinds that make up a whole, the second taken out."""
    m = _PAIRED.search(text)
    if (
        not m
        or _SIDES.search(m["other"])
        or re.search(r"\b[Ll]et[’']s\b", text)
        or phrases.root_words(m["one"]) == phrases.root_words(m["other"])
        or not phrases.is_term(m["other"])
    ):
        return None
    return (
        context.blanked(FactKind.PAIR, text, m.start("other"), m.end("other"), "", place)
        if text.count(m["other"]) == 1
        else None
    )


def _gapped(text: str, names: Names, place: Place) -> Iterator[Fact]:
    """A sentence with the name of a work, an event, a body or a place taken out."""
    found = names.mentions(text)
    ranked = sorted(found, key=lambda m: _GAPPED.index(m.kind) if m.kind in _GAPPED else len(_GAPPED))
    for mention in ranked:
        if (
            mention.kind in _GAPPED
            and text.count(text[mention.start : mention.end]) == 1
            and _is_key(mention, text, found)
        ):
            yield context.blanked(FactKind.NAME, text, mention.start, mention.end, mention.kind.value, place)
            return


def _is_key(mention: Mention, text: str, found: list[Mention]) -> bool:
    """Whether the sentence is about the name, and says enough else to know it by."""
    before, after = text[: mention.start], text[mention.end :]
    if re.match(r"[’']|-| (?:and|or) [A-Z]|, (?:[A-Z]|and )| (?:for|of) (?:the )?[A-Z]", after) or re.search(
        r"(?:[A-Z]\S*|and|or),? $", before
    ):
        return False
    if len(text.split()) > _LONGEST or len(phrases.root_words(text)) < context.LEAST_SAID + 3:
        return False
    others = [m for m in found if m != mention]
    if mention.kind == NameKind.PEOPLE:
        return bool(_OPENS.search(before) and re.match(r" [a-z]+", after) and others)
    if mention.kind == NameKind.PLACE:
        if _ASIDE.search(before):
            return False
        is_told = any(m.kind in (NameKind.PERSON, NameKind.WORK, NameKind.EVENT) for m in others)
        return bool(_STANDS_IN.search(before)) and is_told
    if mention.kind == NameKind.COUNTRY:
        return not before or (bool(re.search(r"(?:^|, )(?:[Tt]he )?$|\b(?:in|to) (?:the )?$", before)) and bool(others))
    return True
