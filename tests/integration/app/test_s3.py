"""What only a store elsewhere can get wrong: it fails, answers half, refuses, or is away for a while."""

import io
import os
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from app.storage.s3 import DIGEST, PART, TRIES, Bucket, S3Storage
from tests.support.s3 import Faults, S3Server, s3_storage
from tools.errors import DamagedFile, StorageFull, StorageUnavailable

BYTES = bytes(range(256)) * 4000


@pytest.fixture
def bucket(s3: S3Server, faults: Faults) -> Bucket:
    return s3.bucket(f"faults-{os.urandom(8).hex()}", faults.url)


@pytest.fixture
def storage(bucket: Bucket, tmp_path: Path) -> S3Storage:
    return s3_storage(bucket, tmp_path)


def put(storage: S3Storage, key: str = "users/ada/a.pdf", content: bytes = BYTES) -> None:
    storage.put(key, io.BytesIO(content))


def read(storage: S3Storage, key: str = "users/ada/a.pdf") -> bytes:
    return b"".join(storage.stream(key))


def elsewhere(bucket: Bucket, tmp_path: Path) -> S3Storage:
    """The same store, seen from another machine."""
    return s3_storage(bucket, tmp_path / "elsewhere")


def test_a_large_object_goes_in_parts_and_comes_back_whole(storage: S3Storage, bucket: Bucket, tmp_path: Path) -> None:
    large = os.urandom(PART + 1000)
    put(storage, content=large)

    other = elsewhere(bucket, tmp_path)
    assert read(other) == large
    with other.local_copy("users/ada/a.pdf") as path:
        assert path.read_bytes() == large


def test_parts_that_do_not_all_arrive_leave_nothing(
    s3: S3Server, storage: S3Storage, bucket: Bucket, faults: Faults
) -> None:
    faults.flip = True
    with pytest.raises(DamagedFile):
        put(storage, content=bytes(PART + 1000))
    faults.heal()

    assert storage.list("users") == []
    assert "Uploads" not in s3.client.list_multipart_uploads(Bucket=bucket.name)


def test_an_upload_that_changes_on_the_way_is_refused_by_its_checksum(storage: S3Storage, faults: Faults) -> None:
    faults.flip = True
    with pytest.raises(DamagedFile):
        put(storage)
    assert storage.list("users") == []


def test_a_store_that_fails_is_asked_a_few_times_and_then_left_alone_for_a_while(
    storage: S3Storage, faults: Faults
) -> None:
    faults.status, faults.code = 500, "InternalError"
    with pytest.raises(StorageUnavailable) as told:
        put(storage)
    with pytest.raises(StorageUnavailable):
        storage.list("users")

    assert (told.value.status, told.value.retry_after) == (503, 30)
    assert len(faults.asked) == TRIES


def test_what_is_here_can_be_read_while_the_store_is_away(
    storage: S3Storage, bucket: Bucket, faults: Faults, tmp_path: Path
) -> None:
    put(storage)
    other = elsewhere(bucket, tmp_path)
    with other.local_copy("users/ada/a.pdf"):
        pass
    put(storage, "users/ada/never read there.pdf")
    faults.status, faults.code = 503, "SlowDown"

    for one in (storage, other):
        assert read(one) == BYTES
        with one.local_copy("users/ada/a.pdf") as path:
            assert path.read_bytes() == BYTES
    with pytest.raises(StorageUnavailable):
        read(other, "users/ada/never read there.pdf")


@pytest.mark.parametrize(
    ("status", "code", "error", "words"),
    [
        (403, "AccessDenied", StorageUnavailable, "refuses this server"),
        (404, "NoSuchBucket", StorageUnavailable, "S3_BUCKET"),
        (507, "XMinioStorageFull", StorageFull, "full"),
        (501, "NotImplemented", StorageUnavailable, "S3_SERVER_SIDE_ENCRYPTION"),
    ],
)
def test_what_the_store_says_is_told_in_words(
    storage: S3Storage, faults: Faults, status: int, code: str, error: type[Exception], words: str
) -> None:
    faults.status, faults.code = status, code
    with pytest.raises(error, match=words):
        put(storage)
    faults.heal()
    put(storage)
    assert read(storage) == BYTES


