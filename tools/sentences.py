"""Where the sentences of a text begin and end."""

import re
from collections.abc import Iterator
from functools import lru_cache

LONGEST = 400

Span = tuple[int, int]

_ABBREVIATIONS_LIST = """
approx art assoc avg ca cf ch chap col cor corp def dept dr ed eds eq eqs esp est etc ex exp fig figs gen gov
hon inc incl jr lect lem lt ltd max min mr mrs ms mt no nos nr ofc op p par para pl pp prof prop pt ref refs
rep resp rev sec sect sen sgt soc sp spp sr ssp st subsp suppl tab temp thm trans univ var viz vol vols vs yr
yrs jan feb mar apr jun jul aug sep sept oct nov dec e.g i.e a.m p.m u.s u.k ph.d b.c a.d c.e b.c.e al
"""
_ABBREVIATIONS = frozenset(_ABBREVIATIONS_LIST.split())
_OFTEN_LAST = frozenset(
    {"etc", "a.m", "p.m", "u.s", "u.k", "ph.d", "b.c", "a.d", "c.e", "b.c.e", "inc", "ltd", "jr", "al"}
)
"""Abbreviations that may also close a sentence: a capital after them decides."""

_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s)|[。！？]+[」』”’）]*|[.!?…]+[\"'”’»)\]]+(?=[A-Z])")
_LAST_WORD = re.compile(r"[^\s(\[“\"'‘]+$")
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
    spans: list[Span] = []
    for start, end in _lines(text):
        for sentence in _sentences(text, start, end):
            span = _trimmed(text, *sentence)
            if _WORD_SIGN.search(text, *span):
                spans.extend(_cut(text, *span))
    return tuple(spans)


def sentences(text: str) -> list[str]:
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
    """Whether the punctuation at `mark` ends a sentence, judged by the word before it and the sign after it."""
    following = text[after:end].lstrip()[:2] if after < end else ""
    if not following or text[mark] in "。！？":
        return True
    if following[0].islower():
        return False
    if text[mark] == "!" and not text[mark - 1].isalpha() and text[mark - 1] not in _QUOTES:
        return following[0].isupper()  # a factorial
    if text[mark] != "." or after - mark > 1:
        return True
    if _ENUMERATOR.fullmatch(text, start, mark):
        return False
    word = _LAST_WORD.search(text, start, mark)
    return not (word and _abbreviates(word.group(), following))


def _abbreviates(word: str, following: str) -> bool:
    known = word.lower().strip(".")
    if known in _OFTEN_LAST:
        return not following[0].isupper()
    if known in _ABBREVIATIONS:
        return known not in ("no", "fig", "ex", "art") or following[0].isdigit() or word[0].isupper()
    is_initial = len(word) == 1 and word.isupper() and word not in "I"
    is_number = word.isdigit() and len(word) <= 3 and following[0].isdigit()
    return is_initial or is_number


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
