"""Wrong options of the same kind as the right one, and wrong for certain by what the chapter says."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from tools.inflection import other_number
from tools.questions import phrases, sorts
from tools.questions.chapter import Chapter
from tools.questions.facts import Fact, FactKind
from tools.questions.siblings import Named
from tools.words import stem, words

Beside = Callable[[], Iterable[Chapter]]
"""The chapters next to one, read only when they are asked for."""

_ENOUGH = 3
_TOO_NEAR = 0.72
_SAID_OF = 0.5
_HALF, _ALMOST_ALL = 50, 85
_TELLING_LENGTH = 6
_NAMING = (FactKind.NAMED, FactKind.CALLED)
"""What is given a name may be the very thing that is asked for, under another one."""
_COMPARED = 20
_SAID, _NAMED, _KIND = 0.4, 0.3, 0.3
_SAME_KIND, _SAME_HEAD, _SIDE_BY_SIDE = 0.14, 0.1, 0.3
_SAME_SECTION = 0.12
_LENGTHS = 0.03
_ALIKE_SURE, _ALIKE, _ALIKE_EVENT, _ALIKE_UNKNOWN, _ELSEWHERE = 0.24, 0.31, 0.35, 0.43, 0.08
"""How much the same sort of thing a wrong option must be; below it nobody would choose the option."""


def of_terms(fact: Fact, chapter: Chapter, beside: Beside) -> list[Fact]:
    """Definitions of other terms, those most of the same sort first, to which the statement does not apply.

    Terms of the chapters beside it make up for what the chapter lacks.
    """
    found = _apart(_alike(fact, chapter, chapter, 0.0))
    if len(found) >= _ENOUGH:
        return found
    for other in beside():
        found = _apart([*found, *_alike(fact, chapter, other, _ELSEWHERE)])
        if len(found) >= _ENOUGH:
            break
    return found


def _alike(fact: Fact, home: Chapter, chapter: Chapter, elsewhere: float) -> list[Fact]:
    named = _named_beside(fact, chapter)
    explained = [*chapter.described, *(one for one in named.values() if not chapter.speaks_of(one.term))]
    same_number = (_numbered(other, fact.is_plural, chapter) for other in explained if chapter.is_noun(other.term))
    genus = _genus(fact, home)
    other_terms = (one for one in same_number if one and genus not in _stems(one.term) and _differs(fact, one))
    fit = [one for one in other_terms if _may_be_alike(fact, one, home, chapter)]
    likely = _likely(fact, fit, named, home, chapter)
    said = home.nearness(fact, [one.other for one in likely]).tolist() if likely else []
    alike = [
        (_SAID * near + one.kinship, one.other)
        for one, near in zip(likely, said, strict=True)
        if near < _TOO_NEAR and _SAID * near + one.kinship >= one.least + elsewhere
    ]
    ranked = (other for _, other in sorted(alike, key=lambda one: -one[0]))
    return [other for other in ranked if _is_false_of(other, fact, home, chapter)]


@dataclass(frozen=True, slots=True)
class _Likely:
    """A term that may be a wrong option: how akin it is, and how alike in all it has to be."""

    other: Fact
    kinship: float
    least: float


def _likely(
    fact: Fact, fit: Sequence[Fact], named: Collection[frozenset[str]], home: Chapter, chapter: Chapter
) -> list[_Likely]:
    """The terms that are most akin to one by name, by kind and by standing beside it."""
    if not fit:
        return []
    names = home.cosines(fact.term, [other.term for other in fit]).tolist()
    kinds = home.cosines(_kind(fact, home), [_kind(other, chapter) for other in fit]).tolist()
    found = []
    for other, name, kind in zip(fit, names, kinds, strict=True):
        kinship = _NAMED * name + _KIND * kind + _sameness(fact, other, home, chapter)
        kinship += _SIDE_BY_SIDE * (_key(other.term) in named) + _SAME_SECTION * _share_section(fact, other)
        found.append(_Likely(other, kinship, _least(*_sorts(fact, other, home, chapter))))
    reachable = (one for one in found if one.kinship + _SAID * _TOO_NEAR >= one.least)
    return sorted(reachable, key=lambda one: one.least - one.kinship)[:_COMPARED]


def _share_section(fact: Fact, other: Fact) -> bool:
    return fact.passage.document_id == other.passage.document_id and fact.passage.section == other.passage.section


def _least(mine: str, theirs: str) -> float:
    """How alike two terms have to be, by what is known of their sorts."""
    if sorts.is_sure(mine, theirs):
        return _ALIKE_SURE
    if mine == theirs == sorts.HAPPENING:
        return _ALIKE_EVENT
    return _ALIKE if mine and theirs else _ALIKE_UNKNOWN


def _may_be_alike(fact: Fact, other: Fact, home: Chapter, chapter: Chapter) -> bool:
    """Whether two terms are of one sort, so far as that is known; of a chapter next door it must be."""
    mine, theirs = _sorts(fact, other, home, chapter)
    is_open = chapter is home and not (mine and theirs) and sorts.HAPPENING not in (mine, theirs)
    return mine == theirs or is_open


def are_of_one_sort(fact: Fact, other: Fact, chapter: Chapter) -> bool:
    """Whether two terms of a chapter are known to be of the same sort."""
    mine, theirs = _sorts(fact, other, chapter, chapter)
    return bool(mine) and mine == theirs


def _sorts(fact: Fact, other: Fact, home: Chapter, chapter: Chapter) -> tuple[str, str]:
    return sorts.sort(fact, home.explained(fact.term)), sorts.sort(other, chapter.explained(other.term))


def _named_beside(fact: Fact, chapter: Chapter) -> dict[frozenset[str], Fact]:
    """The terms that the chapter lists together with this one."""
    mine = _key(fact.term)
    found: dict[frozenset[str], Fact] = {}
    for named in chapter.lists_with(fact.term):
        keys = [_key(term) for term in named.terms]
        for n, term in enumerate(named.terms):
            if keys[n] != mine and _is_whole(term, n, named, chapter):
                found.setdefault(keys[n], _mention(term, named, named.terms[keys.index(mine)]))
    return found


def _is_whole(term: str, place: int, named: Named, chapter: Chapter) -> bool:
    """Whether a listed term is one without words that belong to the rest of the sentence."""
    is_inside = 0 < place < len(named.terms) - 1
    return chapter.speaks_of(term) or (is_inside and phrases.is_term(term) and chapter.uses(term) > 1)


def _mention(term: str, named: Named, like: str) -> Fact:
    link = "are" if _is_several(like if term.endswith(("a", "i")) else term) else "is"
    place = named.passage, named.start, named.end
    return Fact(FactKind.MENTION, term, "", link, named.sentence, named.sentence, *place)


def _numbered(other: Fact, is_plural: bool, chapter: Chapter) -> Fact | None:
    """A term in the number asked for, so far as the chapter itself has it so."""
    if other.is_plural == is_plural:
        return other
    term = other_number(other.term)
    return replace(other, term=term, link="are" if is_plural else "is") if chapter.has_form(term) else None


def _differs(fact: Fact, other: Fact) -> bool:
    """Another term of the same sort that is neither a kind nor a part of this one, by name or meaning."""
    mine, theirs = _stems(fact.term), _stems(other.term)
    return (
        not mine <= theirs
        and not theirs <= mine
        and not theirs <= _stems(fact.sentence)
        and (other.kind == FactKind.MENTION or not mine <= _stems(other.sentence))
        and not _is_form(fact.term, other.term)
        and not _is_part_of_word(fact.term, other.term)
        and not (other.kind in _NAMING and " " in fact.term and _last(fact) in _stems(other.predicate))
        and fact.predicate != other.predicate
        and fact.term[:1].isupper() == other.term[:1].isupper()
    )


def _is_false_of(other: Fact, fact: Fact, home: Chapter, chapter: Chapter) -> bool:
    if fact.kind in (FactKind.PARTS, FactKind.FUNCTION, FactKind.TOLD) and home.names_together(fact.term, other.term):
        return False  # what a part does, its whole does as well
    if home.is_kind_of(fact.term, other.term) or home.is_about(other.term):
        return False
    roots = phrases.root_words(fact.predicate)
    return not any(place.is_said_of(other.term, roots, _SAID_OF) for place in {home, chapter})


def _genus(fact: Fact, home: Chapter) -> str:
    """The noun a thing is explained by but not called: of a disease with a name, `rare disease` is no other one."""
    explained = home.explained(fact.term)
    head = sorts.head(explained) if explained else ""
    return "" if head in _stems(fact.term) else head


def _kind(fact: Fact, chapter: Chapter) -> str:
    explained = chapter.explained(fact.term)
    return (sorts.genus(explained) if explained else "") or fact.term


def _sameness(fact: Fact, other: Fact, home: Chapter, chapter: Chapter) -> float:
    mine, theirs = (
        sorts.head(one) if one else "" for one in (home.explained(fact.term), chapter.explained(other.term))
    )
    same = _SAME_KIND if mine and mine == theirs else 0.0
    same += _SAME_HEAD if _last(fact) == _last(other) and " " in fact.term else 0.0
    return same - _LENGTHS * abs(len(fact.term.split()) - len(other.term.split()))


def _last(fact: Fact) -> str:
    return stem(fact.term.split()[-1].lower())


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


def _is_part_of_word(one: str, other: str) -> bool:
    """`microsporangium` and `sporangia`: one of them is a kind of the other."""
    short, long = sorted((one.lower(), other.lower()), key=len)
    return len(short) >= _TELLING_LENGTH and short[: max(_TELLING_LENGTH - 1, len(short) - 2)] in long


def _stems(text: str) -> set[str]:
    return {stem(word) for word in words(text)}


def _key(term: str) -> frozenset[str]:
    return frozenset(_stems(term))


def _is_several(term: str) -> bool:
    return bool(re.search(r"(?:[^siu]s|ses|ae)$", term))


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
