"""What only encryption can get wrong."""

import io
import os
from pathlib import Path

import pytest

from app.storage.local import LocalStorage
from app.storage.sealed import CHUNK, HEADER, Key, SealedStorage
from tools.errors import DamagedFile, LockedFile

SECRET = b"zanzibar" * 40_000
OLD, NEW = Key(bytes(32)), Key(bytes([1]) * 32)
ONE = CHUNK + 16


def stores(folder: Path, *keys: Key) -> tuple[LocalStorage, SealedStorage]:
    plain = LocalStorage(folder / "objects")
    return plain, SealedStorage(plain, keys, folder / "opened")


def read(storage: LocalStorage | SealedStorage, start: int = 0, end: int | None = None) -> bytes:
    return b"".join(storage.stream("a.pdf", start, end))


def test_nothing_of_it_can_be_read_in_the_store(tmp_path: Path) -> None:
    plain, sealed = stores(tmp_path, OLD)
    for key in ("a.pdf", "b.pdf"):
        sealed.put(key, io.BytesIO(SECRET))

    assert b"zanzibar" not in read(plain)
    assert read(plain) != b"".join(plain.stream("b.pdf")), "the same bytes twice must not look the same"
    assert read(sealed) == SECRET


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_ranges_over_the_borders_of_chunks(tmp_path: Path, size: int) -> None:
    _, sealed = stores(tmp_path, OLD)
    content = os.urandom(size)
    sealed.put("a.pdf", io.BytesIO(content))

    marks = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK, 4 * CHUNK]
    for start in marks:
        assert read(sealed, start) == content[start:]
        for end in marks:
            assert read(sealed, start, end) == content[start:end], (start, end)


def test_what_was_stored_before_there_was_a_key_is_read_as_it_is(tmp_path: Path) -> None:
    plain, sealed = stores(tmp_path, OLD)
    plain.put("a.pdf", io.BytesIO(SECRET))

    assert read(sealed, 8, 16) == b"zanzibar"
    with sealed.local_copy("a.pdf") as path:
        assert path.read_bytes() == SECRET


@pytest.mark.parametrize("keys", [(), (NEW,)], ids=["none", "another"])
def test_without_its_key_a_file_says_which_setting_is_missing(tmp_path: Path, keys: tuple[Key, ...]) -> None:
    stores(tmp_path, OLD)[1].put("a.pdf", io.BytesIO(SECRET))
    _, locked = stores(tmp_path, *keys)

    with pytest.raises(LockedFile, match="STUDYRAG_STORAGE_KEY"):
        locked.stream("a.pdf")
    with pytest.raises(LockedFile), locked.local_copy("a.pdf"):
        pass


def test_an_older_key_goes_on_opening_what_it_sealed(tmp_path: Path) -> None:
    stores(tmp_path, OLD)[1].put("a.pdf", io.BytesIO(SECRET))
    _, both = stores(tmp_path, NEW, OLD)
    assert read(both) == SECRET

    both.put("a.pdf", io.BytesIO(SECRET))
    assert read(stores(tmp_path, NEW)[1]) == SECRET


@pytest.mark.parametrize(
    "damage",
    [
        lambda stored: stored[:-1],
        lambda stored: stored[: HEADER + 2 * ONE],
        lambda stored: stored[:HEADER],
        lambda stored: stored[:-1] + bytes([stored[-1] ^ 1]),
        lambda stored: stored[:HEADER] + stored[HEADER + ONE : HEADER + 2 * ONE] + stored[HEADER + ONE :],
        lambda stored: stored[: HEADER - 1] + bytes([stored[HEADER - 1] ^ 1]) + stored[HEADER:],
        lambda stored: stored + b"x",
    ],
    ids=["cut", "cut between chunks", "cut behind the header", "changed", "chunks moved", "other salt", "more"],
)
def test_what_was_changed_in_the_store_is_not_read(tmp_path: Path, damage) -> None:  # type: ignore[no-untyped-def]
    plain, sealed = stores(tmp_path, OLD)
    sealed.put("a.pdf", io.BytesIO(SECRET))
    plain.put("a.pdf", io.BytesIO(damage(read(plain))))

    with pytest.raises(DamagedFile):
        read(sealed)
    with pytest.raises(DamagedFile), sealed.local_copy("a.pdf"):
        pass


def test_an_opened_copy_is_gone_after_its_use(tmp_path: Path) -> None:
    _, sealed = stores(tmp_path, OLD)
    sealed.put("a.pdf", io.BytesIO(SECRET))
    with sealed.local_copy("a.pdf") as path:
        assert path.read_bytes() == SECRET
    assert list((tmp_path / "opened").iterdir()) == []
