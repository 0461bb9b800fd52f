"""Reads a document in a process of its own, so that no file can hurt the worker."""

import contextlib
import json
import logging
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ingestion.errors import Cancelled, DamagedDocument, ReaderStopped
from ingestion.partition import wire
from ingestion.partition.kinds import FileKind, sniff
from ingestion.types import Outline, Page
from tools.correlation import request_id
from tools.errors import UnreadableDocument

log = logging.getLogger(__name__)
ROOT = Path(__file__).parents[2]
POLL_SECONDS = 0.25
COMPLAINT_BYTES = 2000
STALL_SECONDS = dict.fromkeys(FileKind, 240.0) | {FileKind.PDF: 60.0}
"""A PDF sends page after page; the other readers know their first page only when they have read the last."""
READ_BYTES = 1 << 16
PASSED_ON = ("PATH", "LANG", "LC_ALL", "TMPDIR", "TESSDATA_PREFIX", "VIRTUAL_ENV", "HOME")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may take; `stall_seconds` is the longest silence, None that of its format."""

    pages: int
    memory_mb: int = 700
    cpu_seconds: int = 900
    stall_seconds: float | None = None


def partition(path: Path, filename: str, limits: Limits, should_stop: Callable[[], bool]) -> Iterator[Outline | Page]:
    """First the outline, then the pages in order; raises an UnreadableDocument, or Cancelled within half a second."""
    kind = sniff(path, filename)
    order = {
        "path": str(path.resolve()),
        "filename": filename,
        "kind": kind,
        "max_pages": limits.pages,
        "memory_mb": limits.memory_mb,
        "cpu_seconds": limits.cpu_seconds,
        "request": request_id(),
    }
    patience = limits.stall_seconds or STALL_SECONDS[kind]
    with tempfile.TemporaryFile() as complaints:
        yield from _read(_start(order, complaints), complaints, should_stop, patience)


def _read(
    child: subprocess.Popen[bytes], complaints: IO[bytes], should_stop: Callable[[], bool], stall_seconds: float
) -> Iterator[Outline | Page]:
    try:
        for line in _lines(child, should_stop, stall_seconds):
            item = _item(line)
            if isinstance(item, UnreadableDocument):
                raise item
            yield item
        _check_end(child, complaints)
    finally:
        _stop(child)


def _start(order: dict[str, object], complaints: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "ingestion.partition.child", json.dumps(order)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=complaints,
        cwd=ROOT,
        env=_environment(),
        start_new_session=True,
    )


def _environment() -> dict[str, str]:
    """No secrets for a process that parses strangers' files, and no calls home from its libraries."""
    kept = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return kept | {
        "PYTHONIOENCODING": "utf-8",
        "PYTHONWARNINGS": "ignore",
        "UNSTRUCTURED_DISABLE_NOTICE": "1",
        "DO_NOT_TRACK": "true",
        "SCARF_NO_ANALYTICS": "true",
        "OMP_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "2",
    }


def _lines(child: subprocess.Popen[bytes], should_stop: Callable[[], bool], stall_seconds: float) -> Iterator[bytes]:
    assert child.stdout is not None
    pending = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdout, selectors.EVENT_READ)
        while data := _next_bytes(child, selector, should_stop, stall_seconds):
            pending += data
            *whole, rest = pending.split(b"\n")
            pending = bytearray(rest)
            for line in whole:
                if should_stop():
                    raise Cancelled
                yield bytes(line)


def _next_bytes(
    child: subprocess.Popen[bytes],
    selector: selectors.BaseSelector,
    should_stop: Callable[[], bool],
    stall_seconds: float,
) -> bytes:
    assert child.stdout is not None
    give_up = time.monotonic() + stall_seconds
    while not selector.select(POLL_SECONDS):
        if should_stop():
            raise Cancelled
        if time.monotonic() > give_up:
            raise ReaderStopped
    return os.read(child.stdout.fileno(), READ_BYTES)


def _item(line: bytes) -> Outline | Page | UnreadableDocument:
    try:
        return wire.from_line(line)
    except (ValueError, KeyError, TypeError) as garbled:
        raise DamagedDocument from garbled


def _check_end(child: subprocess.Popen[bytes], complaints: IO[bytes]) -> None:
    """A reader that ends without a word of its own was ended by a limit or by the file."""
    code = child.wait()
    if code in {-signal.SIGXCPU, -signal.SIGKILL}:
        raise ReaderStopped
    if code != 0:
        complaints.seek(max(complaints.seek(0, os.SEEK_END) - COMPLAINT_BYTES, 0))
        log.warning("a reader ended with %s: %s", code, complaints.read().decode(errors="replace"))
        raise DamagedDocument(
            "This file is damaged, or needs far too much memory to read. Save it again and upload it."
        )


def _stop(child: subprocess.Popen[bytes]) -> None:
    assert child.stdout is not None
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()
