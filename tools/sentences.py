"""Where the sentences of a text begin and end."""

import re
from collections.abc import Iterator
from functools import lru_cache

LONGEST = 400

Span = tuple[int, int]

_ABBREVIATIONS_LIST = """
approx art assoc avg ca capt cf ch chap chas cmdr col cor def dept dr ed eds eq eqs esp est ex exp fig figs gen geo gov
hon incl lect lem lt max messrs mr mrs ms mt mts nat no nos nr ofc op p par para pl pp pres prof prop pt ref refs
rep resp rev robt sec sect sen sens sgt soc sp spp ssp st ste subsp suppl supt tab temp thm thos trans univ var viz vol
vols vs wm e.g i.e
"""
_ABBREVIATIONS = frozenset(_ABBREVIATIONS_LIST.split())
"""Never the end: what they shorten stands before a name, a number or an explanation."""
_BETWEEN_LIST = """
bros co corp inc jr ltd sr a.m p.m ph.d m.d min hr hrs yr yrs jan feb mar apr jun jul aug sep sept oct nov dec
"""
_BETWEEN = frozenset(_BETWEEN_LIST.split())
"""They close a sentence when the next word opens one, as capitals with periods do: in the U.S. The …, the U.S. Navy."""
_OFTEN_LAST = frozenset({"etc", "al"})
"""They close it before any capital."""
_ERAS = frozenset({"b.c", "a.d", "c.e", "b.c.e"})
_CAPITALS = re.compile(r"(?:[A-Z]\.)*[A-Z](?<!\bI)")
_OPENERS_LIST = """
a about after all also although among an and another are as at because before between both but by did do does during
each even every few for from had has have he her here his how however i if in is it its later like many most my no not
now of on once one only or our over she since so some soon such that the their then there therefore these they this
those though through thus to today two under unlike until was we were what when where which while who why with within
without yet you your
"""
_OPENERS = frozenset(_OPENERS_LIST.split())
"""Words that have a capital at the start of a sentence only."""
_WORDS_TOO = frozenset({"no", "fig", "ex", "art"})
_FIRST_WORD = re.compile(r"[\"'“‘(\[]*([A-Z][a-z]*)(?![\w.])")
_PARTY = re.compile(r"(?:[A-Z][\w’'-]*|[A-Z]\.)\s+v$")
"""Of a case in court: Plessy v. Ferguson."""

_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s)|[。！？]+[」』”’）]*|[.!?…]+[\"'”’»)\]]+(?=[A-Z])")
_LAST_WORD = re.compile(r"[^\s(\[“\"'‘—–]+$")
_LIST_ITEM = re.compile(r"\s*(?:[•◦▪‣·*–—-]\s+|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,4})[.)]\s+\S)")
_ENUMERATOR = re.compile(r"\s*\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,4})")
_QUOTES = "\"'”’»)]"
_LINE = re.compile(r"\n[^\S\n]*(\n\s*)?")
_CLAUSE_END = re.compile(r"[;:,)](?=\s)|\s[–—](?=\s)|[，；、：]")
_GAP = re.compile(r"\s")
_WORD_SIGN = re.compile(r"\w")
_REAL_WORD = re.compile(r"[^\W\d_]{3}|[^\W\d_\x00-\u02af]")


def split(text: str) -> list[Span]:
    """Spans of the sentences, in order and apart, none longer than LONGEST; every letter and digit lies in one."""
    return list(_split(text))


@lru_cache(maxsize=2048)
def _split(text: str) -> tuple[Span, ...]:
    return tuple(part for start, end in _whole(text) for part in _cut(text, start, end))


def ends(text: str) -> list[int]:
    """The offsets after each sentence, however long it is."""
    return [end for _, end in _whole(text)]


def _whole(text: str) -> Iterator[Span]:
    for start, end in _lines(text):
        for sentence in _sentences(text, start, end):
            span = _trimmed(text, *sentence)
            if _WORD_SIGN.search(text, *span):
                yield span


