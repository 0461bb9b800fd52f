"""Uploads: what is kept, recognised, replaced, cancelled and deleted."""

import io
import threading
import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.documents import Accepted, safe_name
from app.persistence.jobs import Hold
from app.persistence.library import Placement
from app.scanning import Which, scan
from app.storage.local import LocalStorage
from tests.support.learners import ADA, BOB
from tests.unit.app.conftest import ALLOWANCE, BIOLOGY, Desk, make_ready
from tools.errors import Conflict, NotFound, StorageFull, StorageUnavailable, TooLarge, UnreadableDocument
from tools.types import JobState, Learner, Scope


def _take_no_jobs(desk: Desk) -> None:
    with desk.database.session_of(ADA) as session:
        session.execute(
            sa.text("CREATE TRIGGER no BEFORE INSERT ON pipeline_runs BEGIN SELECT RAISE(ABORT, 'no'); END")
        )


def stored_files(desk: Desk) -> list[Path]:
    return [path for path in desk.storage.root.rglob("*") if path.is_file()]


def test_an_upload_is_stored_filed_and_queued(desk: Desk) -> None:
    accepted = desk.upload("Osmosis moves water.")
    shelved = desk.library.document(ADA, accepted.document_id)
    assert (shelved.semester, shelved.subject, shelved.book) == ("Autumn", "Biology", "Cells")
    assert desk.queued == [accepted.job_id]
    assert b"".join(desk.storage.stream(shelved.document.storage_key)) == b"Osmosis moves water."


def test_the_same_bytes_again_name_the_document_that_is_there(desk: Desk) -> None:
    first = desk.upload("Osmosis moves water.")
    again = desk.upload("Osmosis moves water.", "copy.txt")
    assert again.duplicate_of == again.document_id == first.document_id
    assert len(desk.queued) == 1
    assert len(stored_files(desk)) == 1


def test_known_bytes_sent_to_another_place_leave_no_empty_book(desk: Desk) -> None:
    desk.upload("Osmosis.")
    desk.upload("Osmosis.", placement=Placement("Spring", "History", "Printing"))
    assert [node.name for node in desk.library.tree(ADA)] == ["Autumn"]


def test_the_same_bytes_of_two_learners_are_two_documents(desk: Desk) -> None:
    mine, theirs = desk.upload("Osmosis."), desk.upload("Osmosis.", owner=BOB)
    assert mine.document_id != theirs.document_id
    with pytest.raises(NotFound):
        desk.library.document(BOB, mine.document_id)


def test_a_new_file_of_the_same_name_takes_over_when_it_is_ready(desk: Desk) -> None:
    first = desk.upload("Osmosis, first edition.")
    make_ready(desk, str(first.job_id))
    second = desk.upload("Osmosis, second edition.")
    assert desk.library.resolve(ADA, Scope()).document_ids == {first.document_id}
    assert make_ready(desk, str(second.job_id)) == first.document_id
    assert desk.library.resolve(ADA, Scope()).document_ids == {second.document_id}
    assert [row.version for row in desk.library.versions(ADA, second.document_id)] == [2, 1]


def test_the_bytes_of_an_older_version_can_come_back(desk: Desk) -> None:
    first = desk.upload("first")
    make_ready(desk, str(first.job_id))
    make_ready(desk, str(desk.upload("second").job_id))
    back = desk.upload("first")
    assert back.duplicate_of is None
    make_ready(desk, str(back.job_id))
    assert desk.library.resolve(ADA, Scope()).document_ids == {first.document_id}


def test_files_of_one_name_in_a_chat_do_not_shadow_each_other(desk: Desk) -> None:
    for text in ("one", "two"):
        make_ready(desk, str(desk.upload(text, placement=None, thread_id="chat").job_id))
    assert len(desk.library.resolve(ADA, Scope(), "chat").document_ids) == 2


def test_a_chat_upload_belongs_to_its_chat_until_it_is_filed(desk: Desk) -> None:
    accepted = desk.upload("Osmosis.", placement=None, thread_id="chat")
    make_ready(desk, str(accepted.job_id))
    assert desk.library.resolve(ADA, Scope(), "chat").document_ids == {accepted.document_id}
    assert desk.library.resolve(ADA, Scope(), "other chat").document_ids == frozenset()
    desk.library.move(ADA, accepted.document_id, BIOLOGY)
    assert desk.library.resolve(ADA, Scope(), "other chat").document_ids == {accepted.document_id}


