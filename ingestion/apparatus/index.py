"""The index at the end of a book: terms with the pages as printed."""

import re
from collections.abc import Iterator

from ingestion.apparatus.terms import flat

_PAGE = r"(?:\d{1,4}|[ivxlc]{1,6})(?:\s?[–-]\s?\d{1,4})?"
_ENTRY = re.compile(rf"(?P<term>[^\d\s,][^\n]*?),\s+(?P<pages>{_PAGE}(?:\s?,\s*{_PAGE})*)(?=\s|$)")
_LONGEST = 120


def entries(text: str) -> Iterator[tuple[str, tuple[str, ...], int]]:
    """Term, pages, and the offset of each entry; several may stand on one line."""
    for match in _ENTRY.finditer(text):
        if len(match["term"]) <= _LONGEST:
            yield flat(match["term"]), tuple(re.split(r"\s?,\s*", match["pages"])), match.start()
