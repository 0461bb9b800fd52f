"""The index at the end of a book: terms with the pages as printed."""

import re
from collections.abc import Iterator

from ingestion.apparatus.terms import flat

_LONGEST = 120
"""Characters of a term, so that a line without numbers is not searched over and over."""
_PAGE = r"(?:\d{1,4}|[ivxlc]{1,6})(?:\s?[–-]\s?\d{1,4})?"
_ENTRY = re.compile(rf"(?P<term>[^\d\s,][^\n]{{0,{_LONGEST}}}?),\s+(?P<pages>{_PAGE}(?:\s?,\s*{_PAGE})*)(?=\s|$)")


def entries(text: str) -> Iterator[tuple[str, tuple[str, ...], int]]:
    """Term, pages, and the offset of each entry; several may stand on one line."""
    for match in _ENTRY.finditer(text):
        yield flat(match["term"]), tuple(re.split(r"\s?,\s*", match["pages"])), match.start()
