"""Citations are checked, not trusted: a quote counts only where it stands in the stored text of a page."""

import difflib
import re
import unicodedata
from collections.abc import Awaitable, Callable, Sequence
from functools import lru_cache
from hashlib import blake2b

from tools import sentences
from tools.types import Citation, Hit, Passage
from tools.words import content_words, stem, stems, words

PageText = Callable[[str, int], Awaitable[str | None]]

_SHARE = 0.9
_SHORTEST = 12
_CLAIM_SHARE = 0.3


def key(document_id: str, page_index: int, start: int, end: int) -> str:
    """The short name under which a conversation remembers the number of a quote."""
    place = f"{document_id}:{page_index}:{start}:{end}"
    return blake2b(place.encode(), digest_size=8).hexdigest()


def anchor(quote: str, page: str) -> tuple[int, int] | None:
    """Offsets of a quote in a page: exact, else without regard to case, white space, hyphenation and punctuation.

    At least 90 % of the quote must be there, in one place.
    """
    at = page.find(quote)
    if at >= 0 and quote.strip():
        return at, at + len(quote)
    wanted, _ = _letters(quote)
    letters, offsets = _letters(page)
    if len(wanted) < _SHORTEST:
        return None
    at = letters.find(wanted)
    span = (at, at + len(wanted)) if at >= 0 else _nearly(wanted, letters)
    return _whole_words(page, offsets[span[0]], offsets[span[1] - 1] + 1) if span else None


@lru_cache(maxsize=64)
def _letters(text: str) -> tuple[str, list[int]]:
    """Letters and digits alone, and the offset from which each comes; ligatures count as their letters."""
    letters: list[str] = []
    offsets: list[int] = []
    for offset, sign in enumerate(text):
        for letter in unicodedata.normalize("NFKD", sign).casefold():
            if letter.isalnum():
                letters.append(letter)
                offsets.append(offset)
    return "".join(letters), offsets


