"""A broker of files for Celery: one message is one file, seen when it is whole and taken by one process only."""

import logging
import os
import time
from collections import deque
from pathlib import Path
from queue import Empty
from typing import Any
from uuid import uuid4

from kombu.transport import TRANSPORT_ALIASES, virtual
from kombu.utils.json import dumps, loads

log = logging.getLogger("studyrag.queue")

SCHEME = "files"
ABANDONED_SECONDS = 3600
"""A message half written for so long has lost its writer."""


class Channel(virtual.Channel):  # type: ignore[misc]
    """Messages are `{time}_{id}.{queue}.msg` in `folder`, in the order of their names.

    A file is written under another name and renamed, so that no reader sees half of it; it is taken by renaming it into
    `taken`, which succeeds for one process; what cannot be read is put into `broken`.
    """

    def __init__(self, connection: Any, **kwargs: Any) -> None:
        super().__init__(connection, **kwargs)
        self._folder = Path(connection.client.transport_options["folder"])
        self._taken, self._broken = self._folder / "taken", self._folder / "broken"
        for folder in (self._taken, self._broken):
            folder.mkdir(parents=True, exist_ok=True)
        self._listed: dict[str, deque[str]] = {}

    def _put(self, queue: str, message: dict[str, Any], **_: Any) -> None:
        name = f"{time.time_ns():020d}_{uuid4().hex}.{queue}.msg"
        part = self._folder / f".{name}.part"
        try:
            part.write_text(dumps(message), "utf-8")
            part.replace(self._folder / name)
        except OSError:
            part.unlink(missing_ok=True)
            raise

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:
        while (name := self._next(queue)) is not None:
            message = self._take(name)
            if message is not None:
                return message
        raise Empty

    def _next(self, queue: str) -> str | None:
        """The folder is listed again only when the last list is used up: it may hold many thousands."""
        listed = self._listed.get(queue)
        if not listed:
            listed = self._listed[queue] = deque(self._names(queue))
        return listed.popleft() if listed else None

    def _take(self, name: str) -> dict[str, Any] | None:
        """None when another process was faster, or when there is nothing to be read in it."""
        mine = self._taken / name
        try:
            (self._folder / name).rename(mine)
        except FileNotFoundError:
            return None
        message = _read(mine)
        if message is None:
            log.error("a message cannot be read and was put aside: %s", self._broken / name)
            mine.rename(self._broken / name)
        else:
            mine.unlink()
        return message

    def _names(self, queue: str) -> list[str]:
        return sorted(name for name in os.listdir(self._folder) if name.partition(".")[2] == f"{queue}.msg")

    def _size(self, queue: str) -> int:
        return len(self._names(queue))

    def _purge(self, queue: str) -> int:
        return sum(self._take(name) is not None for name in self._names(queue))


def _read(path: Path) -> dict[str, Any] | None:
    """None for what is no message: the disk was full, or the machine lost its power."""
    try:
        message = loads(path.read_bytes())
    except ValueError:
        return None
    return message if isinstance(message, dict) and "properties" in message else None


class Transport(virtual.Transport):  # type: ignore[misc]
    """Kombu's virtual transport over the files of `Channel`; queues are bound by each process for itself."""

    Channel = Channel
    driver_type = driver_name = SCHEME

    def driver_version(self) -> str:
        """There is no driver but this module."""
        return "1"


def register() -> None:
    """Let Celery know the transport by its name, `files://`."""
    TRANSPORT_ALIASES[SCHEME] = f"{__name__}:Transport"


def sweep(folder: Path) -> None:
    """Remove what writers left half written, and what readers had taken, when they were killed."""
    if not folder.exists():
        return
    for path in (*folder.glob(".*.part"), *folder.glob("taken/*.msg")):
        try:
            # The time of its last renaming: a message may have waited for long before it was taken.
            if time.time() - path.stat().st_ctime > ABANDONED_SECONDS:
                path.unlink()
        except FileNotFoundError:
            continue
