"""Uploads and documents over HTTP."""

import io
from hashlib import sha256
from typing import BinaryIO

import httpx
import pytest

from app.storage.local import LocalStorage
from app.wiring import LOCAL_LEARNER
from ingestion.types import Page
from tests.support.api import Study, pdf
from tests.support.learners import EVE
from tools.errors import StorageUnavailable

EMPTY = b""


def test_an_upload_is_accepted_and_queued_where_the_form_says(study: Study) -> None:
    uploaded = study.upload("Water.", "a.txt", semester="Spring", subject="Biology", book="Cells")
    assert uploaded["status"] == "queued"
    assert uploaded["duplicate_of"] is None
    document = study.client.get(f"/api/documents/{uploaded['id']}").json()
    assert (document["semester"], document["subject"], document["book"]) == ("Spring", "Biology", "Cells")
    assert study.client.get(f"/api/jobs/{uploaded['job_id']}").json()["document_id"] == uploaded["id"]


def test_an_upload_without_a_place_gets_one_named_after_the_file(study: Study) -> None:
    document = study.client.get(f"/api/documents/{study.upload('Water.', 'My notes.txt')['id']}").json()
    assert (document["semester"], document["subject"], document["book"]) == ("My semester", "General", "My notes")


def test_an_upload_into_a_conversation_belongs_to_no_book(study: Study) -> None:
    uploaded = study.upload("Water.", thread_id="thread-1")
    assert study.client.get("/api/library").json()["unfiled"][0]["id"] == uploaded["id"]
    assert [job.document_id for job in study.services.jobs.in_thread(LOCAL_LEARNER, "thread-1")] == [uploaded["id"]]


def test_the_same_bytes_again_name_the_document_that_holds_them(study: Study) -> None:
    first = study.upload("Water.", "a.txt")
    again = study.upload("Water.", "b.txt")
    assert again["duplicate_of"] == again["id"] == first["id"]


def test_one_bad_file_does_not_hold_up_the_good_ones(study: Study) -> None:
    files = [("file", ("good.txt", b"Water.")), ("file", ("bad.txt", EMPTY))]
    reply = study.client.post("/api/documents/upload", files=files)
    assert reply.status_code == 202
    good, bad = reply.json()["documents"]
    assert (good["status"], good["error"]) == ("queued", None)
    assert (bad["status"], bad["id"], bad["job_id"]) == ("failed", None, None)
    assert "empty" in bad["error"]


def test_when_all_files_are_bad_the_reply_is_the_first_one_s_error(study: Study) -> None:
    reply = study.client.post("/api/documents/upload", files=[("file", ("bad.txt", EMPTY))])
    assert reply.status_code == 422
    assert reply.json()["code"] == "unreadable_document"
    assert study.client.get("/api/documents").json()["documents"] == []


def test_a_file_above_the_limit_is_refused_and_leaves_nothing(study: Study) -> None:
    reply = study.client.post("/api/documents/upload", files=[("file", ("big.txt", b"word " * 300_000))])
    assert (reply.status_code, reply.json()["code"]) == (413, "too_large")
    assert list(study.services.objects.root.rglob("*.txt")) == []


def test_a_file_that_did_not_arrive_as_it_was_sent_is_refused(study: Study) -> None:
    right, wrong = sha256(b"Water.").hexdigest(), sha256(b"Wine.").hexdigest()

    def upload(*digests: str) -> httpx.Response:
        files = [("file", ("a.txt", b"Water.")), ("file", ("b.txt", b"Light."))]
        reply: httpx.Response = study.client.post("/api/documents/upload", files=files, data={"sha256": digests})
        return reply

    first, second = upload(right.upper(), wrong).json()["documents"]
    assert (first["status"], second["status"]) == ("queued", "failed")
    assert "SHA-256" in second["error"]
    assert upload(right).json()["code"] == "invalid_request"
    assert upload(right, "nonsense").status_code == 422
    assert [one["filename"] for one in study.client.get("/api/documents").json()["documents"]] == ["a.txt"]


def test_an_upload_without_a_file_says_which_field_is_missing(study: Study) -> None:
    reply = study.client.post("/api/documents/upload", data={"book": "Cells"})
    assert reply.status_code == 422
    assert "“file”" in reply.json()["message"]


def test_documents_are_narrowed_by_place_and_by_words(study: Study) -> None:
    study.upload("Water.", "water.txt", subject="Biology", book="Cells")
    study.upload("Press.", "press.txt", subject="History", book="Books")

    def names(**query: str) -> list[str]:
        return [one["filename"] for one in study.client.get("/api/documents", params=query).json()["documents"]]

    assert names() == ["water.txt", "press.txt"]
    assert names(subject="History") == ["press.txt"]
    assert names(q="WAT") == ["water.txt"]
    assert names(semester="Nowhere") == []