@pytest.mark.parametrize(("text", "error"), [("", UnreadableDocument), ("x" * 2000, TooLarge)])
def test_a_refused_upload_leaves_nothing_behind(desk: Desk, text: str, error: type[Exception]) -> None:
    desk.allowance = replace(ALLOWANCE, max_bytes=1000)
    with pytest.raises(error):
        desk.upload(text)
    assert stored_files(desk) == []
    assert desk.library.documents(ADA) == []
    assert desk.queued == []


def test_a_full_disk_is_said_and_nothing_is_kept(desk: Desk, tmp_path: Path) -> None:
    class FullDisk(LocalStorage):
        def put(self, key: str, content: BinaryIO) -> None:
            raise StorageFull

    desk.storage = FullDisk(tmp_path / "full")
    with pytest.raises(StorageFull):
        desk.upload("Osmosis.")
    assert stored_files(desk) == []
    assert desk.library.documents(ADA) == []
    assert desk.queued == []


@pytest.mark.parametrize("thread_id", [None, "chat"])
def test_an_upload_that_the_database_refuses_leaves_nothing_behind(desk: Desk, thread_id: str | None) -> None:
    with pytest.raises(IntegrityError):
        desk.upload("Osmosis.", owner=Learner("nobody"), thread_id=thread_id)
    assert stored_files(desk) == []
    assert desk.queued == []


def test_an_upload_whose_job_cannot_be_queued_leaves_nothing_behind(desk: Desk) -> None:
    _take_no_jobs(desk)
    with pytest.raises(IntegrityError):
        desk.upload("Osmosis.", thread_id="chat")
    assert (stored_files(desk), desk.library.tree(ADA)) == ([], [])
    assert desk.library.thread_documents(ADA, "chat") == []


def test_an_upload_that_fails_anew_keeps_the_bytes_of_the_one_that_is_there(desk: Desk) -> None:
    accepted = desk.upload("Osmosis.")
    desk.jobs.claim(str(accepted.job_id), "worker")
    desk.jobs.fail(str(accepted.job_id), "worker", UnreadableDocument())
    _take_no_jobs(desk)
    with pytest.raises(IntegrityError):
        desk.upload("Osmosis.")
    assert len(stored_files(desk)) == 1


def test_bytes_that_come_back_under_another_name_are_stored_once(desk: Desk) -> None:
    accepted = desk.upload("Osmosis.", "notes.txt")
    desk.jobs.claim(str(accepted.job_id), "worker")
    desk.jobs.fail(str(accepted.job_id), "worker", UnreadableDocument())
    desk.upload("Osmosis.", "notes.md")
    assert len(stored_files(desk)) == 1
    document = desk.library.document(ADA, accepted.document_id).document
    assert (document.kind, document.filename) == ("markdown", "notes.md")
    assert b"".join(desk.storage.stream(document.storage_key)) == b"Osmosis."


def key_of(desk: Desk, accepted: Accepted) -> str:
    return desk.library.document(ADA, accepted.document_id).document.storage_key


def test_an_original_lies_under_its_place_and_stays_there_when_it_is_moved(desk: Desk) -> None:
    accepted = desk.upload("Osmosis.", "a/50% \u00fcber.txt", Placement("Spring/Summer", "..", "北京"))
    key = "users/ada/raw_data/Spring%2FSummer/%2E./北京/50%25 über.txt"
    assert key_of(desk, accepted) == key

    desk.library.move(ADA, accepted.document_id, BIOLOGY)
    desk.library.rename(ADA, accepted.document_id, "b.txt")
    assert key_of(desk, accepted) == key
    assert b"".join(desk.storage.stream(key)) == b"Osmosis."


def test_a_file_of_a_chat_lies_apart(desk: Desk) -> None:
    accepted = desk.upload("Osmosis.", placement=None, thread_id="chat")
    assert key_of(desk, accepted) == f"users/ada/chat_files/{accepted.document_id}/notes.txt"


def test_two_versions_of_a_name_do_not_overwrite_each_other(desk: Desk) -> None:
    texts = ("first", "second", "third")
    keys = [key_of(desk, desk.upload(text)) for text in texts]
    assert keys[0] == "users/ada/raw_data/Autumn/Biology/Cells/notes.txt"
    assert [b"".join(desk.storage.stream(key)).decode() for key in keys] == list(texts)


