"""PDF pages are drawn in a process of their own, which may die."""

import os
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from app.painter import PageNotDrawn, Painter
from tests.support.api import pdf


@pytest.fixture
def painter() -> Iterator[Painter]:
    painter = Painter()
    yield painter
    painter.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf("Osmosis moves water."))
    return path


def test_a_page_becomes_a_png_and_a_quote_a_box(painter: Painter, file: Path) -> None:
    assert painter.paint(file, 1).startswith(b"\x89PNG")
    [(left, top, right, bottom)] = painter.locate(file, 1, "moves water")
    assert 0 < left < right < 1
    assert 0 < top < bottom < 1


@pytest.mark.parametrize("index", [0, 2])
def test_a_page_that_is_not_there_is_not_drawn(painter: Painter, file: Path, index: int) -> None:
    with pytest.raises(PageNotDrawn):
        painter.paint(file, index)
    assert painter.paint(file, 1)


def test_a_file_that_is_no_pdf_is_not_drawn(painter: Painter, tmp_path: Path) -> None:
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.4 nonsense")
    with pytest.raises(PageNotDrawn):
        painter.paint(tmp_path / "b.pdf", 1)


def test_after_the_process_died_the_next_order_gets_a_new_one(painter: Painter, file: Path) -> None:
    painter.paint(file, 1)
    [child] = children()
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert painter.paint(file, 1)


def test_an_order_that_takes_too_long_is_given_up(file: Path) -> None:
    painter = Painter(patience=0.001)
    with pytest.raises(PageNotDrawn):
        painter.paint(file, 1)
    assert children() == []


def test_an_idle_process_goes(file: Path) -> None:
    Painter(idle=0.01).paint(file, 1)
    psutil.wait_procs(children(), timeout=10)
    assert children() == []


def children() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if "app.painter" in child.cmdline()]
