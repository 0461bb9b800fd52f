"""What the viewer shows of a PDF page: its picture, and where a quote stands on it."""

import io
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pypdfium2 as pdfium

from ingestion.errors import DamagedDocument
from ingestion.partition.pdf_file import open_document
from ingestion.partition.pdf_lines import LIGATURES, Characters

Box = tuple[float, float, float, float]
MAX_HEIGHT = 6000
MIN_PART = 16
PADDING = 1.0


def render_page(path: Path, index: int, width: int = 1000) -> bytes:
    """PNG of the page `index` (from 1), `width` pixels wide. Raises DamagedDocument when there is no such page."""
    with _OpenPage(path, index) as page:
        across, down = page.get_size()
        scale = min(width / max(across, 1), MAX_HEIGHT / max(down, 1))
        bitmap = page.render(scale=scale)
        picture = io.BytesIO()
        bitmap.to_pil().convert("RGB").save(picture, "PNG")
        bitmap.close()
        return picture.getvalue()


def locate(path: Path, index: int, quote: str) -> list[Box]:
    """Boxes (x0, y0, x1, y1) of the quote, one a line, as shares of the page from its top left; [] if unseen."""
    with _OpenPage(path, index) as page:
        textpage = page.get_textpage()
        try:
            characters = Characters(page, textpage)
            return list(_lines(characters, _spans(characters.text, quote)))
        finally:
            textpage.close()


class _OpenPage:
    """A page of a PDF for a while; `index` from 1."""

    def __init__(self, path: Path, index: int) -> None:
        self._path, self._index = path, index

    def __enter__(self) -> pdfium.PdfPage:
        self._document = open_document(self._path)
        try:
            self._page = self._document[self._index - 1]
        except (pdfium.PdfiumError, IndexError) as failure:
            self._document.close()
            raise DamagedDocument from failure
        return self._page

    def __exit__(self, *_: object) -> None:
        self._page.close()
        self._document.close()


def _soft(text: str) -> tuple[str, list[int]]:
    """Letters and digits only, and where each came from: blanks, hyphens and punctuation differ between texts."""
    kept, places = [], []
    for at, character in enumerate(text):
        for plain in unicodedata.normalize("NFKC", character.translate(LIGATURES)).casefold():
            if plain.isalnum():
                kept.append(plain)
                places.append(at)
    return "".join(kept), places


def _spans(text: str, quote: str) -> Iterator[tuple[int, int]]:
    """Where the quote stands in the text, whole or in parts when something lies between its lines."""
    page, places = _soft(text)
    wanted, _ = _soft(quote)
    while wanted:
        length = _longest_prefix(page, wanted)
        if length < min(MIN_PART, len(wanted)):
            wanted = wanted[1:] if len(wanted) > MIN_PART else ""
            continue
        at = page.find(wanted[:length])
        yield places[at], places[at + length - 1] + 1
        wanted = wanted[length:]


def _longest_prefix(page: str, wanted: str) -> int:
    low, high = 0, len(wanted)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if wanted[:middle] in page else (low, middle - 1)
    return low


def _lines(characters: Characters, spans: Iterator[tuple[int, int]]) -> Iterator[Box]:
    view = characters.view
    row: Box | None = None
    for start, end in spans:
        for at in range(start, end):
            if characters.text[at].isspace() or characters.text[at] == "\x02":
                continue
            box = _padded(characters.box(at))
            if row is not None and _same_line(row, box):
                row = (min(row[0], box[0]), min(row[1], box[1]), max(row[2], box[2]), max(row[3], box[3]))
                continue
            if row is not None:
                yield _share(row, view.width, view.height)
            row = box
    if row is not None:
        yield _share(row, view.width, view.height)


def _padded(box: Box) -> Box:
    return box[0] - PADDING, box[1] - PADDING, box[2] + PADDING, box[3] + PADDING


def _same_line(row: Box, box: Box) -> bool:
    shared = min(row[3], box[3]) - max(row[1], box[1])
    return box[0] > row[0] - 2 * PADDING and shared > 0.3 * min(row[3] - row[1], box[3] - box[1])


def _share(box: Box, width: float, height: float) -> Box:
    x0, y0, x1, y1 = box[0] / width, box[1] / height, box[2] / width, box[3] / height
    return max(x0, 0.0), max(y0, 0.0), min(x1, 1.0), min(y1, 1.0)
