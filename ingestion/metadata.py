"""What a document is about, gathered while its pages stream by."""

import re
from collections import Counter
from pathlib import PurePath

from langdetect import DetectorFactory, LangDetectException, detect_langs

from ingestion.types import Metadata, Outline, Page

SAMPLE_CHARS = 20_000
SURE = 0.8
SHORT = 40
MAX_WORDS = 200_000
SUBJECT_WORDS = 8
WORD = re.compile(r"[^\W\d_]{4,}(?:-[^\W\d_]{3,})?")
USELESS_TITLE = re.compile(
    r"untitled|microsoft (?:word|powerpoint)|document\d*|presentation\d*|powerpoint presentation|title|\(?anonymous\)?"
    r"|\(?unspecified\)?|.*\.(?:docx?|pptx?|pdf|tex|dvi|indd|qxd|html?|txt)",
    re.IGNORECASE,
)
_STOP_WORDS = """
    able about above across after again against allow allows along also although always among amount another
    answer area around asked back because become becomes been before began being below best better between
    both call called cannot case cases certain change changes chapter com come comes common consider contain
    contains could describe described different does doing done down during each either else enough etc even
    every example examples exercise exercises explain fact figure find first following follows form forms
    found four from further gave general generally give given gives good great group groups half hand have
    having help hence here high however http https important include includes including individual instead
    into itself just keep kind know known large largest last later least left less level levels like likely
    line link little long look lower made main make makes making many mean means might more most much must
    name named near need needs never next none note nothing notice number numbers occur occurs often once
    only onto order other others over page part particular parts people per place point possible present
    problem problems process produce produced proof provide question questions quite rather really require
    required result results right role same second section seems seen several shall should show showed shown
    shows similar simply since single size small solution some sometimes start step steps still structure
    structures such suppose sure system systems table take taken tell term terms than that their them then
    there therefore these they thing things think this those though three through thus time times together
    took total toward true turn type types under unlike until upon used using usually value various very
    want ways well were what when where whether which while whose will with within without word words work
    would write www year years your
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())


class MetadataGatherer:
    """Add the pages in order, then finish; memory does not grow with the document."""

    def __init__(self, outline: Outline, filename: str) -> None:
        self._outline = outline
        self._filename = filename
        self._sample: list[str] = []
        self._sampled = 0
        self._words: Counter[str] = Counter()
        self._shown: Counter[tuple[str, str]] = Counter()
        self._headings: list[tuple[int, str, int]] = []
        self._empty: list[int] = []
        self._recognised: list[int] = []
        self._pages = 0

    def add(self, page: Page) -> None:
        """Take the next page in; call it once for each, in order."""
        self._pages += 1
        if not page.text.strip():
            self._empty.append(page.index)
        if page.recognised:
            self._recognised.append(page.index)
        self._headings += [(b.depth, b.text, page.index) for b in page.blocks if b.category == "Title"]
        self._count(page.text)
        if self._sampled < SAMPLE_CHARS:
            self._sample.append(page.text[:2000])
            self._sampled += len(self._sample[-1])

    def finish(self) -> Metadata:
        """What all pages together say."""
        return Metadata(
            title=self._title(),
            author=self._outline.author,
            language=language_of(" ".join(self._sample)),
            page_count=self._pages,
            empty_pages=tuple(self._empty),
            recognised_pages=tuple(self._recognised),
            contents=self._outline.contents or tuple(self._headings[:1000]),
            subject_words=self._subject_words(),
            notes=self._outline.notes,
        )

    def _count(self, text: str) -> None:
        for word in WORD.findall(text):
            lower = word.lower()
            if lower not in STOP_WORDS and (lower in self._words or len(self._words) < MAX_WORDS):
                self._words[lower] += 1

    def _title(self) -> str:
        given = (self._outline.title or "").strip()
        if len(given) > 2 and not USELESS_TITLE.fullmatch(given):
            return given
        return self._first_heading() or PurePath(self._filename).stem or self._filename

    def _first_heading(self) -> str | None:
        """The highest heading of the first pages, with those of its level right after it: titles break into lines."""
        first = [(depth, text, index) for depth, text, index in self._headings[:20] if index <= 3]
        if not first:
            return None
        at, (depth, text, page) = min(enumerate(first), key=lambda found: found[1][0])
        for next_depth, more, index in first[at + 1 : at + 3]:
            if (next_depth, index) != (depth, page) or page > 1 or len(text) + len(more) > 100:
                break
            text = f"{text} {more}"
        return text[:200]

    def _subject_words(self) -> tuple[str, ...]:
        """Frequent words, singular and plural as one; a word in headings counts more."""
        in_headings = {word.lower() for _, text, _ in self._headings for word in WORD.findall(text)}
        merged: Counter[str] = Counter()
        for word, count in self._words.items():
            singular = word[:-1] if word.endswith("s") and not word.endswith("ss") else word
            merged[singular if singular in self._words else word] += count * (2 if word in in_headings else 1)
        return tuple(word for word, count in merged.most_common(SUBJECT_WORDS) if count > 1)


def language_of(text: str) -> str:
    """ISO 639-1 code, the same for the same text; `unknown` when there is too little to tell."""
    if len(text.strip()) < SHORT:
        return "unknown"
    DetectorFactory.seed = 0
    try:
        best = detect_langs(text[:SAMPLE_CHARS])[0]
    except LangDetectException:
        return "unknown"
    return str(best.lang) if best.prob >= SURE else "unknown"
