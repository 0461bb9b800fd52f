"""Originals and page images as files in the data folder, under the same keys an object store would have."""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.errors import NotFound, StorageFull


class LocalStorage:
    """Keys are relative POSIX paths such as `users/{owner}/raw_data/{semester}/{subject}/{book}/{file}`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.incoming = root / ".incoming"
        self.incoming.mkdir(parents=True, exist_ok=True)

    def path(self, key: str) -> Path:
        """Where the object lies. Raises NotFound for a key that leaves the store."""
        path = (self.root / key).resolve()
        if not path.is_relative_to(self.root.resolve()):
            raise NotFound
        return path

    @contextmanager
    def temporary(self) -> Iterator[Path]:
        """A file on the same disk to write an upload into; gone afterwards unless it was adopted."""
        handle, name = tempfile.mkstemp(dir=self.incoming)
        os.close(handle)
        path = Path(name)
        try:
            with full_disk_is_an_error():
                yield path
        finally:
            path.unlink(missing_ok=True)

    def adopt(self, path: Path, key: str) -> None:
        """Move a temporary file to its key, atomically."""
        target = self.path(key)
        with full_disk_is_an_error():
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(path, target)

    def put(self, key: str, content: bytes) -> None:
        with self.temporary() as path:
            path.write_bytes(content)
            self.adopt(path, key)

    def exists(self, key: str) -> bool:
        return self.path(key).is_file()

    def read(self, key: str) -> bytes:
        try:
            return self.path(key).read_bytes()
        except FileNotFoundError as error:
            raise NotFound from error

    def delete(self, key: str) -> None:
        self.path(key).unlink(missing_ok=True)

    def delete_folder(self, prefix: str) -> None:
        shutil.rmtree(self.path(prefix), ignore_errors=True)

    def list(self, prefix: str) -> list[str]:
        """Keys below a prefix, in order."""
        base = self.path(prefix)
        return sorted(
            path.relative_to(self.root).as_posix()
            for path in base.rglob("*")
            if path.is_file() and not path.is_symlink()
        )


@contextmanager
def full_disk_is_an_error() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull from error
        raise