def test_two_files_of_a_name_at_the_same_moment_do_not_overwrite_each_other(desk: Desk) -> None:
    both = threading.Barrier(2)

    class Meet(LocalStorage):
        def put(self, key: str, content: BinaryIO) -> None:
            both.wait(60)
            super().put(key, content)

    desk.storage = Meet(desk.storage.root)
    with ThreadPoolExecutor() as pool:
        uploads = list(pool.map(desk.upload, ("one", "two")))
    stored = [b"".join(desk.storage.stream(key_of(desk, one))) for one in uploads]
    assert stored == [b"one", b"two"]


def test_a_file_that_was_put_there_directly_is_not_overwritten(desk: Desk) -> None:
    theirs = "users/ada/raw_data/Autumn/Biology/Cells/notes.txt"
    desk.storage.put(theirs, io.BytesIO(b"theirs"))
    mine = desk.upload("mine")
    assert key_of(desk, mine) != theirs
    assert b"".join(desk.storage.stream(theirs)) == b"theirs"


def test_an_upload_that_the_store_cannot_take_leaves_nothing_and_can_be_tried_again(desk: Desk) -> None:
    class Away(LocalStorage):
        def put(self, key: str, content: BinaryIO) -> None:
            raise StorageUnavailable

        def delete(self, key: str) -> None:
            raise StorageUnavailable

    there, desk.storage = desk.storage, Away(desk.storage.root)
    with pytest.raises(StorageUnavailable):
        desk.upload("Osmosis.")
    assert (stored_files(desk), desk.library.documents(ADA), desk.queued) == ([], [], [])

    desk.storage = there
    assert key_of(desk, desk.upload("Osmosis.")) == "users/ada/raw_data/Autumn/Biology/Cells/notes.txt"
    assert desk.documents.uploads.keys(ADA, with_current=False) == set()