def test_an_address_where_nobody_answers_is_said_so(bucket: Bucket, tmp_path: Path) -> None:
    nobody = Bucket("b", "http://127.0.0.1:9", access_key_id="a", secret_access_key="b")
    with pytest.raises(StorageUnavailable):
        s3_storage(nobody, tmp_path).check()


def test_an_answer_that_breaks_off_is_gone_on_with(
    storage: S3Storage, bucket: Bucket, faults: Faults, tmp_path: Path
) -> None:
    put(storage)
    faults.cut_after, faults.cuts = 300_000, 3
    assert read(storage) == BYTES

    faults.cut_after, faults.cuts = 0, 100
    other = elsewhere(bucket, tmp_path)
    with pytest.raises(StorageUnavailable), other.local_copy("users/ada/a.pdf"):
        pass


def test_bytes_that_are_not_those_that_were_put_are_not_read(
    s3: S3Server, storage: S3Storage, bucket: Bucket, tmp_path: Path
) -> None:
    s3.client.put_object(Bucket=bucket.name, Key="users/ada/a.pdf", Body=b"other", Metadata={DIGEST: "0" * 64})
    with pytest.raises(DamagedFile), storage.local_copy("users/ada/a.pdf"):
        pass


def test_a_file_that_somebody_put_there_directly_is_read(s3: S3Server, storage: S3Storage, bucket: Bucket) -> None:
    s3.client.put_object(Bucket=bucket.name, Key="users/ada/a.pdf", Body=b"direct")
    s3.client.put_object(Bucket=bucket.name, Key="users/ada/folder/", Body=b"")

    assert storage.list("users/ada") == ["users/ada/a.pdf"]
    with storage.local_copy("users/ada/a.pdf") as path:
        assert path.read_bytes() == b"direct"


def test_a_new_version_is_seen_where_an_old_one_was_read(storage: S3Storage, bucket: Bucket, tmp_path: Path) -> None:
    other = elsewhere(bucket, tmp_path)
    for content in (b"old", b"new"):
        put(storage, content=content)
        with other.local_copy("users/ada/a.pdf") as path:
            assert path.read_bytes() == content


def test_a_link_is_signed_for_minutes_and_names_the_file(s3: S3Server, tmp_path: Path) -> None:
    bucket = s3.bucket(f"links-{os.urandom(8).hex()}", public_url=s3.url)
    storage = s3_storage(bucket, tmp_path)
    put(storage)
    link = storage.link("users/ada/a.pdf", "application/pdf", 'attachment; filename="a.pdf"')

    assert link is not None
    assert parse_qs(urlsplit(link).query)["X-Amz-Expires"] == ["300"]
    reply = httpx.get(link)
    assert reply.content == BYTES
    assert reply.headers["content-disposition"] == 'attachment; filename="a.pdf"'


def test_the_server_encrypts_what_it_is_asked_to(s3: S3Server, tmp_path: Path) -> None:
    bucket = s3.bucket(f"encrypted-{os.urandom(8).hex()}", encryption="AES256")
    put(s3_storage(bucket, tmp_path))

    head = s3.client.head_object(Bucket=bucket.name, Key="users/ada/a.pdf")
    assert head["ServerSideEncryption"] == "AES256"


def test_a_sweep_removes_uploads_that_nobody_will_finish(s3: S3Server, storage: S3Storage, bucket: Bucket) -> None:
    """This server says of every upload that it was begun years ago."""
    client = s3.client
    client.create_multipart_upload(Bucket=bucket.name, Key="users/ada/a.pdf")
    storage.sweep()
    assert "Uploads" not in client.list_multipart_uploads(Bucket=bucket.name)
