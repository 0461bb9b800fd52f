"""What a book says of itself, gathered from its pages as they are read."""

import logging
from collections.abc import Sequence

from ingestion.apparatus.gather import ApparatusGatherer
from ingestion.types import Outline, Page
from tools.apparatus import Entry

log = logging.getLogger(__name__)


class ApparatusReading:
    """Gives up rather than fail a document: whatever a stranger's file does to it, the book can be studied without."""

    def __init__(self, outline: Outline) -> None:
        self._gatherer: ApparatusGatherer | None = ApparatusGatherer(outline)

    def add(self, page: Page, sections: Sequence[tuple[str, ...]]) -> None:
        """The next page with the section path of each of its blocks."""
        if self._gatherer:
            try:
                self._gatherer.add(page, sections)
            except Exception:
                log.exception("the apparatus of a document could not be read on page %s", page.index)
                self._gatherer = None

    def finish(self) -> list[Entry]:
        """Everything found, in reading order; nothing when it was given up."""
        try:
            return self._gatherer.finish() if self._gatherer else []
        except Exception:
            log.exception("the apparatus of a document could not be put together")
            return []
