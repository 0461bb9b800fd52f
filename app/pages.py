"""One page as the viewer shows it: text, picture, and where a quote stands."""

from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO

from sqlalchemy import func, select

from app.painter import Box, Painter
from app.persistence.library import Shelved
from app.persistence.tables import PageRow, PassageRow
from app.storage.keys import delete_below, pages_folder
from app.wiring import Services
from ingestion.partition import FileKind
from tools.errors import NotFound, StudyError
from tools.types import Learner


@dataclass(frozen=True, slots=True)
class PageView:
    """A page of a document; `count` is the number of pages known so far."""

    shelved: Shelved
    row: PageRow
    count: int

    @property
    def has_image(self) -> bool:
        """True for a PDF: no other format is drawn."""
        return self.shelved.document.kind == FileKind.PDF


class Pages:
    """Pages of one web process, whose painter starts with the first picture."""

    def __init__(self, services: Services) -> None:
        self.services = services

    @cached_property
    def painter(self) -> Painter:
        """Starts no process before it has something to draw."""
        return Painter()

    def page(self, learner: Learner, document_id: str, index: int) -> PageView:
        """Raises NotFound, also for a page that has not been read yet."""
        shelved = self.services.library.document(learner, document_id)
        with self.services.database.session_of(learner) as session:
            mine = (PageRow.owner_id == learner.id, PageRow.document_id == document_id)
            row = session.scalar(select(PageRow).where(*mine, PageRow.index == index))
            last = session.scalar(select(func.max(PageRow.index)).where(*mine)) or 0
        count = max(last, shelved.document.page_count)
        if row is None:
            raise NotFound(_no_page(shelved, index, count))
        return PageView(shelved, row, count)

    def section(self, learner: Learner, document_id: str, index: int, start: int) -> list[str]:
        """The headings above a place on a page."""
        mine = select(PassageRow.section).where(PassageRow.owner_id == learner.id)
        query = mine.where(PassageRow.document_id == document_id, PassageRow.page_index == index)
        with self.services.database.session_of(learner) as session:
            before = session.scalar(query.where(PassageRow.start <= start).order_by(PassageRow.start.desc()).limit(1))
            section = before or session.scalar(query.order_by(PassageRow.start).limit(1)) or ""
        return [heading for heading in section.split("\n") if heading]

    def image(self, learner: Learner, view: PageView) -> bytes:
        """The page as a PNG, drawn at first sight. Raises NotFound for a document without page images."""
        if not view.has_image:
            raise NotFound("This document has no page images; read the page's text.")
        document = view.shelved.document
        storage = self.services.storage
        key = f"{pages_folder(learner.id, document.id)}/{view.row.index}.png"
        with suppress(NotFound):
            return b"".join(storage.stream(key))
        with storage.local_copy(document.storage_key) as original:
            image = self.painter.paint(original, view.row.index)
        storage.put(key, BytesIO(image))
        self._forget_if_deleted(learner, document.id)
        return image

    def marks(self, view: PageView, start: int, end: int) -> list[Box]:
        """Boxes around the text from `start` to `end` on the image; none when they cannot be found."""
        quote = view.row.text[start:end]
        if not quote.strip() or not view.has_image:
            return []
        try:
            with self.services.storage.local_copy(view.shelved.document.storage_key) as original:
                return self.painter.locate(original, view.row.index, quote)
        except StudyError:
            return []

    def _forget_if_deleted(self, learner: Learner, document_id: str) -> None:
        """A document that went while its page was drawn leaves no picture behind."""
        try:
            self.services.library.document(learner, document_id)
        except NotFound:
            delete_below(self.services.storage, pages_folder(learner.id, document_id))
            raise


def _no_page(shelved: Shelved, index: int, count: int) -> str:
    if shelved.document.state in ("queued", "running"):
        return f"Page {index} has not been read yet. Please try again in a moment."
    name = shelved.document.filename
    pages = "one page" if count == 1 else f"{count} pages"
    return f"“{name}” has {pages}, so there is no page {index}." if count else f"“{name}” has no readable pages."
