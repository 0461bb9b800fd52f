"""Where backups lie: whole or not there, shared, checked, and not for ever."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest

from app.backup.manifest import File, Manifest, Rows
from app.backup.repository import Repository, UnusableBackup
from app.storage.local import LocalStorage
from tools.errors import NotFound

NOW = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)


def repository(folder: Path) -> Repository:
    return Repository(LocalStorage(folder / "there"), "studyrag", folder / "scratch")


def kept(there: Repository, content: bytes) -> str:
    with there.temporary() as path:
        path.write_bytes(content)
        return there.keep(path)


def made(there: Repository, moment: datetime, *contents: bytes) -> str:
    """A backup with these files."""
    name = there.begin(moment)
    files = [File(key=f"users/ada/{n}", digest=kept(there, content)) for n, content in enumerate(contents)]
    nothing = Rows(digest=kept(there, b""), rows=0)
    there.finish(name, Manifest(created_at=moment, revision="1", tables={}, memories=nothing, files=files, missing=[]))
    return name


def blobs(folder: Path) -> set[bytes]:
    return {path.read_bytes() for path in (folder / "there" / "studyrag" / "blobs").rglob("*") if path.is_file()}


def test_what_several_share_lies_there_once_and_goes_with_the_last(tmp_path: Path) -> None:
    there = repository(tmp_path)
    names = [made(there, NOW + timedelta(days=n), b"shared", b"only %d" % n) for n in range(3)]
    assert blobs(tmp_path) == {b"", b"shared", b"only 0", b"only 1", b"only 2"}

    there.prune(2, NOW + timedelta(days=3))
    assert there.names() == names[1:]
    assert blobs(tmp_path) == {b"", b"shared", b"only 1", b"only 2"}
    with repository(tmp_path).fetched(there.manifest(names[1]).files[1].digest) as path:
        assert path.read_bytes() == b"only 1"


def test_one_that_was_cut_short_is_not_there_and_its_remains_go_in_time(tmp_path: Path) -> None:
    there = repository(tmp_path)
    there.begin(NOW)
    kept(there, b"half")
    whole = made(there, NOW + timedelta(hours=1), b"whole")
    assert there.names() == [whole]

    there.prune(1, NOW + timedelta(hours=2))
    assert b"half" in blobs(tmp_path), "it may still be under way"
    there.prune(1, NOW + timedelta(days=2))
    assert blobs(tmp_path) == {b"", b"whole"}


def test_one_whose_parts_vanished_is_not_called_whole(tmp_path: Path) -> None:
    there = repository(tmp_path)
    name = there.begin(NOW)
    digest = kept(there, b"gone")
    LocalStorage(tmp_path / "there").delete(f"studyrag/blobs/{digest[:2]}/{digest}")
    gone = Rows(digest=digest, rows=0)

    with pytest.raises(UnusableBackup):
        there.finish(name, Manifest(created_at=NOW, revision="1", tables={}, memories=gone, files=[], missing=[]))
    assert there.names() == []


def test_what_comes_back_changed_is_not_kept(tmp_path: Path) -> None:
    class Forgetful(LocalStorage):
        def put(self, key: str, content: object) -> None:
            super().put(key, BytesIO(b"other"))

    there = Repository(Forgetful(tmp_path / "there"), "studyrag", tmp_path / "scratch")
    with pytest.raises(UnusableBackup):
        kept(there, b"this")
    assert blobs(tmp_path) == set()


@pytest.mark.parametrize("damage", [b"", b"{}", b"other"])
def test_what_was_damaged_since_is_not_used(tmp_path: Path, damage: bytes) -> None:
    there = repository(tmp_path)
    name = made(there, NOW, b"this")
    for path in (tmp_path / "there" / "studyrag").rglob("*"):
        if path.is_file():
            digest = there.manifest(name).files[0].digest if path.suffix == ".json" else ""
            path.write_bytes(damage)
    with pytest.raises(UnusableBackup):
        there.manifest(name)
    with pytest.raises(UnusableBackup), there.fetched(digest):
        pass


def test_there_is_no_backup_of_another_name(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        repository(tmp_path).manifest("20260101T000000000000Z")