def test_a_store_that_cannot_tell_what_it_holds_leaves_no_claim(desk: Desk) -> None:
    class Away(LocalStorage):
        def stream(self, key: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
            raise StorageUnavailable

    desk.storage = Away(desk.storage.root)
    with pytest.raises(StorageUnavailable):
        desk.upload("Osmosis.")
    assert desk.documents.uploads.keys(ADA, with_current=False) == set()


def test_bytes_that_cannot_be_removed_now_are_remembered_and_come_back_in_no_scan(desk: Desk) -> None:
    class Away(LocalStorage):
        def delete(self, key: str) -> None:
            raise StorageUnavailable

    accepted = desk.upload("Osmosis.")
    key = key_of(desk, accepted)
    there, desk.storage = desk.storage, Away(desk.storage.root)
    desk.documents.delete(ADA, accepted.document_id)
    assert desk.library.documents(ADA) == []
    assert desk.documents.uploads.abandoned() == [(ADA, key)]

    desk.storage = there
    assert scan(desk.documents, ADA, Which.ALL).jobs == []
    assert key_of(desk, desk.upload("Osmosis.")) == key
    assert desk.documents.uploads.abandoned() == []


def test_what_is_deleted_leaves_no_claim(desk: Desk) -> None:
    desk.documents.delete(ADA, desk.upload("Osmosis.").document_id)
    assert desk.documents.uploads.keys(ADA, with_current=True) == set()
    assert stored_files(desk) == []


def test_the_same_bytes_at_the_same_moment_are_one_document(desk: Desk) -> None:
    both = threading.Barrier(2)

    class Slow(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            block = super().read(size)
            if not block:
                both.wait(60)
            return block

    def upload(name: str) -> Accepted:
        return desk.documents.accept(ADA, name, Slow(b"Osmosis."), BIOLOGY)

    with ThreadPoolExecutor() as pool:
        first, second = pool.map(upload, ("one.txt", "one.md"))
    assert first.document_id == second.document_id
    assert {first.duplicate_of, second.duplicate_of} <= {None, first.document_id}
    assert len(stored_files(desk)) == 1
    document = desk.library.document(ADA, first.document_id).document
    assert b"".join(desk.storage.stream(document.storage_key)) == b"Osmosis."


def test_a_file_name_in_decomposed_characters_is_the_same_name(desk: Desk) -> None:
    first = desk.upload("one", "Übung.txt")
    make_ready(desk, str(first.job_id))
    second = desk.upload("two", unicodedata.normalize("NFD", "Übung.txt"))
    assert make_ready(desk, str(second.job_id)) == first.document_id


def test_cancelling_an_upload_that_waits_leaves_nothing_but_the_job(desk: Desk) -> None:
    accepted = desk.upload("Osmosis.")
    assert desk.documents.cancel(ADA, str(accepted.job_id)).state == JobState.CANCELLED
    assert desk.library.tree(ADA) == []
    assert stored_files(desk) == []
    with pytest.raises(Conflict):
        desk.documents.cancel(ADA, str(accepted.job_id))


def test_a_running_job_is_told_to_stop_at_its_next_beat(desk: Desk) -> None:
    accepted = desk.upload("Osmosis.")
    job_id = str(accepted.job_id)
    desk.jobs.claim(job_id, "worker")
    assert desk.jobs.beat(job_id, "worker", "embed", 1, 3) is Hold.MINE
    desk.documents.cancel(ADA, job_id)
    assert desk.jobs.beat(job_id, "worker", "embed", 2, 3) is Hold.CANCELLED


def test_deleting_removes_rows_files_vectors_and_empty_places(desk: Desk) -> None:
    accepted = desk.upload("Osmosis.")
    make_ready(desk, str(accepted.job_id))
    assert desk.documents.delete(ADA, accepted.document_id) == "notes.txt"
    assert desk.forgotten == [accepted.document_id]
    assert stored_files(desk) == []
    assert desk.library.tree(ADA) == []


def test_nobody_deletes_or_cancels_for_somebody_else(desk: Desk) -> None:
    accepted = desk.upload("Osmosis.")
    with pytest.raises(NotFound):
        desk.documents.delete(BOB, accepted.document_id)
    with pytest.raises(NotFound):
        desk.documents.cancel(BOB, str(accepted.job_id))
    assert desk.forgotten == []


def test_a_failed_upload_can_be_tried_again_by_button_or_by_uploading_it_again(desk: Desk) -> None:
    accepted = desk.upload("Osmosis.")
    desk.jobs.claim(str(accepted.job_id), "worker")
    desk.jobs.fail(str(accepted.job_id), "worker", UnreadableDocument())
    again = desk.documents.retry(ADA, str(accepted.job_id))
    assert desk.queued == [accepted.job_id, again]
    desk.jobs.claim(again, "worker")
    desk.jobs.fail(again, "worker", UnreadableDocument())
    assert desk.upload("Osmosis.").duplicate_of is None
    assert len(desk.queued) == 3


def test_moving_takes_effect_at_once_and_never_hides_a_file(desk: Desk) -> None:
    one = desk.upload("one")
    make_ready(desk, str(one.job_id))
    desk.library.move(ADA, one.document_id, Placement("Autumn", "History", "Printing"))
    assert desk.library.resolve(ADA, Scope(subject="history")).document_ids == {one.document_id}
    desk.upload("two")
    with pytest.raises(Conflict):
        desk.library.move(ADA, one.document_id, BIOLOGY)


def test_renaming_never_hides_a_file(desk: Desk) -> None:
    desk.upload("one", "one.txt")
    two = desk.upload("two", "two.txt")
    with pytest.raises(Conflict):
        desk.library.rename(ADA, two.document_id, "one.txt")
    desk.library.rename(ADA, two.document_id, "three.txt")
    assert desk.library.document(ADA, two.document_id).document.filename == "three.txt"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\notes.pdf", "notes.pdf"),
        ("ünïcödé 北京 😀.txt", "ünïcödé 北京 😀.txt"),
        ("quo\"te's.txt", "quo\"te's.txt"),
        ("line\nfeed\x00.txt", "linefeed.txt"),
        ("", "untitled"),
        ("..", "untitled"),
    ],
)
def test_names_are_kept_as_the_learner_knows_them(given: str, kept: str) -> None:
    assert safe_name(given) == kept


def test_a_very_long_name_keeps_its_ending() -> None:
    assert safe_name("a" * 255 + ".pdf").endswith(".pdf")
    assert len(safe_name("a" * 255 + ".pdf")) <= 200
