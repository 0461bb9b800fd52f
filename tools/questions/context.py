"""Whether a statement can be understood without the sentences around it, and how it is said alone."""

import re
from collections.abc import Sequence

from tools.questions import clauses, phrases, verbs
from tools.questions.clauses import Clause
from tools.questions.facts import Fact, FactKind, Place
from tools.questions.names import Mention, NameKind, Names
from tools.words import stem, words

GAP = "____"
LEANS = re.compile(
    r"\b(?:this|these|those(?! (?:that|who|which|of|in|with))|such(?! as)|former|latter|there|below|above|him|others?"
    r"|another|our|us|we"
    r"|you|likewise|similar|instead|too|previously|same|second|third|last)\b",
    re.IGNORECASE,
)
POINTING = re.compile(r"\b(?:it|its|they|their|them|themselves|itself)\b")
OF_PERSON = re.compile(r"\b(?:he|his|she|her|himself|herself)\b")
_EARLY = 3
_ADDS = re.compile(r"\b(?:also|then|thus|therefore|however|finally|nevertheless|actually|later|soon|now) (?=[a-z])")
_NEXT_CLAUSE = re.compile(r"; |, (?:and|but|while|whereas|so|yet|though|although) (?P<next>[^,;:]+)|: ")
_BARE_CLAUSE = re.compile(r", (?=(?P<next>(?:an?|the|[a-z]+) [^,;:]+))")
_EXTRA = re.compile(
    r", (?:(?:which|who|whose|where|when|although|though|since|because|designed)\b|(?!including)[a-z]+ing ).*$"
)
_TORN = re.compile(r"\b(?:and|or|that|the|an?|of|to|in|by|with|as|for)$")
_LONG, _SHORT = 16, 4
LEAST_SAID = 3
_SAY_LITTLE = frozenset(map(stem, ("two", "three", "four", "five", "main", "major", "common", "part", "example")))
_ANAPHORIC = re.compile(
    r"[Tt]he (?:form|way|court|company|judges?|policy|decision|boy|girl|man|woman|patient|case|author|book"
    r"|experiments?|results?"
    r"|rule|doctors?|city|town|country|king|queen|war|battle|discovery|invention|effect|method|practice|process"
    r"|event|idea"
    r"|proposal|treaty|agreement|group|team|researchers|scientists|students?|two|three|action"
    r"|answer|problem|study|article|paper|story|novel|poem|play|government|act|law|unit|name|animals?|mother|child"
    r"|family"
    r"|following|new|old|parties|firm|power|powers|(?:right|left|upper|lower|other|front|back|inner"
    r"|outer) (?:side|half|part|end))(?! (?:of|that|which|who|in which|by which))\b"
)
DEFINITE = re.compile(
    r"\b[Tt]he (?:[a-z][\w-]+ )?(?P<noun>[a-z][\w-]+)\b(?! (?:of|that|who|which|in|for|to|from|between|on|at|by"
    r"|with)\b)"
)
NO_TOPIC = re.compile(
    r"(?:it|they|he|she|this|these|those|such|some|many|most|each|every|all|both|another|others?|one|two|three|four"
    r"|five"
    r"|several|few|much|more|any|thousands|hundreds|millions|dozens|scores|an? (?:number|few|lot|group)|no|none"
    r"|nobody|everyone|people|there|here|what|who|which|his|her|its|their|our|however"
    r"|other|early|recent|only|first|second)\b",
    re.IGNORECASE,
)
_ROLE_PREFIX = re.compile(r"(?:(?:[Tt]he|An?) )?(?:[\w’-]+ ){0,5}$")
_WHEN_WE = re.compile(
    r"\b(when|if|because|that) we\b(?! (?:have|will|shall|saw|see|look|discuss|consider|turn|study|use)\b)"
)
_OUR_OWN = re.compile(
    r"\bour (?=(?:internal|own|bod|organs|eyes|ears|lives|ancestors|brains?|muscles|skin|senses|minds?)\w*\b)"
)
_DOING = re.compile(r"[a-z]+ing\b")
_NO_TIME = re.compile(
    r"(?:in|at|on) (?:the )?(?:beginning|end|time|case|fact|way|addition|general|contrast|turn|practice)\b"
)


def spoken(fact: Fact) -> str:
    """A statement with its subject in full, as far as it is asked about."""
    return phrases.raised(f"{fact.link.removesuffix('who')}{fact.term} {fact.predicate}")


def is_sound(fact: Fact) -> bool:
    """Whether what is asked about is a whole sentence, even where more stands around it on the page."""
    said = f"{spoken(fact)}."
    return phrases.is_sound(impersonal(said)) and phrases.starts_afresh(said)


def impersonal(text: str) -> str:
    """With people in place of those who `we` are, where that is everybody."""
    return _OUR_OWN.sub("the ", _WHEN_WE.sub(r"\1 people", text))


def is_topical(clause: Clause) -> bool:
    """Whether a clause has a subject of its own and takes nothing up."""
    return not NO_TOPIC.match(clause.subject) and phrases.starts_afresh(f"{clause.lead or clause.subject} ")


def leans_on_nothing(text: str) -> bool:
    """Whether all that a sentence points to stands before it in the sentence."""
    pointing = POINTING.search(text)
    return not LEANS.search(impersonal(text)) and not (pointing and len(text[: pointing.start()].split()) < _EARLY)


