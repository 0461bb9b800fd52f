"""Copies of objects on this machine's disk."""

import os
from pathlib import Path

from app.storage.copies import Copies


def keep(copies: Copies, key: str, version: str, content: bytes) -> None:
    with copies.temporary() as path:
        path.write_bytes(content)
        with copies.kept(path, key, version):
            pass


def has(copies: Copies, key: str, version: str | None = None) -> bool:
    with copies.held(key, version) as path:
        return path is not None


def test_the_copy_of_a_version_takes_the_place_of_the_others(tmp_path: Path) -> None:
    copies = Copies(tmp_path, 1000)
    keep(copies, "a", "1", b"one")
    keep(copies, "a", "2", b"two")

    assert (has(copies, "a", "1"), has(copies, "a", "2"), has(copies, "a"), has(copies, "b")) == (
        False, True, True, False,
    )  # fmt: skip
    copies.drop("a")
    assert not has(copies, "a")


def test_the_least_recently_used_make_room(tmp_path: Path) -> None:
    copies = Copies(tmp_path, 250)
    for key in ("a", "b"):
        keep(copies, key, "1", bytes(100))
    for path in filter(Path.is_file, tmp_path.iterdir()):
        os.utime(path, (1, 1))
    assert has(copies, "a")  # which uses it
    keep(copies, "c", "1", bytes(100))

    assert [key for key in "abc" if has(copies, key)] == ["a", "c"]


def test_what_somebody_has_in_hand_stays(tmp_path: Path) -> None:
    copies, neighbour = Copies(tmp_path, 150), Copies(tmp_path, 150)
    keep(copies, "a", "1", bytes(100))
    with copies.held("a", "1") as path:
        keep(neighbour, "b", "1", bytes(100))
        assert path is not None
        assert path.exists()


def test_what_is_larger_than_all_the_room_can_be_used_and_goes_then(tmp_path: Path) -> None:
    copies = Copies(tmp_path, 50)
    with copies.temporary() as path:
        path.write_bytes(bytes(100))
        with copies.kept(path, "a", "1") as kept:
            assert kept.stat().st_size == 100
    assert not has(copies, "a")
