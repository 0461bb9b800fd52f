"""Files that somebody put into the store directly."""

import io

from app.persistence.library import Placement
from app.scanning import Scan, Which, scan
from tests.support.learners import ADA
from tests.unit.app.conftest import Desk, make_ready

CELLS = "users/ada/raw_data/Autumn/Biology/Cells"


def put(desk: Desk, key: str, content: bytes) -> None:
    desk.storage.put(key, io.BytesIO(content))


def new(desk: Desk) -> Scan:
    return scan(desk.documents, ADA, Which.NEW)


def test_what_lies_in_the_store_is_queued_once_and_stays_where_it_is(desk: Desk) -> None:
    put(desk, f"{CELLS}/50%25 Osmosis.txt", b"Osmosis moves water.")
    put(desk, "users/ada/raw_data/too/shallow.txt", b"Not in a book.")
    put(desk, "users/bob/raw_data/Autumn/Biology/Cells/other.txt", b"Somebody else's.")
    before = desk.storage.list("users")

    assert [len(new(desk).jobs), len(new(desk).jobs)] == [1, 0]
    [shelved] = desk.library.documents(ADA)
    assert (shelved.book, shelved.document.filename) == ("Cells", "50% Osmosis.txt")
    assert desk.storage.list("users") == before


def test_what_was_uploaded_is_no_news_wherever_it_is_filed_now(desk: Desk) -> None:
    moved = desk.upload("Osmosis moves water.")
    desk.library.move(ADA, moved.document_id, Placement("Spring", "History", "Printing"))
    for text in ("Mitosis, first.", "Mitosis, second."):
        desk.upload(text)

    assert new(desk) == Scan([], [])
    assert [shelved.book for shelved in desk.library.documents(ADA)] == ["Printing", "Cells", "Cells"]


def test_all_reads_again_what_is_there_but_no_old_versions(desk: Desk) -> None:
    first, second = desk.upload("Mitosis, first."), desk.upload("Mitosis, second.")
    for accepted in (first, second):
        make_ready(desk, str(accepted.job_id))

    [job_id] = scan(desk.documents, ADA, Which.ALL).jobs
    assert desk.jobs.get(ADA, job_id).document_id == second.document_id


def test_a_file_that_was_overwritten_in_the_store_is_a_new_version(desk: Desk) -> None:
    put(desk, f"{CELLS}/a.txt", b"old words")
    [job_id] = new(desk).jobs
    make_ready(desk, job_id)
    old = desk.jobs.get(ADA, job_id).document_id
    put(desk, f"{CELLS}/a.txt", b"new words")

    [job_id] = scan(desk.documents, ADA, Which.ALL).jobs
    make_ready(desk, job_id)
    document_id = desk.jobs.get(ADA, job_id).document_id
    assert [row.version for row in desk.library.versions(ADA, document_id)] == [2, 1]
    desk.documents.delete(ADA, old)
    assert b"".join(desk.storage.stream(f"{CELLS}/a.txt")) == b"new words"


def test_a_file_that_cannot_be_read_is_named_and_stays(desk: Desk) -> None:
    put(desk, f"{CELLS}/empty.txt", b"")
    put(desk, f"{CELLS}/good.txt", b"Osmosis.")
    found = new(desk)

    assert [filename for filename, _ in found.refused] == ["empty.txt"]
    assert len(found.jobs) == 1
    assert f"{CELLS}/empty.txt" in desk.storage.list("users")
