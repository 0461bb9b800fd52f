"""Page after page: which part of the apparatus a block belongs to, and the reader of that part."""

from collections.abc import Sequence
from itertools import chain

from ingestion.apparatus.contents import Chapters
from ingestion.apparatus.exercises import Exercises
from ingestion.apparatus.parts import Part, part_of
from ingestion.apparatus.readers import BookIndex, Objectives, Stresses, Summaries, Terms
from ingestion.apparatus.reading import Here, Opened, Reader
from ingestion.types import Outline, Page
from tools.apparatus import Entry

MOST = 60_000
"""Entries of a document: what has more is no book."""
_MATTER = (Part.TERMS, Part.SUMMARY, Part.EXERCISES, Part.OTHER)


class ApparatusGatherer:
    """Give it every page in order, then finish."""

    def __init__(self, outline: Outline) -> None:
        self._chapters = Chapters(outline)
        self._opened = Opened()
        self._objectives, self._stresses = Objectives(), Stresses()
        exercises = Exercises()
        self._readers: dict[Part, Reader] = {
            Part.TERMS: Terms(),
            Part.SUMMARY: Summaries(),
            Part.EXERCISES: exercises,
            Part.OTHER: exercises,
            Part.ANSWERS: exercises.answers,
            Part.INDEX: BookIndex(),
        }

    def add(self, page: Page, sections: Sequence[tuple[str, ...]]) -> None:
        """The next page with the section path of each of its blocks."""
        self._chapters.turn(page)
        for at, (block, section) in enumerate(zip(page.blocks, sections, strict=True)):
            is_title = block.category == "Title"
            is_known = is_title and self._chapters.enter(page, block.text)
            path = self._chapters.path(section)
            here = Here(page, block, section, path, self._chapters.place(path), at == 0, is_known)
            if is_title:
                self._enter(here)
            else:
                self._read(here)

    def finish(self) -> list[Entry]:
        """Everything found, in reading order; exercises with the answers that the book gives."""
        readers = dict.fromkeys(self._readers.values())
        found = chain(self._objectives.entries(), self._stresses.entries(), *(reader.entries() for reader in readers))
        return sorted(found, key=lambda entry: (entry.at.page_index, entry.at.start))[:MOST]

    def _enter(self, here: Here) -> None:
        """A heading opens a part, stands within one, or ends it."""
        self._objectives.close()
        part, opened = part_of(here.block.text), self._opened
        if part is Part.OBJECTIVES:
            self._objectives.open()
            return
        if part is None and opened.part and self._readers[opened.part].stays(opened, here):
            return
        if part is None and opened.part in _MATTER and (here.block.depth, here.place) == (opened.depth, opened.place):
            part = Part.OTHER
        self._opened = Opened(part, here.block.text, here.block.depth, here.place)
        if part:
            self._readers[part].open(self._opened, here)

    def _read(self, here: Here) -> None:
        is_objective = self._objectives.take(here)
        if self._opened.part and not is_objective:
            self._readers[self._opened.part].read(here)
        else:
            self._stresses.read(here)
