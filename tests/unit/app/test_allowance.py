"""What one learner may have and upload: told with what to do about it, and nobody else's affair."""

from dataclasses import replace

import pytest

from app.allowance import LibraryFull
from app.limits import TooMany
from tests.support.learners import ADA, BOB
from tests.unit.app.conftest import ALLOWANCE, Desk, make_ready


def test_a_library_that_is_full_takes_nothing_more_until_something_goes(desk: Desk) -> None:
    desk.allowance = replace(ALLOWANCE, library_bytes=100)
    first = desk.upload("x" * 80)
    with pytest.raises(LibraryFull, match="Delete something"):
        desk.upload("y" * 30, "other.txt")
    assert desk.upload("x" * 80, "again.txt").duplicate_of == first.document_id
    desk.upload("y" * 30, owner=BOB)
    desk.documents.delete(ADA, first.document_id)
    desk.upload("y" * 30, "other.txt")


def test_pages_count_as_they_were_read(desk: Desk) -> None:
    desk.allowance = replace(ALLOWANCE, library_pages=1)
    make_ready(desk, str(desk.upload("One page.").job_id))
    with pytest.raises(LibraryFull, match="1 pages"):
        desk.upload("Another.", "other.txt")


def test_so_many_wait_at_once(desk: Desk) -> None:
    desk.allowance = replace(ALLOWANCE, open_jobs=1)
    first = desk.upload("One.")
    with pytest.raises(TooMany) as refused:
        desk.upload("Two.", "two.txt")
    assert (refused.value.status, refused.value.retry_after) == (429, 60)
    make_ready(desk, str(first.job_id))
    desk.upload("Two.", "two.txt")


def test_so_many_come_within_an_hour(desk: Desk) -> None:
    desk.allowance = replace(ALLOWANCE, uploads_an_hour=1)
    desk.upload("One.")
    with pytest.raises(TooMany, match="Try again in 60 minutes") as refused:
        desk.upload("Two.", "two.txt")
    assert refused.value.retry_after is not None
    assert 3000 < refused.value.retry_after <= 3600
