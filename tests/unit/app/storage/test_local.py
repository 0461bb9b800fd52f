"""What only files in a folder can get wrong."""

import io
import os
import time
from pathlib import Path

import pytest

from app.storage.files import ABANDONED_SECONDS
from app.storage.local import LocalStorage
from tools.errors import NotFound


def test_a_link_does_not_lead_out_of_the_store(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path / "objects")
    (tmp_path / "secret").write_text("x")
    (tmp_path / "objects" / "users").mkdir()
    (tmp_path / "objects" / "users" / "link").symlink_to(tmp_path)

    with pytest.raises(NotFound):
        storage.stream("users/link/secret")
    assert storage.list("users") == []


def test_no_empty_folder_is_left_behind(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path / "objects")
    storage.put("users/ada/pages/d1/1.png", io.BytesIO(b"x"))
    storage.delete("users/ada/pages/d1/1.png")

    assert not (tmp_path / "objects" / "users").exists()


def test_a_sweep_removes_what_a_killed_process_left_but_not_what_is_being_written(tmp_path: Path) -> None:
    incoming = tmp_path / "objects" / ".incoming"
    incoming.mkdir(parents=True)
    (incoming / "old").write_bytes(b"x")
    (incoming / "new").write_bytes(b"x")
    long_ago = time.time() - ABANDONED_SECONDS - 1
    os.utime(incoming / "old", (long_ago, long_ago))

    LocalStorage(tmp_path / "objects").sweep()

    assert [path.name for path in incoming.iterdir()] == ["new"]
