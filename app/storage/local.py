"""Originals and page images as files in the data folder, under the same keys an object store would have."""

import fcntl
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from app.storage import files
from app.storage.keys import RESERVED, is_key
from tools.errors import NotFound, StudyError

INCOMING = RESERVED
LITTLE_SPACE = 500 << 20


class LocalStorage:
    """Implements tools.ports.Storage; a file is written beside the others and renamed when it is whole."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self._incoming = self.root / INCOMING
        self._incoming.mkdir(parents=True, exist_ok=True)

    def put(self, key: str, content: BinaryIO) -> None:
        """Store what is left to read, all of it or nothing."""
        target = self._path(key)
        with files.full_disk_is_an_error(), files.temporary(self._incoming) as path:
            files.write(path, content)
            self._place(path, target)

    def stream(self, key: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes from `start` up to `end`, in blocks. Raises NotFound at once."""
        return files.blocks(self._file(key), start, end)

    @contextmanager
    def local_copy(self, key: str) -> Iterator[Path]:
        """The object's own file; nothing is copied."""
        yield self._file(key)

    def delete(self, key: str) -> None:
        """Remove an object, and the folders that were there for it alone."""
        with suppress(NotFound):
            path = self._file(key)
            path.unlink(missing_ok=True)
            self._prune(path.parent)

    def list(self, folder: str) -> Sequence[str]:
        """The keys below a folder, in order."""
        try:
            base = self._path(folder)
        except NotFound:
            return []
        files = (path for path in base.rglob("*") if path.is_file() and not path.is_symlink())
        return sorted(path.relative_to(self.root).as_posix() for path in files)

    def link(self, key: str, media_type: str, disposition: str) -> str | None:
        """None: what lies in a folder is served by the product itself."""
        return None

    def check(self) -> str:
        """How much room there is. Raises StudyError when there is little."""
        free = shutil.disk_usage(self.root).free
        if free < LITTLE_SPACE:
            raise StudyError(f"Only {free >> 20} MB are free on the disk of the data folder.")
        return f"{free >> 20:,} MB free"

    def sweep(self) -> None:
        """Remove what processes left behind that died while they wrote."""
        files.sweep(self._incoming)

    def _path(self, key: str) -> Path:
        """Where the object of a key lies or would lie. Raises NotFound, also when a link leads out of the store."""
        if not is_key(key):
            raise NotFound
        path = self.root.joinpath(*key.split("/"))
        if not path.resolve().is_relative_to(self.root):
            raise NotFound
        return path

    def _file(self, key: str) -> Path:
        path = self._path(key)
        if not path.is_file():
            raise NotFound
        return path

    def _place(self, path: Path, target: Path) -> None:
        with self._folders():
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)

    def _prune(self, folder: Path) -> None:
        with self._folders():
            while folder != self.root:
                try:
                    folder.rmdir()
                except OSError:  # not empty, or gone already
                    return
                folder = folder.parent

    @contextmanager
    def _folders(self) -> Iterator[None]:
        """One at a time, over all processes: a folder must not go between being made and being filled."""
        handle = os.open(self._incoming, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)