def is_settled(text: str, clause: Clause | None, names: Names) -> bool:
    """Whether a sentence can be understood alone: whatever it points to stands before it in the sentence."""
    pointing, person = POINTING.search(text), OF_PERSON.search(text)
    if not leans_on_nothing(text):
        return False
    if pointing and clause and person_of(clause.subject, names):
        within = POINTING.search(clause.rest)
        if within and len(clause.rest[: within.start()].split()) < _EARLY:
            return False
    return not person or any(m.kind == NameKind.PERSON for m in names.mentions(text[: person.start()]))


def refers_outside(text: str, before: Sequence[str]) -> bool:
    """Whether something definite was introduced by a sentence before, as `the boy` after `a boy`."""
    if _ANAPHORIC.search(text):
        return True
    earlier = " ".join(before[-2:])
    seen = {stem(word) for word in words(earlier)}
    return any(_is_new(noun, seen, earlier) for m in DEFINITE.finditer(text) if (noun := _noun(m[0])))


def _is_new(noun: str, seen: set[str], earlier: str) -> bool:
    return stem(noun) in seen and not re.search(rf"\b[Tt]he (?:\w+ )?{re.escape(noun)}\b", earlier)


def _noun(phrase: str) -> str:
    """The noun of `the old house` or of `the house stands`."""
    *_, last = listed = phrase.split()[1:]
    return listed[0] if verbs.is_finite(last, False) or verbs.is_finite(last, True) else last


def when(clause: Clause, predicate: str) -> tuple[str, str]:
    """What stands before the subject, to be said at the beginning or, where that reads well, at the end."""
    lead = phrases.lowered(clause.lead)
    if (
        not lead
        or _ANAPHORIC.search(lead)
        or LEANS.search(lead)
        or POINTING.search(lead)
        or OF_PERSON.search(lead)
        or _NO_TIME.match(lead)
    ):
        return "", ""
    is_short = len(predicate.split()) <= _LONG - _SHORT and "," not in predicate
    is_last = is_short and not re.search(r"\d{4}|[a-z]ing$", predicate) and not _DOING.match(lead)
    return ("", f" {lead}") if is_last else (f"{lead}, ", "")


def person_of(subject: str, names: Names) -> Mention | None:
    """The one person that a subject names, with nothing but a role before the name."""
    found = names.mentions(subject)
    people = [mention for mention in found if mention.kind == NameKind.PERSON]
    if len(people) != 1 or people[0].end != len(subject) or not _ROLE_PREFIX.match(subject[: people[0].start]):
        return None
    return people[0] if " and " not in subject else None


def told(clause: Clause, *, is_thing: bool = False) -> str:
    """What the clause says of its subject, in one verb phrase; nothing when it leans on other sentences."""
    predicate = _one_clause(_ADDS.sub("", clause.predicate))
    if len(predicate.split()) > _LONG:
        cut = _EXTRA.sub("", predicate)
        predicate = cut if len(cut.split()) > _SHORT and phrases.is_balanced(cut) else predicate
    leans = LEANS.search(impersonal(predicate)) or _points_out(predicate, clause.subject, is_thing)
    is_said = len(phrases.root_words(predicate) - _SAY_LITTLE) >= LEAST_SAID and len(predicate.split()) >= _SHORT
    return predicate if is_said and not leans and phrases.is_balanced(predicate) and not _TORN.search(predicate) else ""


def _points_out(predicate: str, subject: str, is_thing: bool) -> bool:
    """Whether some `it` or `their` can be neither the subject nor anything named before it."""
    is_plural = clauses.is_plural(subject)
    for m in POINTING.finditer(predicate):
        before = predicate[: m.start()].split()[1:]
        is_several = m[0].startswith("the")
        is_subject = is_thing and is_several == is_plural
        if not is_subject and not (any(word.endswith("s") for word in before) if is_several else len(before) >= _EARLY):
            return True
    return False


def _one_clause(predicate: str) -> str:
    """Without what another subject does; the last item of a list and a second verb of the same subject stay."""
    for m in _BARE_CLAUSE.finditer(predicate):
        following = clauses.parse(f"{phrases.raised(m['next'])}.")
        if following and following.rest and phrases.is_balanced(predicate[: m.start()]):
            predicate = predicate[: m.start()]
            break
    for m in _NEXT_CLAUSE.finditer(predicate):
        begins = m["next"] or ""
        is_listed = bool(begins) and not clauses.has_verb(begins)
        is_list = m[0] == ": " and not begins and _is_list(predicate[m.end() :])
        is_listed = is_listed or is_list
        is_carried_on = bool(begins) and verbs.is_past(begins.split()[0])
        if not is_listed and not is_carried_on and phrases.is_balanced(predicate[: m.start()]):
            return predicate[: m.start()]
    return predicate


def _is_list(text: str) -> bool:
    """Whether what follows a colon only names the parts of what was said."""
    return len(text.split()) <= _LONG and not clauses.has_verb(text) and not re.search(r"[;:]", text)


def blanked(kind: FactKind, text: str, start: int, end: int, link: str, place: Place) -> Fact:
    """A statement with one thing taken out: `predicate` holds the sentence with a gap."""
    return Fact(kind, text[start:end], "", link, f"{text[:start]}{GAP}{text[end:]}", text, *place)
