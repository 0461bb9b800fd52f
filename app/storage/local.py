"""Originals and page images as files in the data folder, under the same keys an object store would have."""

import errno
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from tools.errors import NotFound, StorageFull

BLOCK = 1 << 18
INCOMING = ".incoming"
ABANDONED_SECONDS = 24 * 3600


class LocalStorage:
    """Implements tools.ports.Storage; a file is written beside the others and renamed when it is whole."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self._incoming = self.root / INCOMING
        self._incoming.mkdir(parents=True, exist_ok=True)
        self._sweep()

    def put(self, key: str, content: BinaryIO) -> None:
        """Store what is left to read, all of it or nothing."""
        target = self._path(key)
        with _full_disk_is_an_error(), self._temporary() as path:
            with path.open("wb") as file:
                shutil.copyfileobj(content, file, BLOCK)
            self._place(path, target)

    def stream(self, key: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes from `start` up to `end`, in blocks. Raises NotFound at once."""
        return _blocks(self._file(key), start, end)

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

    def _path(self, key: str) -> Path:
        """Where the object of a key lies or would lie. Raises NotFound, also when a link leads out of the store."""
        parts = key.split("/")
        if parts[0] == INCOMING or "\0" in key or not {"", ".", ".."}.isdisjoint(parts):
            raise NotFound
        path = self.root.joinpath(*parts)
        if not path.resolve().is_relative_to(self.root):
            raise NotFound
        return path

    def _file(self, key: str) -> Path:
        path = self._path(key)
        if not path.is_file():
            raise NotFound
        return path

    @contextmanager
    def _temporary(self) -> Iterator[Path]:
        """A file on the same disk; gone afterwards unless it was given its place."""
        handle, name = tempfile.mkstemp(dir=self._incoming)
        os.close(handle)
        path = Path(name)
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

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

    def _sweep(self) -> None:
        """Remove what processes left behind that died while they wrote."""
        for path in self._incoming.iterdir():
            with suppress(FileNotFoundError):
                if time.time() - path.stat().st_mtime > ABANDONED_SECONDS:
                    path.unlink()


def _blocks(path: Path, start: int, end: int | None) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(start)
        left = None if end is None else max(end - start, 0)
        while block := file.read(BLOCK if left is None else min(BLOCK, left)):
            left = None if left is None else left - len(block)
            yield block


@contextmanager
def _full_disk_is_an_error() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull from error
        raise
