"""Wrong options of the same kind as the right one, and wrong for certain by what the chapter says."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from tools.questions import phrases
from tools.questions.chapter import Chapter
from tools.questions.facts import Fact, FactKind
from tools.words import stem, words

Beside = Callable[[], Iterable[Chapter]]
"""The chapters next to one, read only when they are asked for."""

_ENOUGH = 3
_TOO_NEAR = 0.72
_SAID_OF = 0.5
_HALF, _ALMOST_ALL = 50, 85
_COMPARED = 14
_SAID, _NAMED, _KIND = 0.4, 0.3, 0.3
_SAME_KIND, _BOTH_HAPPEN = 0.14, 0.1
_LENGTHS = 0.03
_ALIKE, _ALIKE_ELSEWHERE, _SAID_LOOSELY = 0.29, 0.37, 0.05
"""How much the same sort of thing a wrong option must be; below it nobody would choose the option."""


def of_terms(fact: Fact, chapter: Chapter, beside: Beside) -> list[Fact]:
    """Definitions of other terms, those most of the same sort first, to which the statement does not apply.

    Terms of the chapters beside it make up for what the chapter lacks.
    """
    extra = 0.0 if fact.kind in _TELL_KINDS else _SAID_LOOSELY
    found = _apart(_alike(fact, chapter, chapter, _ALIKE + extra))
    if len(found) >= _ENOUGH:
        return found
    for other in beside():
        found = _apart([*found, *_alike(fact, chapter, other, _ALIKE_ELSEWHERE + extra)])
        if len(found) >= _ENOUGH:
            break
    return found


def _alike(fact: Fact, home: Chapter, chapter: Chapter, least: float) -> list[Fact]:
    same_number = (_numbered(other, fact.is_plural, chapter) for other in chapter.described)
    fit = [one for one in same_number if one and _differs(fact, one) and _is_false_of(one, fact, home, chapter)]
    if not fit:
        return []
    said = home.nearness(fact, fit).tolist()
    apart = sorted(((near, n) for n, near in enumerate(said) if near < _TOO_NEAR), reverse=True)[:_COMPARED]
    near = [fit[n] for _, n in apart]
    alike = [_SAID * said + kin for (said, _), kin in zip(apart, _kinships(fact, near, home), strict=True)]
    ranked = sorted(zip(alike, range(len(near)), strict=True), reverse=True)
    return [near[n] for likeness, n in ranked if likeness >= least]


def _numbered(other: Fact, is_plural: bool, chapter: Chapter) -> Fact | None:
    """A term in the number asked for, so far as the chapter itself has it so."""
    if other.is_plural == is_plural:
        return other
    term = phrases.other_number(other.term)
    return replace(other, term=term, link="are" if is_plural else "is") if chapter.has_form(term) else None


def _differs(fact: Fact, other: Fact) -> bool:
    """Another term of the same sort that is neither a kind nor a part of this one, by name or meaning."""
    mine, theirs = _stems(fact.term), _stems(other.term)
    return (
        not mine <= theirs
        and not theirs <= mine
        and not theirs <= _stems(fact.sentence)
        and not mine <= _stems(other.sentence)
        and not _is_form(fact.term, other.term)
        and fact.predicate != other.predicate
        and fact.term[:1].isupper() == other.term[:1].isupper()
        and _sort(fact) == _sort(other)
    )


def _is_false_of(other: Fact, fact: Fact, home: Chapter, chapter: Chapter) -> bool:
    if fact.kind in (FactKind.PARTS, FactKind.FUNCTION) and home.names_together(fact.term, other.term):
        return False  # what a part does, its whole does as well
    if home.is_kind_of(fact.term, other.term) or home.is_about(other.term):
        return False
    roots = phrases.root_words(fact.predicate)
    return not any(place.is_said_of(other.term, roots, _SAID_OF) for place in {home, chapter})


def _kinships(fact: Fact, others: Sequence[Fact], chapter: Chapter) -> list[float]:
    """How near the names and the kinds of thing are, with more for the same kind and names of the same length."""
    if not others:
        return []
    names = chapter.cosines(fact.term, [other.term for other in others]).tolist()
    kinds = chapter.cosines(_genus(fact), [_genus(other) for other in others]).tolist()
    return [
        _NAMED * name + _KIND * kind + _sameness(fact, other)
        for name, kind, other in zip(names, kinds, others, strict=True)
    ]


def _genus(fact: Fact) -> str:
    return (phrases.genus(fact.predicate) if fact.kind in _TELL_KINDS else "") or fact.term


def _sameness(fact: Fact, other: Fact) -> float:
    mine, theirs = _head(fact), _head(other)
    same = _SAME_KIND if mine and mine == theirs else _BOTH_HAPPEN if _sort(fact) == _HAPPENS else 0.0
    return same - _LENGTHS * abs(len(fact.term.split()) - len(other.term.split()))


_TELL_KINDS = (FactKind.DEFINITION, FactKind.NAMED)
_HAPPENS = "happening"
_ENDS_AS_EVENT = re.compile(r".*(?:tion|sion|sis|ing|ism|(?<!subst)ance|ence)$")
_STUDY = frozenset(map(stem, ("study", "science", "field", "discipline", "branch")))
_HAPPENING_LIST = """
    process movement act division formation conversion change series reaction method phase stage cycle event
    ability condition state relationship interaction technique measure rate tendency theory reproduction
    breaking break increase decrease growth release transfer transport control rise loss removal spread combination
    production fusion addition behavior response mechanism arrangement
