"""PDF through pdfium: outline first, then page after page with few pages in memory."""

import ctypes
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ingestion.errors import DamagedDocument, NoText, TooManyPages
from ingestion.partition import columns, recognise
from ingestion.partition.pages import page_of
from ingestion.partition.paragraphs import Style, letters, to_blocks
from ingestion.partition.pdf_file import is_cut, open_document
from ingestion.partition.pdf_lines import Line, Sheet, clean, read_sheet
from ingestion.partition.running import Edges, edges, offset_of, printed_numbers, running_lines, to_roman
from ingestion.types import Outline, Page

SAMPLE_START = 24
SAMPLE_SPREAD = 48
AROUND = 4
MAX_CONTENTS = 5000
MAX_LEVEL = 6
LONG, TITLE_PAGES = 60, 3
"""Of a long document the first pages show the sizes of its title, not of its headings."""


def read(path: Path, max_pages: int) -> Iterator[Outline | Page]:
    """Raises EncryptedDocument, DamagedDocument, TooManyPages, or NoText when there is nothing to read."""
    document = open_document(path)
    total = len(document)
    if total == 0:
        raise DamagedDocument
    if total > max_pages:
        raise TooManyPages(f"This PDF has {total} pages; I read up to {max_pages}. Split it and upload the parts.")
    yield from _Reading(document, total, is_cut(path)).run()


@dataclass(frozen=True, slots=True)
class Labels:
    """How pages are printed: the file's own labels, else an offset that its printed numbers agree on."""

    own: tuple[str, ...]
    offset: int | None
    roman_offset: int | None

    def __getitem__(self, index: int) -> str:
        """`index` from 0."""
        number = index + 1
        if self.offset is not None and number + self.offset > 0:
            return str(number + self.offset)
        if self.own and self.own[index]:
            return self.own[index]
        if self.offset is None:
            return str(number)
        return to_roman(max(number + (self.roman_offset or 0), 1))


class _Reading:
    def __init__(self, document: pdfium.PdfDocument, total: int, cut: bool) -> None:
        self._document = document
        self._total = total
        self._cut = cut
        self._failed: set[int] = set()
        self._contents = _contents(document)
        self._style = Style()

    def run(self) -> Iterator[Outline | Page]:
        sample = [self._sheet(index) for index in _sampled(self._total)]
        has_text = any(sheet.lines for sheet in sample) or any(self._sheet(i).lines for i in range(self._total))
        if not has_text and not recognise.available():
            raise NoText("The pages hold no text; it looks like a scan. Upload a version with text, or run OCR on it.")
        self._learn(sample)
        self._labels = _labels(self._document, self._total, sample)
        yield self._outline()
        yield from self._pages()

    def _sheet(self, index: int) -> Sheet:
        """A page that cannot be loaded is kept as an empty one and counted."""
        try:
            return read_sheet(self._document, index)
        except (pdfium.PdfiumError, ValueError):
            self._failed.add(index + 1)
            return Sheet(index, 1, 1, (), ())

    def _learn(self, sample: Sequence[Sheet]) -> None:
        lines = [line for sheet in sample for line in sheet.lines]
        self._style.measure(lines)
        self._style.learn(lines)
        if not self._contents:
            inside = sample if self._total < LONG else [s for s in sample if s.index >= TITLE_PAGES]
            self._style.rank([line for sheet in inside for line in sheet.lines])

    def _outline(self) -> Outline:
        return Outline(
            total=self._total,
            title=_info(self._document, "Title"),
            author=_info(self._document, "Author"),
            contents=tuple(self._contents),
            notes=self._notes(),
        )

    def _notes(self) -> tuple[str, ...]:
        if self._cut:
            return ("This PDF is cut off at its end, so pages may be missing. Download it again if you can.",)
        if self._failed:
            return ("This PDF is damaged: some pages could not be read. Download it again if you can.",)
        return ()

    def _pages(self) -> Iterator[Page]:
        """Each page is judged beside the pages around it, so those are kept at hand."""
        window: deque[tuple[Sheet, Edges]] = deque(maxlen=2 * AROUND + 1)
        ahead = 0
        for index in range(self._total):
            while ahead < min(index + AROUND + 1, self._total):
                sheet = self._sheet(ahead)
                window.append((sheet, edges(sheet)))
                ahead += 1
            sheet, own = next(kept for kept in window if kept[0].index == index)
            yield self._page(sheet, own, [other for near, other in window if near.index != index])

    def _page(self, sheet: Sheet, own: Edges, others: Sequence[Edges]) -> Page:
        label = self._labels[sheet.index]
        if not sheet.lines:
            return self._recognised(sheet, label)
        running = running_lines(own, others, label, self._style.body_size)
        kept = _without(sheet, running)
        self._style.learn(kept)
        blocks = to_blocks(columns.reading_order(kept), self._style, self._headings(sheet.index + 1))
        return page_of(sheet.index + 1, label, "page", blocks)

    def _headings(self, page: int) -> dict[str, int]:
        return {letters(title): level for level, title, at in self._contents if at == page and letters(title)}

    def _recognised(self, sheet: Sheet, label: str) -> Page:
        blocks = recognise.blocks(self._document, sheet.index) if recognise.available() else []
        return page_of(sheet.index + 1, label, "page", blocks, recognised=bool(blocks))


