"""What every store of objects promises."""

import errno
import io
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.storage.keys import delete_below
from app.storage.local import LocalStorage
from app.storage.sealed import Key, SealedStorage
from tests.support.s3 import S3Server, s3_storage
from tools.errors import NotFound, StorageFull
from tools.ports import Storage

LARGE = bytes(range(256)) * 5000
ODD = ["a b/c d.txt", "Ökologie/Физика/北京 😀.pdf", "a/%2e%2e/b", "a\\b", "-rf", "a/.hidden", "quo\"te's", "x" * 200]
NO_KEYS = [
    "",
    "/",
    "/etc/passwd",
    "a//b",
    "a/",
    "../a",
    "a/../b",
    "a/./b",
    "..",
    ".",
    "nul\0byte",
    ".incoming/a",
    "ü" * 513,
]


Make = Callable[[pytest.FixtureRequest, Path], Storage]


def local(_request: pytest.FixtureRequest, folder: Path) -> Storage:
    return LocalStorage(folder / "objects")


def s3(request: pytest.FixtureRequest, folder: Path) -> Storage:
    server: S3Server = request.getfixturevalue("s3")
    return s3_storage(server.bucket(f"contract-{os.urandom(8).hex()}"), folder)


def sealed(make: Make) -> Make:
    def make_sealed(request: pytest.FixtureRequest, folder: Path) -> Storage:
        return SealedStorage(make(request, folder), [Key(bytes(32))], folder / "opened")

    return make_sealed


STORES = {"local": local, "s3": s3, "local sealed": sealed(local), "s3 sealed": sealed(s3)}


@pytest.fixture(params=STORES.values(), ids=STORES.keys())
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    make: Make = request.param
    return make(request, tmp_path)


def put(storage: Storage, key: str, content: bytes) -> None:
    storage.put(key, io.BytesIO(content))


def read(storage: Storage, key: str, start: int = 0, end: int | None = None) -> bytes:
    return b"".join(storage.stream(key, start, end))


class Breaks(io.BytesIO):
    """Gives a first block, then the error."""

    def __init__(self, error: Exception) -> None:
        super().__init__(LARGE)
        self.error = error

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell():
            raise self.error
        return super().read(1000)


@pytest.mark.parametrize("content", [b"", b"x", LARGE], ids=["empty", "small", "large"])
def test_what_was_put_is_streamed_and_copied(storage: Storage, content: bytes) -> None:
    put(storage, "users/ada/a.bin", content)

    assert read(storage, "users/ada/a.bin") == content
    with storage.local_copy("users/ada/a.bin") as path:
        assert path.read_bytes() == content


def test_only_what_is_left_to_read_is_stored(storage: Storage) -> None:
    content = io.BytesIO(b"head and tail")
    content.seek(9)
    storage.put("a", content)

    assert read(storage, "a") == b"tail"


@pytest.mark.parametrize(
    ("start", "end"), [(0, 1), (5, 5), (300_000, 900_001), (1_279_999, None), (1_279_990, 1 << 40)]
)
def test_a_range_is_streamed_alone(storage: Storage, start: int, end: int | None) -> None:
    put(storage, "a", LARGE)

    assert read(storage, "a", start, end) == LARGE[start:end]


def test_a_large_object_comes_in_blocks(storage: Storage) -> None:
    put(storage, "a", LARGE)

    assert len(list(storage.stream("a"))) > 1


def test_what_is_not_there_is_not_found_before_the_first_block(storage: Storage) -> None:
    put(storage, "a/b", b"x")

    for key in ("b", "a", "a/b/c", *NO_KEYS):
        with pytest.raises(NotFound):
            storage.stream(key)
        with pytest.raises(NotFound), storage.local_copy(key):
            pass
        storage.delete(key)
    assert read(storage, "a/b") == b"x"


@pytest.mark.parametrize("key", [*NO_KEYS, "ü" * 513])
def test_what_is_no_key_cannot_be_put(storage: Storage, key: str) -> None:
    with pytest.raises(NotFound):
        put(storage, key, b"x")
    assert list(storage.list(key)) == []


def test_odd_keys_are_kept_as_they_are(storage: Storage) -> None:
    for key in ODD:
        put(storage, f"users/{key}", key.encode())

    assert sorted(storage.list("users")) == sorted(f"users/{key}" for key in ODD)
    assert all(read(storage, f"users/{key}") == key.encode() for key in ODD)


def test_putting_again_replaces_all_of_it(storage: Storage) -> None:
    put(storage, "a", LARGE)
    put(storage, "a", b"short")

    assert read(storage, "a") == b"short"


def test_who_reads_goes_on_with_the_object_it_began(storage: Storage) -> None:
    put(storage, "a", LARGE)
    blocks = storage.stream("a")
    first = next(blocks)
    put(storage, "a", bytes(len(LARGE)))

    assert first + b"".join(blocks) == LARGE


@pytest.mark.parametrize("error", [OSError(errno.ECONNRESET, "gone"), KeyboardInterrupt(), ValueError()])
def test_an_interrupted_put_leaves_nothing_and_harms_nothing(storage: Storage, error: Exception) -> None:
    put(storage, "users/old", b"old")
    for key in ("users/old", "users/new"):
        with pytest.raises(type(error)):
            storage.put(key, Breaks(error))

    assert list(storage.list("users")) == ["users/old"]
    assert read(storage, "users/old") == b"old"


def test_a_full_disk_is_said_and_nothing_is_kept(storage: Storage) -> None:
    with pytest.raises(StorageFull):
        storage.put("users/a", Breaks(OSError(errno.ENOSPC, "No space left on device")))

    assert list(storage.list("users")) == []


def test_a_deleted_object_is_gone_and_deleting_again_is_no_error(storage: Storage) -> None:
    put(storage, "users/ada/pages/1.png", b"x")
    put(storage, "users/ada/pages/2.png", b"y")
    storage.delete("users/ada/pages/1.png")
    storage.delete("users/ada/pages/1.png")

    assert list(storage.list("users/ada")) == ["users/ada/pages/2.png"]


def test_a_folder_lists_what_is_below_it_in_order(storage: Storage) -> None:
    inside = [f"users/ada/raw/{n:04d}" for n in range(30)]
    for key in [*reversed(inside), "users/ada/raw2/x", "users/ada/rawer", "users/bob/raw/x"]:
        put(storage, key, b"")

    assert list(storage.list("users/ada/raw")) == inside
    assert list(storage.list("users/nobody")) == []


def test_a_folder_goes_without_its_neighbours(storage: Storage) -> None:
    for key in ("users/ada/pages/d1/1.png", "users/ada/pages/d1/2.png", "users/ada/pages/d10/1.png"):
        put(storage, key, b"x")
    delete_below(storage, "users/ada/pages/d1")

    assert list(storage.list("users")) == ["users/ada/pages/d10/1.png"]


def test_many_at_once_put_and_delete_in_one_folder(storage: Storage) -> None:
    def work(n: int) -> bytes:
        key = f"users/ada/pages/{n}.png"
        for _ in range(20):
            put(storage, key, b"x")
            storage.delete(key)
        put(storage, key, str(n).encode())
        return read(storage, key)

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(work, range(8))) == [str(n).encode() for n in range(8)]