def sentences(text: str) -> list[str]:
    """The texts of the spans."""
    return [text[start:end] for start, end in split(text)]


def _lines(text: str) -> Iterator[Span]:
    """Stretches that no sentence crosses: paragraphs, headings on a line of their own, list items."""
    start = last = 0
    for gap in _LINE.finditer(text):
        line, following = text[last : gap.start()], text[gap.end() : gap.end() + 80]
        if (gap.group(1) or _ends_block(line, following)) and not _is_formula(following):
            yield start, gap.start()
            start = gap.end()
        last = gap.end()
    yield start, len(text)


def _ends_block(line: str, following: str) -> bool:
    line = line.strip()
    if _LIST_ITEM.match(following):
        return True
    looks_wrapped = len(line) > 60 or line.endswith((",", ";", "-", "–"))
    return not looks_wrapped and not following[:1].islower()


def _is_formula(following: str) -> bool:
    """A line without a real word means nothing without what stands before it."""
    return not _REAL_WORD.search(following.lstrip().split("\n", 1)[0])


def _sentences(text: str, start: int, end: int) -> Iterator[Span]:
    for mark in _END.finditer(text, start, end):
        if _closes(text, start, mark.start(), mark.end(), end):
            yield start, mark.end()
            start = mark.end()
    yield start, end


def _closes(text: str, start: int, mark: int, after: int, end: int) -> bool:
    """Whether the punctuation at `mark` ends a sentence, judged by the words around it."""
    following = text[after:end].lstrip()[:24] if after < end else ""
    if not following or text[mark] in "。！？":
        return True
    if following[0].islower():
        return False
    if text[mark] == "!":
        return following[0].isupper() or not _is_factorial(text[mark - 1])
    if text[mark] != "." or after - mark > 1:
        return True
    return not (_ENUMERATOR.fullmatch(text, start, mark) or _abbreviates(text, start, mark, following))


def _is_factorial(before: str) -> bool:
    return not before.isalpha() and before not in _QUOTES


def _abbreviates(text: str, start: int, mark: int, following: str) -> bool:
    """Whether the period at `mark` belongs to the word before it, and to nothing else."""
    found = _LAST_WORD.search(text, start, mark)
    word = found.group() if found else ""
    known = word.lower().strip(".")
    if known in _ABBREVIATIONS:
        return known not in _WORDS_TOO or following[0].isdigit() or word[0].isupper()
    if known in _OFTEN_LAST or _is_era(known, text[: mark - len(word)]):
        return not following[0].isupper()
    if known in _BETWEEN or _CAPITALS.fullmatch(word):
        return not _opens(following)
    return _is_number(word, following) or (word == "v" and bool(_PARTY.search(text, start, mark)))


def _is_era(known: str, before: str) -> bool:
    """Whether `B.C.` is that of a year, and nobody's initials."""
    return known in _ERAS and before.rstrip()[-1:].isdigit()


def _is_number(word: str, following: str) -> bool:
    return word.isdigit() and len(word) <= 3 and following[0].isdigit()


def _opens(following: str) -> bool:
    first = _FIRST_WORD.match(following)
    return first is not None and first.group(1).lower() in _OPENERS


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _cut(text: str, start: int, end: int) -> Iterator[Span]:
    """Cut what is too long for the model's window at the last clause, else the last gap, else anywhere."""
    while end - start > LONGEST:
        middle = start + LONGEST // 3
        at = _last(_CLAUSE_END, text, middle, start + LONGEST) or _last(_GAP, text, middle, start + LONGEST)
        at = at or start + LONGEST
        yield _trimmed(text, start, at)
        start, end = _trimmed(text, at, end)
    if end > start:
        yield start, end


def _last(pattern: re.Pattern[str], text: str, start: int, end: int) -> int | None:
    return max((found.end() for found in pattern.finditer(text, start, end)), default=None)
