"""Citations are checked, not trusted: a quote counts only where it stands in the stored text of a page."""

import difflib
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
        self._pages: dict[tuple[str, int], str | None] = {}

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

    async def _page(self, document_id: str, index: int) -> str | None:
        if (document_id, index) not in self._pages:
            self._pages[document_id, index] = await self._page_text(document_id, index)
        return self._pages[document_id, index]

    async def _at(self, passage: Passage, quote: str, start: int | None) -> Citation | None:
        page = await self._page(passage.document_id, passage.page_index)
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