def test_status_follows_the_job(study: Study) -> None:
    uploaded = study.upload("Water.")
    job = study.services.jobs.claim(uploaded["job_id"], "worker")
    assert job is not None
    study.services.jobs.beat(job.id, "worker", "embed", 3, 10)
    status = study.client.get(f"/api/documents/{uploaded['id']}/status").json()
    assert (status["status"], status["stage"], status["done"], status["total"]) == ("running", "embed", 3, 10)


def test_a_document_can_be_moved_and_renamed(study: Study) -> None:
    document_id = study.upload("Water.", "a.txt", book="Cells")["id"]
    moved = study.client.patch(f"/api/documents/{document_id}", json={"book": "Plants", "filename": "b.txt"}).json()
    assert (moved["book"], moved["filename"], moved["subject"]) == ("Plants", "b.txt", "General")
    assert study.client.get("/api/documents", params={"book": "Cells"}).json()["documents"] == []


def test_moving_onto_a_file_of_the_same_name_is_a_conflict(study: Study) -> None:
    study.upload("Water.", "a.txt", book="Cells")
    other = study.upload("Light.", "a.txt", book="Plants")["id"]
    reply = study.client.patch(f"/api/documents/{other}", json={"book": "Cells"})
    assert (reply.status_code, reply.json()["code"]) == (409, "conflict")


def test_a_deleted_document_leaves_no_file_row_or_vector(study: Study) -> None:
    document_id = study.book("Osmosis moves water.", "Cells")
    assert study.client.delete(f"/api/documents/{document_id}").status_code == 204
    assert study.client.get(f"/api/documents/{document_id}").status_code == 404
    assert study.indexes.vectors.count(document_id) == 0
    assert list(study.services.objects.root.rglob("*.txt")) == []


def test_versions_of_a_file_are_listed_newest_first(study: Study) -> None:
    old = study.upload("Water.", "a.txt", book="Cells")["id"]
    new = study.upload("Water and light.", "a.txt", book="Cells")["id"]
    versions = study.client.get(f"/api/documents/{new}/versions").json()["documents"]
    assert [(one["id"], one["version"]) for one in versions] == [(new, 2), (old, 1)]


def test_the_original_comes_back_byte_for_byte_under_its_name(study: Study) -> None:
    document_id = study.upload("Wasser.", "Übung „1“ 北京.txt")["id"]
    reply = study.client.get(f"/api/documents/{document_id}/file")
    assert reply.content == b"Wasser."
    assert "filename*=utf-8''%C3%9Cbung" in reply.headers["content-disposition"]


@pytest.mark.parametrize(
    ("asked", "status", "content", "place"),
    [
        ("bytes=0-3", 206, b"0123", "bytes 0-3/10"),
        ("bytes=7-", 206, b"789", "bytes 7-9/10"),
        ("bytes=-2", 206, b"89", "bytes 8-9/10"),
        ("bytes=4-99", 206, b"456789", "bytes 4-9/10"),
        ("bytes=-99", 206, b"0123456789", "bytes 0-9/10"),
        ("bytes=10-", 416, b"", "bytes */10"),
        ("bytes=5-4", 416, b"", "bytes */10"),
        ("bytes=-0", 416, b"", "bytes */10"),
        ("bytes=0-1,3-4", 200, b"0123456789", None),
        ("bytes=-", 200, b"0123456789", None),
        ("lines=1-2", 200, b"0123456789", None),
    ],
)
def test_a_part_of_the_original_comes_alone(
    study: Study, asked: str, status: int, content: bytes, place: str | None
) -> None:
    url = f"/api/documents/{study.upload('0123456789')['id']}/file"
    reply = study.client.get(url, headers={"Range": asked})
    assert (reply.status_code, reply.content, reply.headers.get("content-range")) == (status, content, place)
    assert int(reply.headers["content-length"]) == len(content)


def test_a_store_that_browsers_reach_serves_the_original_itself(study: Study) -> None:
    document_id = study.upload("0123456789", "a.html")["id"]

    class Reached(LocalStorage):
        def link(self, key: str, media_type: str, disposition: str) -> str | None:
            return f"https://store/{key}?{disposition}"

    study.services.__dict__["storage"] = Reached(study.services.objects.root)
    reply = study.client.get(f"/api/documents/{document_id}/file", follow_redirects=False)
    assert (reply.status_code, reply.headers["cache-control"]) == (307, "no-store")
    assert reply.headers["location"].startswith("https://store/users/local/raw_data/")
    assert "attachment" in reply.headers["location"]