def _without(sheet: Sheet, running: set[Line]) -> list[Line]:
    """The lines to read, in pieces when they stand in columns."""
    if sheet.pieces is not sheet.lines:
        dropped = {(line.y0, line.y1) for line in running}
        pieces = [line for line in sheet.pieces if (line.y0, line.y1) not in dropped]
        if columns.has_columns(pieces):
            return pieces
    return [line for line in sheet.lines if line not in running]


def _sampled(total: int) -> list[int]:
    spread = {round(step * (total - 1) / SAMPLE_SPREAD) for step in range(SAMPLE_SPREAD + 1)}
    return sorted(spread | set(range(min(SAMPLE_START, total))))


def _info(document: pdfium.PdfDocument, key: str) -> str | None:
    value = clean(document.get_metadata_value(key) or "")
    return value[:300] or None


def _contents(document: pdfium.PdfDocument) -> list[tuple[int, str, int]]:
    """The outline; entries that lead nowhere are left out."""
    found: list[tuple[int, str, int]] = []
    try:
        for entry in document.get_toc(max_depth=MAX_LEVEL):
            destination = entry.get_dest()
            index = destination.get_index() if destination else None
            title = clean(entry.get_title() or "")
            if title and index is not None and index >= 0:
                found.append((entry.level + 1, title[:300], index + 1))
            if len(found) >= MAX_CONTENTS:
                break
    except pdfium.PdfiumError:
        return found
    return found


def _labels(document: pdfium.PdfDocument, total: int, sample: Sequence[Sheet]) -> Labels:
    own = tuple(_own_label(document, index) for index in range(total))
    numbers = [(sheet.index + 1, *printed_numbers(sheet)) for sheet in sample]
    offset = offset_of([(index, arabic) for index, arabic, _ in numbers])
    trivial = all(label in {"", str(index + 1)} for index, label in enumerate(own))
    if not trivial:
        return Labels(own, None, None)
    if offset is None:
        return Labels((), None, None)
    roman = offset_of([(index, found) for index, _, found in numbers if index + offset < 1])
    return Labels((), offset, roman)


def _own_label(document: pdfium.PdfDocument, index: int) -> str:
    buffer = ctypes.create_string_buffer(64)
    length = raw.FPDF_GetPageLabel(document.raw, index, buffer, 64)
    return clean(buffer.raw[: max(length - 2, 0)].decode("utf-16-le", errors="ignore")) if 2 < length <= 64 else ""
