"""Copies of objects on this machine: fetched once, and to be read while the store is away."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path, PurePosixPath

from app.storage import files


class Copies:
    """The least recently used go beyond `limit` bytes, but none that somebody has in hand; processes may share it."""

    def __init__(self, root: Path, limit: int) -> None:
        self._root = root
        self._limit = limit
        self._incoming = root / "incoming"
        self._incoming.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def temporary(self) -> Iterator[Path]:
        """A file to be kept; gone afterwards unless it was."""
        with files.temporary(self._incoming) as path:
            yield path

    @contextmanager
    def kept(self, path: Path, key: str, version: str) -> Iterator[Path]:
        """Take a finished file as the copy of an object, in place of its other versions, and hold it as `held` does."""
        target = self._path(key, version)
        handle = _opened(path)
        assert handle is not None
        try:
            path.replace(target)
            for other in self._versions(key):
                if other != target:
                    other.unlink(missing_ok=True)
            yield target
        finally:
            os.close(handle)
            self._make_room()

    @contextmanager
    def held(self, key: str, version: str | None = None) -> Iterator[Path | None]:
        """The copy of a version, or of the last one there was, kept as long as the context lasts; None without one."""
        path = self._path(key, version) if version else next(iter(self._versions(key)), None)
        handle = _opened(path) if path else None
        try:
            yield path if handle is not None else None
        finally:
            if handle is not None:
                os.close(handle)

    def drop(self, key: str) -> None:
        """The object is gone."""
        for path in self._versions(key):
            path.unlink(missing_ok=True)

    def sweep(self) -> None:
        """Remove what processes left behind that died while they wrote."""
        files.sweep(self._incoming)

    def _path(self, key: str, version: str) -> Path:
        return self._root / f"{_digest(key)}.{_digest(version)}{PurePosixPath(key).suffix[:12]}"

    def _versions(self, key: str) -> list[Path]:
        return list(self._root.glob(f"{_digest(key)}.*"))

    def _make_room(self) -> None:
        found = []
        for path in self._root.iterdir():
            with suppress(FileNotFoundError):
                if path.is_file():
                    found.append((path.stat().st_mtime, path.stat().st_size, path))
        too_much = sum(size for _, size, _ in found) - self._limit
        for _, size, path in sorted(found):
            if too_much <= 0:
                return
            if _removed(path):
                too_much -= size


def _opened(path: Path) -> int | None:
    """A handle that keeps the file from being removed to make room; None when it is gone."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return None
    fcntl.flock(handle, fcntl.LOCK_SH)
    if os.fstat(handle).st_nlink == 0:  # removed between the two
        os.close(handle)
        return None
    os.utime(handle)
    return handle


def _removed(path: Path) -> bool:
    """Whether the file is gone now; one in use stays."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink(missing_ok=True)
    except BlockingIOError:
        return False
    finally:
        os.close(handle)
    return True


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=16).hexdigest()