def test_a_store_that_is_away_says_when_to_come_back_and_keeps_nothing(study: Study) -> None:
    class Away(LocalStorage):
        def put(self, key: str, content: BinaryIO) -> None:
            raise StorageUnavailable

    study.services.__dict__["storage"] = Away(study.services.objects.root)
    reply = study.client.post("/api/documents/upload", files=[("file", ("a.txt", b"Water."))])
    assert (reply.status_code, reply.json()["code"], reply.headers["retry-after"]) == (503, "storage_unavailable", "30")
    assert study.client.get("/api/documents").json()["documents"] == []


def test_a_part_of_another_version_is_not_mixed_in(study: Study) -> None:
    url = f"/api/documents/{study.upload('0123456789')['id']}/file"
    tag = study.client.get(url).headers["etag"]
    for mine, status in ((tag, 206), ('"other"', 200)):
        assert study.client.get(url, headers={"Range": "bytes=0-1", "If-Range": mine}).status_code == status


@pytest.mark.parametrize(
    ("name", "content", "disposition"),
    [
        ("page.html", b"<!doctype html><html><body><script>alert(1)</script>Water moves.</body></html>", "attachment"),
        ("notes.md", b"# Water\n\n<script>alert(1)</script>", "attachment"),
        ("paper.pdf", pdf("Water"), "inline"),
    ],
)
def test_only_a_pdf_opens_in_the_browser(study: Study, name: str, content: bytes, disposition: str) -> None:
    reply = study.client.get(f"/api/documents/{study.upload(content, name)['id']}/file")
    assert reply.headers["content-disposition"].startswith(disposition)
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert not reply.headers["content-type"].startswith("text/html")


def test_a_page_has_text_label_and_place(study: Study) -> None:
    document_id = study.upload("Water.", "a.txt", book="Cells")["id"]
    study.read(document_id, Page(1, "xiv", "page", "Water."))
    page = study.client.get(f"/api/documents/{document_id}/pages/1").json()
    assert (page["index"], page["label"], page["text"], page["page_count"]) == (1, "xiv", "Water.", 1)
    assert page["image_url"] is None
    assert page["document"]["book"] == "Cells"


def test_a_page_of_a_pdf_has_an_image_and_marks(study: Study) -> None:
    document_id = study.upload(pdf("Water moves by osmosis."), "a.pdf")["id"]
    study.read(document_id, Page(1, "1", "page", "Water moves by osmosis."))
    url = f"/api/documents/{document_id}/pages/1"
    page = study.client.get(url, params={"start": 15, "end": 23}).json()
    assert len(page["marks"]) == 1
    assert 0 < page["marks"][0]["left"] < page["marks"][0]["left"] + page["marks"][0]["width"] < 1
    image = study.client.get(page["image_url"])
    assert image.headers["content-type"] == "image/png"
    assert image.content.startswith(b"\x89PNG")
    assert study.client.get(page["image_url"]).content == image.content


def test_the_images_of_a_document_go_with_it(study: Study) -> None:
    document_id = study.upload(pdf("Water."), "a.pdf")["id"]
    study.read(document_id, Page(1, "1", "page", "Water."))
    study.client.get(f"/api/documents/{document_id}/pages/1", params={"format": "image"})
    assert len(list(study.services.objects.root.rglob("*.png"))) == 1
    study.client.delete(f"/api/documents/{document_id}")
    assert list(study.services.objects.root.rglob("*.png")) == []


def test_a_page_that_does_not_exist_is_not_found(study: Study) -> None:
    document_id = study.book("Water.", "Cells")
    assert study.client.get(f"/api/documents/{document_id}/pages/2").status_code == 404
    assert study.client.get(f"/api/documents/{document_id}/pages/0").status_code == 422
    assert study.client.get(f"/api/documents/{document_id}/pages/1", params={"format": "image"}).status_code == 404


def test_another_learner_s_document_is_not_found(study: Study) -> None:
    study.services.learners.known(EVE)
    hers = study.services.documents.accept(EVE, "hers.txt", io.BytesIO(b"Secret.")).document_id
    for path in ("", "/status", "/file", "/versions", "/pages/1"):
        assert study.client.get(f"/api/documents/{hers}{path}").status_code == 404
    assert study.client.delete(f"/api/documents/{hers}").status_code == 404


def test_a_second_upload_finds_the_place_whose_name_is_not_ascii(study: Study) -> None:
    place = {"semester": "Ökologie", "subject": "Éléments", "book": "Физика"}
    study.upload("one", "one.txt", **place)
    study.upload("two", "two.txt", **{part: name.lower() for part, name in place.items()})
    found = study.client.get("/api/documents", params={"book": "ФИЗИКА"}).json()["documents"]
    assert [document["filename"] for document in found] == ["one.txt", "two.txt"]