"""
_HAPPENING = frozenset(map(stem, _HAPPENING_LIST.split()))
_THINGS_LIST = """
    structure cell organ tissue molecule protein enzyme substance layer organism animal plant hormone gene bone muscle
    region area group collection
"""
_THINGS = frozenset(map(stem, _THINGS_LIST.split()))


def _sort(fact: Fact) -> str:
    """Roughly what is defined: a field of study, something that goes on or holds, or a thing."""
    noun, name = _head(fact), fact.term.split()[-1]
    if noun in _STUDY:
        return "study"
    is_event = fact.link == "occurs when" or (_ENDS_AS_EVENT.match(name) and noun not in _THINGS)
    return _HAPPENS if noun in _HAPPENING or is_event else "thing"


def _head(fact: Fact) -> str:
    """The noun that says what kind of thing is defined: `process` in `the process by which …`."""
    listed = words(phrases.genus(fact.predicate)) if fact.kind in _TELL_KINDS else []
    return stem(listed[-1]) if listed else ""


def _apart(ranked: Sequence[Fact]) -> list[Fact]:
    """Without terms that are forms of one another."""
    kept: list[Fact] = []
    for fact in ranked:
        mine = _stems(fact.term)
        if not any(
            _is_form(fact.term, other.term) or mine <= _stems(other.term) or _stems(other.term) <= mine
            for other in kept
        ):
            kept.append(fact)
    return kept


def _is_form(one: str, other: str) -> bool:
    """`stimulus` and `stimuli`: words that differ in their ending only."""
    mine, theirs = words(one), words(other)
    return len(mine) == len(theirs) and all(
        a[: max(4, len(a) - 3)] == b[: max(4, len(a) - 3)] for a, b in zip(mine, theirs, strict=True)
    )


def _stems(text: str) -> set[str]:
    return {stem(word) for word in words(text)}


def of_like_length(key: str, texts: Sequence[Fact]) -> list[Fact]:
    """Those whose predicate is about as long as the right one, so that length gives nothing away."""
    size = len(key)
    return [fact for fact in texts if 0.5 * size <= len(fact.predicate) <= 1.9 * size]


def of_years(year: int, others: Sequence[int]) -> list[int]:
    """Three other years: those of the same text that lie near, then years at a distance that cannot be a slip."""
    near = sorted({other for other in others if 2 <= abs(other - year) <= 150}, key=lambda other: abs(other - year))
    made = [year - 12, year + 15, year - 31, year + 28]
    chosen: list[int] = []
    for candidate in near + made:
        if all(abs(candidate - kept) >= 2 for kept in chosen) and candidate not in chosen:
            chosen.append(candidate)
    return chosen[:3]


def of_amounts(number: str, unit: str) -> list[str]:
    """Three other numbers of the same form, far enough off to be wrong."""
    value = float(number.replace(",", ""))
    if unit in ("percent", "%") and value > _HALF:
        candidates = [value * 0.5, value * 0.75, (value + 100) / 2 if value < _ALMOST_ALL else value * 0.25]
    elif value < 10 and "." not in number:
        candidates = [value + 1, value + 2, value - 1 if value > 1 else value + 3]
    else:
        candidates = [value * 0.5, value * 1.5, value * 2]
    return [_written(_rounded(candidate, number), number) for candidate in candidates]


def _rounded(value: float, like: str) -> float:
    """As round as the number it stands beside."""
    zeros = len(like) - len(like.rstrip("0")) if like.isdigit() else 0
    step = 10 ** max(0, zeros - 1)
    return value if "." in like else round(value / step) * step


def _written(value: float, like: str) -> str:
    decimals = len(like.partition(".")[2])
    return f"{value:,.{decimals}f}" if "," in like else f"{value:.{decimals}f}"


_PRONOUN = re.compile(r"(?:it|they|its|their)\b")
_BECAUSE = re.compile(r"\bbecause (?!of\b)([^,;:()]{20,140})\.$")


def of_reasons(fact: Fact, chapter: Chapter) -> list[str]:
    """What the chapter gives as the cause of something else."""
    mine = phrases.root_words(fact.sentence)
    leans = bool(_PRONOUN.match(fact.predicate))
    found: list[str] = []
    for text, _ in chapter.sentences:
        clause = _BECAUSE.search(text)
        if clause and phrases.is_sound(text) and not phrases.refers_back(f"one that {clause[1]}"):
            other = phrases.root_words(clause[1])
            if (
                leans == bool(_PRONOUN.match(clause[1]))
                and len(mine & other) <= 1
                and 0.5 * len(fact.predicate) <= len(clause[1]) <= 2 * len(fact.predicate)
            ):
                found.append(clause[1])
    return found


_PERSON_NAMED = re.compile(
    r"(?:(?:\bby|\bwith|,|\b(?:bishop|historian|anatomist|scientist|physicist|biologist|botanist|chemist|monk"
    r"|professor|physician"
    r"|naturalist|geneticist|citizen|writer|king|pope|Pope|King|Queen|philosopher|economist|psychologist)) )"
    r"(?P<name>[A-Z][a-zà-ÿ]+(?: [A-Z][a-zà-ÿ]+| [A-Z]\.| [IVX]+){1,3})(?![A-Za-z])"
)


_ORGANISATION = re.compile(
    r"(?:Institute|University|Church|Bible|College|Society|Act|Park|Ocean|Sea|Age|Ages|Testament|Books?|League"
    r"|Party|Union|States|Council|Company|Museum|Center|Laboratory|Press|Reform\w*)\b"
)


def of_persons(fact: Fact, chapter: Chapter) -> list[str]:
    """Other people of the chapter who are not named beside this statement."""
    facts = [other.term for other in chapter.of_kind(fact.kind)]
    named = [m["name"] for text, _ in chapter.sentences for m in _PERSON_NAMED.finditer(text)]
    mine = _stems(fact.sentence)
    return _distinct([name for name in facts + named if not _stems(name) & mine and _is_name(name, chapter)])


def _is_name(name: str, chapter: Chapter) -> bool:
    """Whether none of its words is also an ordinary word of the chapter."""
    return not _ORGANISATION.search(name) and not any(chapter.has_word(word.lower()) for word in name.split())


def of_places(fact: Fact, chapter: Chapter) -> list[str]:
    mine = _stems(fact.sentence)
    roots = phrases.root_words(fact.predicate)
    places = [other.term for other in chapter.of_kind(fact.kind) if not _stems(other.term) & mine]
    return _distinct([place for place in places if not chapter.is_said_of(place, roots, _SAID_OF)])


def _distinct(names: Sequence[str]) -> list[str]:
    kept: list[str] = []
    for name in names:
        if not any(_stems(name) & _stems(other) for other in kept):
            kept.append(name)
    return kept
