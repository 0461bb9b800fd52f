"""The page beside the chat: its picture and the place of a quote."""

import io
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from ingestion.errors import DamagedDocument
from ingestion.partition import locate, render_page
from tests.unit.ingestion.documents import Sheets, pages_of


@pytest.fixture
def page(tmp_path: Path) -> Path:
    texts = ["Plants make glucose by photo-", "synthesis in the green chloro-", "plasts of their leaves."]
    return Sheets().sheet().prose(texts).sheet().save(tmp_path / "a.pdf")


def test_the_picture_has_the_asked_width(page: Path) -> None:
    with Image.open(io.BytesIO(render_page(page, 1, width=400))) as picture:
        assert (picture.format, picture.width) == ("PNG", 400)


def test_a_page_that_is_not_there(page: Path) -> None:
    with pytest.raises(DamagedDocument):
        render_page(page, 3)


def test_a_quote_is_found_line_by_line_although_words_are_divided(page: Path) -> None:
    quote = "make glucose by photosynthesis in the green chloroplasts"
    assert quote in pages_of(page)[0].text
    boxes = locate(page, 1, quote)
    assert len(boxes) == 3
    assert all(0 <= x0 < x1 <= 1 and 0 <= y0 < y1 <= 1 for x0, y0, x1, y1 in boxes)
    assert [box[1] for box in boxes] == sorted(box[1] for box in boxes)
    assert boxes[0][0] > 72 / 595, "the first word is not part of the quote"
    assert boxes[0][1] == pytest.approx((120 - 10) / 842, abs=0.02)


def test_what_is_not_on_the_page_has_no_place(page: Path) -> None:
    assert locate(page, 1, "Kepler watched the planets for years") == []
    assert locate(page, 2, "Plants make glucose") == []
    assert locate(page, 1, "—") == []


def test_a_page_shown_sideways_is_marked_where_it_shows(page: Path, tmp_path: Path) -> None:
    with pypdfium2.PdfDocument(page) as document:
        document[0].set_rotation(90)
        document.save(tmp_path / "b.pdf")
    upright = locate(page, 1, "glucose")[0]
    sideways = locate(tmp_path / "b.pdf", 1, "glucose")
    assert min(box[1] for box in sideways) == pytest.approx(upright[0], abs=0.01)
    assert max(box[2] for box in sideways) == pytest.approx(1 - upright[1], abs=0.01)
