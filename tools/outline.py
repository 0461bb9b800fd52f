"""Chapters and sections that a learner names by number, found again in books that may not number their headings."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from tools.numerals import CARDINALS
from tools.questions.types import PassagePlace

_NOUNS = {
    "chapter": "chapter", "chap": "chapter", "ch": "chapter", "kapitel": "chapter", "chapitre": "chapter",
    "section": "section", "sec": "section", "§": "section", "abschnitt": "section", "unit": "unit", "part": "part",
    "lecture": "lecture", "lesson": "lesson", "module": "module", "week": "week",
}  # fmt: skip
_COUNTED = ("chapter", "section", "lecture", "lesson")
"""What may be meant by a bare number in front of a heading, or by its place; a unit or part must be called so."""
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50}
_NUMBER = (
    rf"(?:\d{{1,3}}(?:\.\d{{1,2}}){{0,2}}(?![\d%])|(?i:{'|'.join(CARDINALS)})\b|[IVXL]{{2,}}\b|[VX]\b|I(?=[.,?!]*$))"
)
_NOUN = r"(?i:chapter|chapitre|kapitel|chap|ch|section|sec|abschnitt|unit|part|lecture|lesson|module|week)s?\b\.?|§"
_NOT_COUNTED = (
    r"(?!\s*(?:[a-z/-]+\s+){0,2}(?:questions?|ones|items|mcqs?|qs?|min(?:ute)?s?|h(?:ou)?rs?|sec(?:ond)?s?)\b)"
)
_REFERENCE = re.compile(
    rf"(?:(?i:\bthe)\s+)?(?<![\w-])(?P<noun>{_NOUN})\s*(?:no\.?\s*|#\s*)?"
    rf"(?P<numbers>{_NUMBER}(?:(?:\s*(?:,|&|-|–|—)\s*|,?\s+(?i:and|to|through|und|bis|et)\s+){_NUMBER}{_NOT_COUNTED})*)"
)
_SPAN = re.compile(r"\s*[-–—]\s*|\s+(?i:to|through|bis)\s+")
_SERIES = re.compile(r",?\s+(?i:and|und|et)\s+|\s*[,&]\s*")
_LONGEST_SPAN = 50
_MATTER = re.compile(
    r"\W*(?:front matter|(?:table of )?contents|preface|foreword|acknowledg|dedication|copyright|index\b|glossary"
    r"|bibliography|references|about the author|(?:answers|solutions)\b|list of|appendi)",
    re.IGNORECASE,
)
_END = 1 << 30
_SMALL = 0.1
"""A heading with less than this share of what the middling chapter has is a title page, not a chapter."""


@dataclass(frozen=True, slots=True)
class Reference:
    """`numbers` as the headings write them: `3`, `10.2`."""

    noun: str
    numbers: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.noun}{'s' * (len(self.numbers) > 1)} {', '.join(self.numbers)}"


Heading = tuple[int, str, int]
"""An entry of a table of contents: level from 1, text, page index."""


@dataclass(frozen=True, slots=True)
class OutlinedChapter:
    """What a reference leads to: its headings, and its passages in reading order."""

    headings: tuple[str, ...]
    passage_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Span:
    """A heading of the contents with the page it stands on and the one where the next of its level stands."""

    at: int
    level: int
    heading: str
    first: int
    next: int
    beside: frozenset[str]

    def holds(self, place: PassagePlace) -> bool:
        """Pages shared with other headings of its level are told apart by the sections of their passages."""
        if self.heading in place.section or self.first < place.page_index < self.next:
            return True
        return place.page_index == self.first and self.beside.isdisjoint(place.section)


def split(text: str, instead: str = "") -> tuple[Reference | None, str]:
    """The first chapter or section that a text names by number, and the text with something else in its place."""
    found = _REFERENCE.search(text)
    if not found:
        return None, text
    noun = found["noun"].lower().rstrip(".").removesuffix("s") or "§"
    numbers = tuple(dict.fromkeys(_numbers(found["numbers"])))
    rest = " ".join(f"{text[: found.start()]} {instead} {text[found.end() :]}".split())
    return Reference(_NOUNS[noun], numbers), rest


def reference(text: str) -> Reference | None:
    """What a text that is nothing but a reference names: `chapter 3`, `sections 1.1 and 1.2`."""
    found, rest = split(text)
    return found if not rest.strip(" .,:;!?\"'“”") else None


def find(
    wanted: Reference, places: Sequence[PassagePlace], contents: Mapping[str, Sequence[Heading]]
) -> OutlinedChapter | None:
    """What is meant in each document that has it; `places` in reading order, `contents` by document."""
    by_document: dict[str, list[PassagePlace]] = {}
    for place in places:
        by_document.setdefault(place.document_id, []).append(place)
    books = [_Book(own, contents.get(document_id, ())) for document_id, own in by_document.items()]
    found = [part for book in books for number in wanted.numbers if (part := book.part(wanted.noun, number))]
    if not found:
        return None
    ids = dict.fromkeys(place.passage_id for _, part in found for place in part)
    return OutlinedChapter(tuple(dict.fromkeys(heading for heading, _ in found)), tuple(ids))


def _numbers(text: str) -> Iterator[str]:
    for part in _SERIES.split(text):
        ends = [_number(end) for end in _SPAN.split(part) if end]
        if len(ends) == 2 and all(end.isdigit() for end in ends) and 0 <= int(ends[1]) - int(ends[0]) <= _LONGEST_SPAN:
            yield from map(str, range(int(ends[0]), int(ends[1]) + 1))
        else:
            yield from ends


def _number(text: str) -> str:
    if text.lower() in CARDINALS:
        return str(CARDINALS[text.lower()])
    if not re.fullmatch(r"[IVXL]+", text):
        return text
    values = [_ROMAN[sign] for sign in text]
    return str(sum(-one if one < following else one for one, following in zip(values, [*values[1:], 0], strict=True)))


def _heading(noun: str, number: str) -> re.Pattern[str]:
    names = "|".join(name for name, of in _NOUNS.items() if of == noun)
    spelt = [number, *(word for word, n in CARDINALS.items() if str(n) == number), *_romans(number)]
    called = rf"(?:{names})\.?\s*(?:{'|'.join(map(re.escape, spelt))})"
    bare = rf"|{re.escape(number)}(?=[.:)]?\s|$)" if noun in _COUNTED else ""
    # Some fonts leave a stray sign in front of a number.
    return re.compile(rf"[^\w\s]{{0,2}}\s*(?:{called}{bare})(?!\w)(?!\.\d)", re.IGNORECASE)


def _romans(number: str) -> list[str]:
    tens, ones = divmod(int(number), 10) if number.isdigit() and int(number) < 40 else (0, 0)
    return ["X" * tens + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[ones]] if tens or ones else []


_Part = tuple[str, Sequence[PassagePlace]]


class _Book:
    """One document: its places, and the spans of its contents apart from front and back matter."""

    def __init__(self, places: Sequence[PassagePlace], contents: Sequence[Heading]) -> None:
        self._places = [p for p in places if not any(_MATTER.match(heading) for heading in p.section)]
        self._pages = [place.page_index for place in self._places]
        self._spans = list(_spans(contents))

    def part(self, noun: str, number: str) -> _Part | None:
        """What a heading calls so, else what stands there when the headings are counted."""
        is_called = _heading(noun, number)
        called = [span for span in self._spans if is_called.match(span.heading)]
        if called:
            return self._within(min(called, key=lambda span: span.level))
        return (self._counted(number) if noun in _COUNTED else None) or self._headed(is_called)

    def _within(self, span: _Span) -> _Part | None:
        places = self._held(span)
        return (span.heading, places) if places else None

    def _held(self, span: _Span) -> list[PassagePlace]:
        near = self._places[bisect_left(self._pages, span.first) : bisect_right(self._pages, span.next)]
        return [place for place in near if span.holds(place)]

    def _headed(self, is_called: re.Pattern[str]) -> _Part | None:
        """The passages under the uppermost heading of the text that is called so, where the contents do not show it."""
        found = [
            (depth, h, place) for place in self._places for depth, h in enumerate(place.section) if is_called.match(h)
        ]
        if not found:
            return None
        top = min(depth for depth, _, _ in found)
        return next(h for depth, h, _ in found if depth == top), [place for depth, _, place in found if depth == top]

    def _counted(self, number: str) -> _Part | None:
        first, _, rest = number.partition(".")
        chapters = self._chapters()
        numbers = _counting([self._told(span) for span in chapters])
        chapter = next((span for span, n in zip(chapters, numbers, strict=True) if n == int(first)), None)
        if chapter is None or not rest:
            return self._within(chapter) if chapter else None
        sections = self._below(chapter)
        return self._within(sections[int(rest) - 1]) if rest.isdigit() and 1 <= int(rest) <= len(sections) else None

    def _chapters(self) -> list[_Span]:
        """The spans of the chapters' level, without title pages."""
        level = self._chapter_level()
        sizes = {span: len(self._held(span)) for span in self._spans if span.level == level}
        least = max(1, _SMALL * median(sizes.values())) if sizes else 1
        return [span for span, size in sizes.items() if size >= least]

    def _chapter_level(self) -> int:
        """The highest level of the contents that has several headings or a numbered one; 0 where there is none."""
        levels = Counter(span.level for span in self._spans)
        numbered = {span.level for span in self._spans if _OWN_NUMBER.match(span.heading)}
        return min((level for level, n in levels.items() if n > 1 or level in numbered), default=0)

    def _below(self, chapter: _Span) -> list[_Span]:
        """The sections of a chapter; its opening, which repeats the chapter's own heading, is none."""
        inside = [s for s in self._spans if chapter.at < s.at and chapter.first <= s.first <= chapter.next]
        ends = next((i for i, span in enumerate(inside) if span.level <= chapter.level), len(inside))
        level = min((span.level for span in inside[:ends]), default=0)
        return [span for span in inside[:ends] if span.level == level and span.heading != chapter.heading]

    def _told(self, chapter: _Span) -> int | None:
        """The chapter's own number, or the one before the dot in most of its numbered sections."""
        if own := _OWN_NUMBER.match(chapter.heading):
            return int(own[1])
        headings = {heading for place in self._held(chapter) for heading in place.section}
        counts = Counter(int(found[1]) for heading in headings if (found := _SECTION_NUMBER.match(heading)))
        return counts.most_common(1)[0][0] if counts else None


_OWN_NUMBER = re.compile(r"\W{0,2}(?:chapter )?(\d{1,2})(?:[.:]?\s|$)", re.IGNORECASE)
_SECTION_NUMBER = re.compile(r"\W{0,2}(\d{1,2})\.\d{1,2}\b")


def _spans(contents: Sequence[Heading]) -> Iterator[_Span]:
    of_level: dict[int, set[str]] = {}
    for level, heading, _ in contents:
        of_level.setdefault(level, set()).add(heading)
    matter = 0
    for at, (level, heading, page) in enumerate(contents):
        if matter and level > matter:
            continue
        matter = level if _MATTER.match(heading) else 0
        end = next((page for other, _, page in contents[at + 1 :] if other <= level), _END)
        if not matter:
            yield _Span(at, level, heading, page, end, frozenset(of_level[level] - {heading}))


def _counting(told: Sequence[int | None]) -> list[int]:
    """A number for each chapter, counted from those that tell theirs; from 1 where none does."""
    at, number = next(((i, n) for i, n in enumerate(told) if n is not None), (0, 1))
    numbers: list[int] = []
    for n in told:
        numbers.append(n if n is not None else numbers[-1] + 1 if numbers else number - at)
    return numbers
