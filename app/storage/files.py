"""Files of stores and caches: written beside the others, read in blocks, and a full disk said as such."""

import errno
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from tools.errors import StorageFull

BLOCK = 1 << 18
ABANDONED_SECONDS = 24 * 3600


@contextmanager
def temporary(folder: Path, suffix: str = "") -> Iterator[Path]:
    """A file in this folder; gone afterwards unless it was given another place."""
    handle, name = tempfile.mkstemp(dir=folder, suffix=suffix)
    os.close(handle)
    path = Path(name)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def write(path: Path, content: BinaryIO) -> None:
    """What is left to read, into a file. Raises StorageFull."""
    with full_disk_is_an_error(), path.open("wb") as file:
        shutil.copyfileobj(content, file, BLOCK)


def blocks(path: Path, start: int, end: int | None) -> Iterator[bytes]:
    """The bytes from `start` up to `end`."""
    with path.open("rb") as file:
        file.seek(start)
        left = None if end is None else max(end - start, 0)
        while block := file.read(BLOCK if left is None else min(BLOCK, left)):
            left = None if left is None else left - len(block)
            yield block


def sweep(folder: Path) -> None:
    """Remove what processes left behind that died while they wrote."""
    for path in folder.iterdir():
        with suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > ABANDONED_SECONDS:
                path.unlink()


@contextmanager
def full_disk_is_an_error() -> Iterator[None]:
    """Raises StorageFull in place of what the system says."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull from error
        raise
