"""Questions on who, when, where, how much and what did what; their wrong options are others of the same kind."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from tools.inflection import other_number
from tools.questions import clauses, distractors, phrases, verbs
from tools.questions.chapter import Chapter
from tools.questions.context import GAP
from tools.questions.drafts import Draft, choice, quoted, right, truth
from tools.questions.facts import Fact, FactKind
from tools.questions.names import NameKind, countries, is_continent, is_european, peoples
from tools.questions.types import Bloom, Kind
from tools.words import stem, words

_WRONG = 3
_SAID_OF, _TOO_NEAR = 0.5, 0.5
_SHORTER, _LONGER = 0.45, 2.2
_LEAST_TELLING = 2.2
_LONGEST_GAP = 3
_MORE_WORDS = 3
_MOST_DEED, _COPULA = 22, ("is", "was", "were", "are", "had", "has")
_SAID = {
    NameKind.WORK: "a work", NameKind.LAW: "a law, treaty or case", NameKind.EVENT: "an event",
    NameKind.BODY: "an institution", NameKind.COUNTRY: "a country", NameKind.PEOPLE: "a people",
    NameKind.PLACE: "a place",
}  # fmt: skip


def drafts(kind: Kind, fact: Fact, chapter: Chapter) -> Iterator[Draft]:
    """Questions of one kind about a statement that explains no term."""
    match fact.kind:
        case FactKind.PERSON:
            yield from _about_person(kind, fact, chapter)
        case FactKind.YEAR | FactKind.AMOUNT:
            yield from _about_number(kind, fact, chapter)
        case FactKind.NAME:
            yield from _about_name(kind, fact, chapter)
        case FactKind.SUBJECT:
            yield from _about_subject(kind, fact, chapter)
        case FactKind.PAIR if kind == Kind.GAP:
            accepted = tuple(dict.fromkeys((fact.term, *fact.aliases)))
            yield Draft(kind, fact.predicate, fact.term, _hint_letters(fact.term), Bloom.REMEMBER, accepted=accepted)
        case FactKind.CONTRAST if kind == Kind.TRUE_FALSE:
            yield _contrast(fact)


def _turn(fact: Fact, ways: int, about: str = "") -> int:
    """A number that differs from statement to statement but not from time to time."""
    return int.from_bytes(hashlib.sha256((fact.sentence + about).encode()).digest()[:4]) % ways


# People.


def _about_person(kind: Kind, fact: Fact, chapter: Chapter) -> Iterator[Draft]:
    stem_ = phrases.raised(f"{fact.link} {fact.predicate}?")
    match kind:
        case Kind.SHORT_ANSWER:
            accepted = (fact.term, _surname(fact.term), *fact.aliases)
            hint = _hint_person(fact, chapter)
            yield Draft(kind, stem_, fact.term, hint, Bloom.REMEMBER, accepted=tuple(dict.fromkeys(accepted)), effort=2)
        case Kind.SINGLE_CHOICE:
            yield from _deed(fact, chapter) if _turn(fact, 3, "deed") == 0 else ()
            if wrong := _others(fact, chapter):
                options = [(name, _named_elsewhere(name, chapter)) for name in wrong]
                yield choice(stem_, fact, fact.term, options, _hint_person(fact, chapter), Bloom.REMEMBER)
        case Kind.TRUE_FALSE if fact.link.endswith("who"):
            yield from _true_of_person(fact, chapter)
        case _:
            return


def _others(fact: Fact, chapter: Chapter) -> list[str]:
    """Three other people of the chapter, called as this one is; none when there are fewer."""
    told = [chapter.names.full(other.term) for other in chapter.of_kind(FactKind.PERSON)]
    mine, said = _stems(f"{fact.sentence} {_full(fact)}"), phrases.root_words(fact.predicate)
    is_short = " " not in fact.term
    found: dict[str, str] = {}
    for name in dict.fromkeys((*told, *chapter.names.of_kind(NameKind.PERSON))):
        shown = _surname(name) if is_short else name
        is_apart = not _stems(name) & mine and not any(_stems(name) & _stems(other) for other in found)
        if is_apart and (" " not in shown) == is_short and not chapter.is_said_of(_surname(name), said, _SAID_OF):
            found[name] = shown
    return list(found.values())[:_WRONG] if len(found) >= _WRONG else []


def _full(fact: Fact) -> str:
    return fact.aliases[0] if fact.aliases else fact.term


def _surname(name: str) -> str:
    """What somebody is called for short; a ruler keeps the whole name."""
    listed = name.split()
    return name if re.search(r" (?:[IVX]+|of|the)\b", name) else listed[-1]


def _named_elsewhere(name: str, chapter: Chapter) -> str:
    full = chapter.names.full(name)
    told = next((other for other in chapter.of_kind(FactKind.PERSON) if full in (other.term, *other.aliases)), None)
    return f"Of {name} it says something else: {quoted(told)}" if told else f"The book names {name} for something else."


def _hint_person(fact: Fact, chapter: Chapter) -> str:
    """Something else that the chapter says of the person, else how the name begins."""
    other = next((o for o in chapter.of_kind(FactKind.PERSON) if _full(o) == _full(fact) and _is_hint(o, fact)), None)
    if other:
        return f"The same person {other.predicate}."
    return f"The name begins with {_initials(fact.term)}."


def _is_hint(other: Fact, fact: Fact) -> bool:
    is_else = other.sentence != fact.sentence and other.link == "who"
    return is_else and not _stems(fact.term) & _stems(other.predicate)


def _initials(name: str) -> str:
    letters = [word[0] for word in name.split() if word[0].isupper()]
    return " and ".join(dict.fromkeys(letters[:2]))


def _deed(fact: Fact, chapter: Chapter) -> Iterator[Draft]:
    """What somebody did, with what others did to choose from."""
    if fact.link != "who" or not _is_deed(fact):
        return
    mine = phrases.root_words(fact.predicate)
    wrong: dict[str, Fact] = {}
    for other in chapter.of_kind(FactKind.PERSON):
        is_else = _full(other) != _full(fact) and other.link == "who" and _is_deed(other)
        if is_else and not mine & phrases.root_words(other.predicate) and _like(fact.predicate, other.predicate):
            wrong.setdefault(_full(other), other)
    if len(wrong) >= _WRONG:
        options = [
            (other.predicate, f"That was {other.term}: {quoted(other)}") for other in list(wrong.values())[:_WRONG]
        ]
        hint = _hint_section(fact)
        yield choice(f"What did {fact.term} do?", fact, fact.predicate, options, hint, Bloom.UNDERSTAND)


def _is_deed(fact: Fact) -> bool:
    verb = fact.predicate.split()[0]
    is_told = verbs.is_past(verb) and verb not in _COPULA and not _NO_DEED.match(verb)
    return (
        is_told and len(fact.predicate.split()) <= _MOST_DEED and not re.search(r"\b(?:his|her|s?he)\b", fact.predicate)
    )


_NO_DEED = re.compile(
    r"(?:suspected|believed|thought|hoped|knew|feared|worked|lived|died|wanted|held|received|studied)$"
)


def _true_of_person(fact: Fact, chapter: Chapter) -> Iterator[Draft]:
    others = _others(fact, chapter)
    if not others:
        return
    is_true = _turn(fact, 2, "true") == 0
    lead = fact.link.removesuffix("who")
    said = f"{lead}{fact.term if is_true else others[0]} {fact.predicate}."
    why = right(fact) if is_true else f"It was {fact.term}. {right(fact)}"
    against = (
        f"It is what the book says: {quoted(fact)}"
        if is_true
        else f"The book says it of {fact.term}, not of {others[0]}."
    )
    yield truth(said, is_true, why, against, _hint_section(fact))


# Years and amounts.


def _about_number(kind: Kind, fact: Fact, chapter: Chapter) -> Iterator[Draft]:
    hint = _hint_number(fact)
    if kind == Kind.GAP:
        yield Draft(kind, fact.predicate, fact.term, hint, Bloom.REMEMBER, accepted=(fact.term,), effort=2)
    wrong = _WRONG_NUMBERS[fact.kind](fact, chapter)[:_WRONG]
    if kind == Kind.SINGLE_CHOICE and len(wrong) == _WRONG:
        options = [(text, f"The book says {fact.term} here: {quoted(fact)}") for text in wrong]
        yield choice(fact.predicate, fact, fact.term, options, hint, Bloom.REMEMBER)


def _wrong_years(fact: Fact, chapter: Chapter) -> list[str]:
    others = [int(other.term) for other in chapter.of_kind(FactKind.YEAR) if other.term not in fact.sentence]
    return [str(year) for year in distractors.of_years(int(fact.term), others)]


_WRONG_NUMBERS: dict[FactKind, Callable[[Fact, Chapter], list[str]]] = {
    FactKind.YEAR: _wrong_years,
    FactKind.AMOUNT: lambda fact, _: distractors.of_amounts(fact.term, fact.link),
}


def _hint_number(fact: Fact) -> str:
    if fact.kind == FactKind.YEAR:
        year = int(fact.term)
        first = (year - 10) // 50 * 50 + 10 if fact.term.endswith(("00", "50")) else year // 50 * 50
        return f"It was between {first} and {first + 50}."
    value = float(fact.term.replace(",", ""))
    most = 100 if fact.link in ("percent", "%") else value * 3
    return f"The number lies between {_plain(value * 0.2)} and {_plain(most)}."


def _plain(value: float) -> str:
    """A number to one significant digit."""
    return f"{float(f'{value:.1g}'):,.10g}"


# Names of other kinds.


def _about_name(kind: Kind, fact: Fact, chapter: Chapter) -> Iterator[Draft]:
    named = NameKind(fact.link)
    wrong = _other_names(fact, named, chapter)
    hint = f"It is {_SAID[named]}; the name begins with {fact.term.removeprefix('The ')[0]}."
    if kind == Kind.GAP and named in (NameKind.WORK, NameKind.LAW, NameKind.EVENT, NameKind.COUNTRY):
        yield Draft(kind, fact.predicate, fact.term, hint, Bloom.REMEMBER, accepted=(fact.term,), effort=2)
    if kind == Kind.SINGLE_CHOICE and wrong:
        options = [(name, f"The book names {fact.term} here: {quoted(fact)}") for name in wrong]
        yield choice(fact.predicate, fact, fact.term, options, hint, Bloom.REMEMBER)
    if kind == Kind.TRUE_FALSE and wrong and named not in (NameKind.PLACE, NameKind.PEOPLE):
        is_true = _turn(fact, 2, "true") == 0
        said = fact.predicate.replace(GAP, fact.term if is_true else wrong[0])
        why = right(fact) if is_true else f"It is {fact.term}. {right(fact)}"
        against = (
            f"It is what the book says: {quoted(fact)}" if is_true else f"The book names {fact.term}, not {wrong[0]}."
        )
        yield truth(said, is_true, why, against, _hint_section(fact))


def _other_names(fact: Fact, kind: NameKind, chapter: Chapter) -> list[str]:
    """Three names of the same kind; countries and peoples may be such as the chapter does not name."""
    more: Iterable[str] = {NameKind.COUNTRY: _WELL_KNOWN, NameKind.PEOPLE: _ADJECTIVES}.get(kind, ())
    mine, said = _stems(fact.sentence), phrases.root_words(fact.predicate)
    takes_the = kind == NameKind.COUNTRY and bool(re.search(rf"\b[Tt]he {GAP}", fact.predicate))
    fits = {NameKind.PEOPLE: peoples(), NameKind.COUNTRY: countries()}.get(kind)
    found: list[str] = []
    for name in dict.fromkeys((*chapter.names.of_kind(kind), *more)):
        is_apart = not _stems(name) & mine and not any(_stems(name) & _stems(other) for other in found)
        is_fit = (fits is None or (name in fits and name not in _WIDE)) and (
            name in _WITH_ARTICLE if takes_the else _is_near(fact.term, name) and name not in _WITH_ARTICLE
        )
        if is_apart and is_fit and not chapter.is_said_of(name, said, _SAID_OF):
            found.append(name)
    return found[:_WRONG] if len(found) >= _WRONG else []


def _is_near(name: str, other: str) -> bool:
    """A country of Europe with countries of Europe, a continent with continents."""
    return is_european(name) == is_european(other) and is_continent(name) == is_continent(other)


_WITH_ARTICLE = frozenset({"United States", "Netherlands", "United Kingdom", "Soviet Union", "Ottoman Empire", "Congo"})


_WELL_KNOWN = ("France", "Spain", "England", "Germany", "Italy", "China", "India", "Egypt", "Brazil",
               "United Kingdom", "Soviet Union", "Netherlands", "United States")  # fmt: skip
_ADJECTIVES = ("French", "Spanish", "English", "German", "Italian")
_WIDE = frozenset(["European", "African", "Asian", "Christian", "Jewish", "Muslim", "Catholic", "Protestant"])


# Subjects: what does what, and two that are set against each other.


def _about_subject(kind: Kind, fact: Fact, chapter: Chapter) -> Iterator[Draft]:
    is_fit = chapter.telling(fact.predicate) >= _LEAST_TELLING and not chapter.fits_another(fact)
    if not is_fit or _is_taken_up(fact, chapter):
        return
    name = re.sub(r"^(?:the|an?) ", "", fact.term)
    is_topic = chapter.uses(name) > 1 or fact.start == 0
    is_term = len(name.split()) <= _LONGEST_GAP and phrases.is_term(name) and is_topic
    hint = _hint_subject(fact, name, chapter)
    if kind == Kind.GAP and (named := _law_or_body(fact, chapter)):
        stem_ = phrases.raised(f"{fact.link}{fact.term.replace(named, GAP)} {fact.predicate}.")
        yield Draft(kind, stem_, named, _hint_letters(named), Bloom.REMEMBER, accepted=(named,), effort=2)
    elif kind == Kind.GAP and is_term:
        hint = hint if hint != _hint_section(fact) else _hint_letters(name)
        accepted = tuple(dict.fromkeys((name, *filter(chapter.has_form, [other_number(name)]))))
        yield Draft(kind, _with_gap(fact, name), name, hint, Bloom.REMEMBER, accepted=accepted, effort=2)
    if kind == Kind.SINGLE_CHOICE and (wrong := _other_subjects(fact, chapter)):
        options = [(other.term, f"Of {other.term} it says something else: {quoted(other)}") for other in wrong]
        yield choice(_asked(fact), fact, fact.term, options, hint, Bloom.UNDERSTAND)


def _law_or_body(fact: Fact, chapter: Chapter) -> str | None:
    """The proper name of an event or an institution within a subject."""
    kinds = (NameKind.LAW, NameKind.EVENT, NameKind.BODY)
    return next((m.name for m in chapter.names.mentions(fact.term) if m.kind in kinds and m.name in fact.term), None)


def _asked(fact: Fact) -> str:
    """A question where the verb fits it, else the sentence with a gap."""
    verb = fact.predicate.split()[0]
    takes_one = verbs.is_finite(verb, False) and verb != "were"
    asks = "who" if fact.article == "people" else "what"
    stem_ = f"{fact.link}{asks} {fact.predicate}?" if takes_one else f"{fact.link}{GAP} {fact.predicate}."
    return phrases.raised(stem_)


def _with_gap(fact: Fact, name: str) -> str:
    article = re.match(r"(?:the|an?) ", fact.term)
    shown = f"{article[0]}" if article and article[0] == "the " else "a(n) " if article else ""
    return phrases.raised(f"{fact.link}{shown}{GAP} {fact.predicate}.")


def _other_subjects(fact: Fact, chapter: Chapter) -> list[Fact]:
    """Three subjects of other sentences: of the same sort and number, and wrong by what the chapter says of them."""
    explained = (
        replace(one, term=one.subject, article="things", link="") for one in chapter.described if one.kind in _EXPLAINED
    )
    known = {_heads(one.term): one for one in (*explained, *chapter.of_kind(FactKind.SUBJECT))}
    fit = [other for other in known.values() if _is_like(fact, other, chapter)]
    if len(fit) < _WRONG:
        return []
    near = chapter.cosines(fact.predicate, [f"{other.term} {other.predicate}" for other in fit])
    ranked = sorted(
        ((likeness + _KIN * _kinship(fact.term, fit[n].term), n) for n, likeness in enumerate(near.tolist())
         if likeness < _TOO_NEAR), reverse=True,
    )  # fmt: skip
    found: list[Fact] = []
    for _, n in ranked:
        theirs = _heads(fit[n].term)
        if not any(theirs <= _heads(other.term) or _heads(other.term) <= theirs for other in found):
            found.append(fit[n])
    return found[:_WRONG] if len(found) >= _WRONG else []


_EXPLAINED = (FactKind.DEFINITION, FactKind.NAMED, FactKind.FUNCTION, FactKind.PARTS)
_KIN = 0.15
_GOES_ON = re.compile(r".*(?:ing|tion|sion|ment|ism|ance|ence|ity|ness)$")


def _kinship(one: str, other: str) -> int:
    """How far two subjects look alike: both with an article or without, both something that goes on or a thing."""
    articles = [term.split()[0] in ("a", "an", "the") for term in (one, other)]
    events = [bool(_GOES_ON.match(term)) for term in (one, other)]
    return (articles[0] == articles[1]) + (events[0] == events[1])


def _is_taken_up(fact: Fact, chapter: Chapter) -> bool:
    """Whether `the mixture` is one that the text spoke of just before, rather than what a paragraph is about."""
    if not re.fullmatch(r"the (?:[a-z]+ed )?[a-z-]+", fact.term):
        return False
    opens = fact.passage.text[: fact.start].rstrip(" ")
    return not (opens == "" or opens.endswith("\n") or chapter.speaks_of(fact.term.removeprefix("the ")))


def _is_like(fact: Fact, other: Fact, chapter: Chapter) -> bool:
    mine, theirs = _heads(fact.term), _heads(other.term)
    return (
        fact.article == other.article
        and clauses.is_plural(fact.term) == clauses.is_plural(other.term)
        and _tense(fact) == _tense(other)
        and len(other.term.split()) <= len(fact.term.split()) + _MORE_WORDS
        and bool(theirs)
        and not (mine <= theirs or theirs <= mine)
        and not theirs <= _stems(fact.sentence)
        and not mine <= _stems(other.sentence)
        and _has_name(other.term) == _has_name(fact.term)
        and not chapter.is_about(other.term)
        and not _is_taken_up(other, chapter)
        and not chapter.is_kind_of(fact.term, other.term)
        and not chapter.is_said_of(other.term, phrases.root_words(fact.predicate), _SAID_OF)
    )


def _tense(fact: Fact) -> bool:
    return fact.kind == FactKind.SUBJECT and verbs.is_past(fact.predicate.split()[0])


def _has_name(term: str) -> bool:
    return bool(re.search(r"[A-ZÀ-Þ]", term))


def _hint_subject(fact: Fact, name: str, chapter: Chapter) -> str:
    said = chapter.also_says(name, lambda text: text != fact.sentence and len(text.split()) <= _MOST_DEED)
    return f"The book also says: “{said}”" if said and not _stems(name) & _stems(said) else _hint_section(fact)


def _hint_letters(term: str) -> str:
    return f"It begins with {term[0].upper()} and has {sum(sign.isalpha() for sign in term)} letters."


def _hint_section(fact: Fact) -> str:
    section = fact.passage.section
    where = f"the part on “{section[-1]}”" if section else "the text"
    return f"The answer is in {where}."


def _contrast(fact: Fact) -> Draft:
    """The book's sentence, or the same with its two subjects exchanged."""
    is_true = _turn(fact, 2, "true") == 0
    first = phrases.lowered(fact.term)
    why = right(fact) if is_true else f"It is the other way round: {quoted(fact)}"
    against = f"It is what the book says: {quoted(fact)}" if is_true else "The two have been exchanged."
    hint = f"Think of what sets {first} and {fact.link} apart."
    return truth(fact.sentence if is_true else fact.predicate, is_true, why, against, hint)


def _like(one: str, other: str) -> bool:
    return _SHORTER * len(one) <= len(other) <= _LONGER * len(one)


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words(text))


def _heads(term: str) -> frozenset[str]:
    return phrases.root_words(term)
