"""The cards of files dropped into a chat."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from app.chat import uploads
from app.chat.uploads import Card, Dropped, Watch
from app.progress import Next
from tests.support.learners import ADA
from tests.unit.app.conftest import Desk
from tools.errors import InvalidRequest
from tools.types import JobState

CARD = Card("d1", "bio.pdf", JobState.RUNNING, fraction=0.1)


@asynccontextmanager
async def at_once() -> AsyncIterator[Next]:
    """There is always something new."""
    yield partial(asyncio.sleep, 0)


class Stage:
    """Shows cards to nobody, and remembers; each look sees the next state of the rows."""

    def __init__(self, *looks: dict[str, Card]) -> None:
        self.looks = list(looks)
        self.shown: list[tuple[str, Card | None]] = []

    def look(self) -> dict[str, Card]:
        return self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]

    async def show(self, document_id: str, card: Card | None) -> None:
        self.shown.append((document_id, card))

    async def play(self) -> None:
        watch = Watch(self.look, self.show, at_once)
        watch.start()
        assert watch.task is not None
        await watch.task


async def test_each_change_is_shown_once_until_nothing_is_being_read() -> None:
    further, ready = replace(CARD, fraction=0.5), replace(CARD, state=JobState.READY)
    stage = Stage({"d1": CARD}, {"d1": CARD}, {"d1": further}, {"d1": ready})
    await stage.play()
    assert [card for _, card in stage.shown] == [CARD, further, ready]


async def test_a_document_that_disappears_is_shown_as_gone() -> None:
    stage = Stage({"d1": CARD}, {})
    await stage.play()
    assert stage.shown == [("d1", CARD), ("d1", None)]


@pytest.mark.parametrize(
    ("before", "after"), [(JobState.RUNNING, "cancelled"), (JobState.QUEUED, "cancelled"), (JobState.READY, "removed")]
)
def test_what_is_gone_was_cancelled_while_it_was_read_and_removed_afterwards(before: str, after: str) -> None:
    assert uploads.gone(replace(CARD, state=before).props())["state"] == after


def dropped(tmp_path: Path, name: str, content: bytes) -> Dropped:
    path = tmp_path / name
    path.write_bytes(content)
    return Dropped(name, path)


def test_a_refused_file_says_why_and_does_not_stop_the_others(desk: Desk, tmp_path: Path) -> None:
    files = [dropped(tmp_path, "program.exe", b"MZ\0\0"), dropped(tmp_path, "notes.txt", b"Osmosis moves water.")]
    refused, accepted = uploads.accept(desk, ADA, "t1", files)
    assert (refused.state, refused.document_id) == ("refused", "")
    assert refused.error
    assert accepted.state == JobState.QUEUED
    assert desk.queued == [accepted.job_id]


def test_a_card_of_an_earlier_session_shows_what_holds_now(desk: Desk, tmp_path: Path) -> None:
    (card,) = uploads.accept(desk, ADA, "t1", [dropped(tmp_path, "notes.txt", b"Osmosis moves water.")])
    desk.jobs.claim(card.job_id, "worker")
    desk.jobs.beat(card.job_id, "worker", "embed", 5, 10)
    now = uploads.rebuilt(desk, ADA, uploads.current(desk, ADA, "t1"), card.props())
    assert (now["state"], now["done"], now["total"]) == (JobState.RUNNING, 5, 10)
    assert 0.2 < now["fraction"] < 0.97


def test_a_card_whose_document_was_deleted_says_so(desk: Desk, tmp_path: Path) -> None:
    (card,) = uploads.accept(desk, ADA, "t1", [dropped(tmp_path, "notes.txt", b"Osmosis moves water.")])
    desk.documents.delete(ADA, card.document_id)
    assert uploads.rebuilt(desk, ADA, {}, card.props())["state"] in ("removed", "cancelled")


def test_a_refusal_stays_as_it_was(desk: Desk) -> None:
    props = Card("", "program.exe", "refused", error="No.").props()
    assert uploads.rebuilt(desk, ADA, {}, props) == props


def test_filing_moves_a_document_into_its_book(desk: Desk, tmp_path: Path) -> None:
    (card,) = uploads.accept(desk, ADA, "t1", [dropped(tmp_path, "notes.txt", b"Osmosis moves water.")])
    wish = {"do": "file", "semester": " Spring ", "subject": "Biology", "book": "Cells"}
    uploads.change(desk, ADA, card.document_id, wish)
    assert uploads.current(desk, ADA, "t1")[card.document_id].place == "Spring › Biology › Cells"


@pytest.mark.parametrize("wish", [{"do": "file", "semester": "S", "subject": " ", "book": "B"}, {"do": "dance"}, {}])
def test_an_incomplete_wish_changes_nothing(desk: Desk, wish: dict[str, str]) -> None:
    accepted = desk.upload("Osmosis moves water.", thread_id="t1")
    with pytest.raises(InvalidRequest):
        uploads.change(desk, ADA, accepted.document_id, wish)


def test_a_file_that_was_there_already_says_so_and_goes_on_saying_so(desk: Desk, tmp_path: Path) -> None:
    desk.upload("Osmosis moves water.")
    (card,) = uploads.accept(desk, ADA, "t1", [dropped(tmp_path, "again.txt", b"Osmosis moves water.")])
    assert card.again
    assert uploads.rebuilt(desk, ADA, uploads.current(desk, ADA, "t1"), card.props())["again"]
