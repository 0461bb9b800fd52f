"""Which chapter a block belongs to, by the table of contents where the file has one."""

import re

from ingestion.types import Outline, Page

NUMBER = re.compile(r"\W*\d{1,2}(?:\.\d{1,2})*\W+")
_SHORTEST = 4


def letters(text: str) -> str:
    """What two spellings of a heading have in common."""
    return "".join(c for c in text.casefold() if c.isalnum())


def _is_same(listed: str, shown: str) -> bool:
    """Either may lack the number, and a heading on the page may run on into what stands below it."""
    name, bare = letters(NUMBER.sub("", listed)), letters(NUMBER.sub("", shown))
    return bool(bare) and (name.endswith(bare) or (len(name) >= _SHORTEST and bare.startswith(name)))


class Chapters:
    """Follows the headings over the pages; those in the text may be misjudged, those of the contents are not."""

    def __init__(self, outline: Outline) -> None:
        self._left = [(page, level, heading) for level, heading, page in reversed(outline.contents)]
        self._path: list[tuple[int, str]] = []
        self._places: dict[str, int] = {}
        self._seen: set[str] = set()

    def turn(self, page: Page) -> None:
        """The next page: what is listed before it has begun."""
        while self._left and self._left[-1][0] < page.index:
            self._begin()

    def enter(self, page: Page, heading: str) -> bool:
        """A heading on this page; whether it is one of this chapter that has stood there before."""
        shown = letters(heading)
        here = [name for at, _, name in reversed(self._left) if at == page.index]
        found = next((n for n, name in enumerate(here) if _is_same(name, heading)), None)
        if found is not None:
            for _ in range(found):
                self._begin()
            self._begin(heading)
        is_known = found is None and shown in self._seen
        self._seen.add(shown)
        return is_known

    def path(self, section: tuple[str, ...]) -> tuple[str, ...]:
        """The chapter and its sections as the contents name them, then as the text does."""
        listed = tuple(heading for _, heading in self._path)
        path = (*listed, *section)
        if path:
            self._places.setdefault(path[0], len(self._places) + 1)
        return path

    def place(self, path: tuple[str, ...]) -> int:
        """The how manieth chapter of the document it is, from 1; 0 outside of all."""
        return self._places.get(path[0], 0) if path else 0

    def _begin(self, shown: str = "") -> None:
        """Under the name of the contents, unless the page alone gives its number."""
        _, level, heading = self._left.pop()
        if NUMBER.match(shown) and not NUMBER.match(heading):
            heading = shown
        while self._path and self._path[-1][0] >= level:
            self._path.pop()
        if not self._path:
            self._seen = set()
        self._path.append((level, heading))
        self._seen.add(letters(heading))