def _nearly(wanted: str, letters: str) -> tuple[int, int] | None:
    """Where almost the whole of `wanted` stands, in order and close together."""
    seed = max(_SHORTEST, len(wanted) // 12)
    for offset in range(0, len(wanted) - seed + 1, seed):
        at = letters.find(wanted[offset : offset + seed])
        if at >= 0 and (span := _span_around(wanted, letters, at - offset)):
            return span
    return None


def _span_around(wanted: str, letters: str, at: int) -> tuple[int, int] | None:
    slack = len(wanted) // 8
    left = max(0, at - slack)
    window = letters[left : at + len(wanted) + slack]
    blocks = difflib.SequenceMatcher(None, wanted, window, autojunk=False).get_matching_blocks()
    telling = [block for block in blocks if block.size >= 3]
    if sum(block.size for block in telling) < _SHARE * len(wanted):
        return None
    return left + telling[0].b, left + telling[-1].b + telling[-1].size


def _whole_words(page: str, start: int, end: int) -> tuple[int, int]:
    while start > 0 and page[start].isalnum() and page[start - 1].isalnum():
        start -= 1
    while end < len(page) and page[end - 1].isalnum() and page[end].isalnum():
        end += 1
    while end < len(page) and page[end] in ".!?”\"')":
        end += 1
    return start, end


class Citer:
    """Turns references to the passages of one reply into checked citations, with the conversation's numbers."""

    def __init__(self, hits: Sequence[Hit], page_text: PageText, numbers: dict[str, int]) -> None:
        self.hits = hits
        self.numbers = dict(numbers)
        self.cited: list[Citation] = []
        self.dropped = 0
        self._page_text = page_text

    async def cite(self, passage: Passage, start: int, end: int) -> Citation | None:
        """Cite this stretch of a passage's text; None when the stored page no longer holds it."""
        return await self._at(passage, passage.text[start:end], passage.start + start)

    async def resolve(self, n: int, quote: str | None, claim: str) -> Citation | None:
        """Check what a model wrote: passage `n`, perhaps with a quote, in support of `claim`."""
        hit = self.hits[n - 1] if 0 < n <= len(self.hits) else None
        if hit is None:
            return None
        if quote is not None and len(_letters(quote)[0]) >= _SHORTEST:
            return await self._quoted(hit, quote)
        span = supporting_sentence(claim, hit)
        return await self.cite(hit.passage, *span) if span else None

    def speaks_of(self, n: int, word: str) -> bool:
        """Whether passage `n` uses a word, and no passage writes it with a subscript."""
        is_code = any(f"{word}[" in hit.passage.text for hit in self.hits)
        return 0 < n <= len(self.hits) and not is_code and word in words(self.hits[n - 1].passage.text)

    async def _quoted(self, hit: Hit, quote: str) -> Citation | None:
        """The quote where it really stands: on the named passage's page, else on another page that was found."""
        for other in (hit, *self.hits):
            if citation := await self._at(other.passage, quote, None):
                return citation
        return None

    async def _at(self, passage: Passage, quote: str, start: int | None) -> Citation | None:
        page = await self._page_text(passage.document_id, passage.page_index)
        if not page or not quote.strip():
            return None
        if start is not None and page.startswith(quote, start):
            return self._numbered(passage, page, start, start + len(quote))
        span = anchor(quote, page)
        return self._numbered(passage, page, *span) if span else None

    def _numbered(self, passage: Passage, page: str, start: int, end: int) -> Citation:
        name = key(passage.document_id, passage.page_index, start, end)
        n = self.numbers.setdefault(name, len(self.numbers) + 1)
        citation = Citation(
            n=n,
            quote=page[start:end],
            document_id=passage.document_id,
            book=passage.book,
            filename=passage.filename,
            page_index=passage.page_index,
            page_label=passage.page_label,
            page_kind=passage.page_kind,
            start=start,
            end=end,
        )
        if citation not in self.cited:
            self.cited.append(citation)
        return citation


def supporting_sentence(claim: str, hit: Hit) -> tuple[int, int] | None:
    """The sentence of a passage that shares most words with a claim; None when it shares hardly any."""
    wanted = {stem(word) for word in content_words(claim)}
    text = hit.passage.text
    best: tuple[float, tuple[int, int]] = (0.0, (0, 0))
    for span in sentences.split(text):
        shared = wanted & stems(text[span[0] : span[1]])
        share = len(shared) / len(wanted) if wanted else 0.0
        if len(shared) > 1 or len(wanted) == 1:
            best = max(best, (share, span), key=lambda scored: scored[0])
    return best[1] if best[0] >= _CLAIM_SHARE else None


_REFERENCE = re.compile(r"\[\s*(\d{1,3}(?:\s*,\s*\d{1,3})*)\s*(?::\s*[\"“”«](.*)[\"“”»]\s*)?\]", re.DOTALL)
_MAY_BECOME = re.compile(r"\[\s*(?:\d{1,3}(?:\s*,\s*\d{1,3})*\s*,?\s*(?::\s*(?:[\"“”«].*)?)?)?", re.DOTALL)
_LONGEST_REFERENCE = 900
_PLAIN_WORD = re.compile(r"(?:^|\s)([a-z]{4,})$")
_REMEMBERED = 600
_BLOCK = 3
"""Back-ticks that open a code block; fewer open code within a paragraph, which its end closes."""
_LAST_SENTENCE = re.compile(r"(?<=[.!?:])\s+|\n+")


class MarkerStream:
    """Reads a model's text as it comes and gives it back with checked markers only, never half of one.

    Code, whether in back-ticks or a subscript such as arr[1], passes as it is. Links and images are taken apart, so
    that nothing in a book can make a browser fetch something.
    """

    def __init__(self, citer: Citer) -> None:
        self._citer = citer
        self._held = ""
        self._space = ""
        self._ticks = 0
        self._fence = 0
        self._tail = ""
        self._after_marker = False
        self._gap = False
        self._glued = ""
        self._last: set[int] = set()

    async def feed(self, text: str) -> str:
        """The part of the reply that is now certain."""
        return "".join([await self._sign(sign) for sign in text])

    async def end(self) -> str:
        """What was held back; a marker that was never closed is dropped."""
        held, self._held = self._held, ""
        if re.match(r"\[\s*\d", held):
            self._citer.dropped += 1
            held, self._space = "", ""
        return self._out("`" * self._ticks + held) if held or self._ticks else ""

    async def _sign(self, sign: str) -> str:
        if sign == "`":
            return self._tick()
        self._close_ticks()
        if sign == "\n" and self._tail.endswith("\n") and 0 < self._fence < _BLOCK:
            self._fence = 0
        if self._held:
            return await self._hold(sign)
        if sign == "[" and self._may_open():
            self._held = sign
            return ""
        if sign == "(" and not self._fence and not self._space and self._tail.endswith("]"):
            return self._out(" (")
        if sign.isspace() and not self._fence:
            self._space += sign
            return ""
        return self._out(sign)

    def _tick(self) -> str:
        held, self._held = self._held, ""
        self._ticks += 1
        return self._out(held + "`")

    def _close_ticks(self) -> None:
        """A run of back-ticks has ended: it opens code, or closes what a run of the same length opened."""
        if self._ticks:
            self._fence = 0 if self._fence == self._ticks else self._fence or self._ticks
            self._ticks = 0

    def _may_open(self) -> bool:
        if self._fence:
            return False
        before = "" if self._space else self._tail[-1:]
        self._glued = ""
        if self._after_marker or not (before in ("\\", "$", "]", ")", "_") or before.isalnum()):
            return True
        word = _PLAIN_WORD.search(self._tail)
        self._glued = word[1] if word and before.isalpha() else ""
        return bool(self._glued)

    async def _hold(self, sign: str) -> str:
        self._held += sign
        if sign == "]" and (reference := _REFERENCE.fullmatch(self._held)):
            return await self._resolved(reference)
        if _MAY_BECOME.fullmatch(self._held) and len(self._held) < _LONGEST_REFERENCE:
            return ""
        held, self._held = self._held, ""
        return self._out(held)

    async def _resolved(self, reference: re.Match[str]) -> str:
        self._held = ""
        ids = [int(n) for n in reference[1].split(",")]
        if (0 in ids and len(ids) > 1) or (self._glued and not self._means_passages(ids, reference[2])):
            return self._out(reference[0])
        found = [await self._citer.resolve(n, reference[2], self._claim()) for n in ids]
        if self._glued and not any(found):
            return self._out(reference[0])
        self._citer.dropped += found.count(None)
        shown = list(dict.fromkeys(c.n for c in found if c and c.n not in self._last))
        self._last.update(shown)
        if not shown:
            self._gap = True
            return ""
        space, self._space = self._space, ""
        self._after_marker = True
        return space + "".join(f"[{n}]" for n in shown)

    def _means_passages(self, ids: list[int], quote: str | None) -> bool:
        """Whether a marker that is glued to a word is one at all: `membrane[2]`, but not `array[2]`."""
        return quote is not None or all(self._citer.speaks_of(n, self._glued) for n in ids)

    def _claim(self) -> str:
        """The sentence that a marker stands in, or the one that has just ended before it."""
        parts = [part for part in _LAST_SENTENCE.split(self._tail) if part.strip()]
        return parts[-1] if parts else ""

    def _spaced(self, text: str) -> str:
        """The text with the space before it; where a marker was dropped, its own space goes too."""
        space, self._space = self._space, ""
        if self._gap and "\n" not in space:
            space = "" if text[:1] in ".,;:!?)" else space[:1]
        self._gap = False
        return space + text

    def _out(self, text: str) -> str:
        text = self._spaced(text)
        self._tail = (self._tail + text)[-_REMEMBERED:]
        if text.strip():
            self._after_marker = False
        if re.search(r"\w", text):
            self._last = set()
        return text
