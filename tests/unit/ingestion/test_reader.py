"""Reading in a process of its own: crashes, limits and cancelling stay outside the worker."""

import itertools
import time
from pathlib import Path

import pytest

from ingestion.errors import Cancelled, DamagedDocument, NoText, ReaderStopped, TooManyPages
from ingestion.partition import Limits, partition, wire
from ingestion.types import Block, Outline, Page
from tests.unit.ingestion.documents import Sheets, lines
from tools.errors import UnreadableDocument


def never() -> bool:
    return False


def pdf(path: Path, pages: int = 3) -> Path:
    sheets = Sheets()
    for number in range(pages):
        sheets.sheet().prose(lines(20, 80, number))
    return sheets.save(path)


def test_outline_first_then_the_pages(tmp_path: Path) -> None:
    outline, *pages = partition(pdf(tmp_path / "a.pdf"), "a.pdf", Limits(10), never)
    assert isinstance(outline, Outline)
    assert outline.total == 3
    assert [page.index for page in pages if isinstance(page, Page)] == [1, 2, 3]


def test_other_formats_travel_the_same_way(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Osmosis moves water across a membrane.\n")
    _, page = partition(tmp_path / "a.txt", "a.txt", Limits(10), never)
    assert isinstance(page, Page)
    assert page.text == "Osmosis moves water across a membrane."


def test_the_words_of_a_refusal_arrive(tmp_path: Path) -> None:
    with pytest.raises(TooManyPages, match="3 pages"):
        list(partition(pdf(tmp_path / "a.pdf"), "a.pdf", Limits(2), never))
    (tmp_path / "a.txt").write_text(" \n")
    with pytest.raises(NoText):
        list(partition(tmp_path / "a.txt", "a.txt", Limits(2), never))


def test_cancelling_ends_the_reading(tmp_path: Path) -> None:
    polls = itertools.count()
    stream = partition(pdf(tmp_path / "a.pdf", 60), "a.pdf", Limits(99), lambda: next(polls) > 5)
    with pytest.raises(Cancelled):
        list(stream)


def test_a_silent_reader_is_stopped(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Osmosis moves water.\n" * 50_000)
    with pytest.raises(ReaderStopped):
        list(partition(tmp_path / "a.txt", "a.txt", Limits(999, stall_seconds=0.001), never))


def test_too_little_memory_is_a_refusal(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Osmosis moves water.\n")
    with pytest.raises((ReaderStopped, DamagedDocument)):
        list(partition(tmp_path / "a.txt", "a.txt", Limits(9, memory_mb=150), never))


def test_leaving_early_ends_the_process(tmp_path: Path) -> None:
    stream = partition(pdf(tmp_path / "a.pdf", 40), "a.pdf", Limits(99), never)
    next(stream)
    begun = time.monotonic()
    stream.close()
    assert time.monotonic() - begun < 30


def test_what_is_sent_arrives_the_same() -> None:
    page = Page(3, "iii", "page", "A\n\nb", (Block("Title", "A", 0, 1), Block("Text", "b", 3)), recognised=True)
    outline = Outline(1, "T", None, ((1, "A", 3),), ("note",))
    assert wire.from_line(wire.to_line(page)) == page
    assert wire.from_line(wire.to_line(outline)) == outline
    error = wire.from_line(wire.to_line(NoText("No ü.")))
    assert isinstance(error, NoText)
    assert str(error) == "No ü."


def test_an_unknown_error_is_still_a_refusal() -> None:
    error = wire.from_line(b'{"error": "sys", "message": "x"}')
    assert type(error) is UnreadableDocument
