"""The process that reads one document under limits: `python -m ingestion.partition.child '<order>'`."""

import json
import os
import resource
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import IO, Any

from ingestion.errors import ReaderStopped
from ingestion.partition import wire
from ingestion.partition.kinds import FileKind
from ingestion.types import Outline, Page
from tools.discretion import told
from tools.errors import UnreadableDocument

MB = 1 << 20


def main() -> None:
    """Write the document of the first argument as lines, without network and within limits."""
    order = json.loads(sys.argv[1])
    _limit(order["memory_mb"], order["cpu_seconds"])
    sys.addaudithook(_no_network)
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    out = os.fdopen(os.dup(1), "wb", buffering=0)
    sys.excepthook = partial(_complain, os.fdopen(os.dup(2), "w"), order["request"])
    for stream in (1, 2):  # whatever a library prints must not look like a page, nor take its words into a log
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
    try:
        for item in read(Path(order["path"]), order["filename"], FileKind(order["kind"]), order["max_pages"]):
            out.write(wire.to_line(item))
    except UnreadableDocument as error:
        out.write(wire.to_line(error))
    except (MemoryError, RecursionError):
        out.write(wire.to_line(ReaderStopped()))
    os._exit(0)


def read(path: Path, filename: str, kind: FileKind, max_pages: int) -> Iterator[Outline | Page]:
    """Each reader is imported only when its kind is at hand: a PDF must not wait for the others."""
    if kind is FileKind.PDF:
        from ingestion.partition import pdf

        return pdf.read(path, max_pages)
    from ingestion.partition import sections

    return sections.read(path, filename, kind, max_pages)


def _complain(log: IO[str], request: str, _kind: type[BaseException], error: BaseException, _trace: object) -> None:
    log.write(f"{request} {told(error)}")
    log.flush()


def _limit(memory_mb: int, cpu_seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb * MB, memory_mb * MB))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _no_network(event: str, arguments: tuple[Any, ...]) -> None:
    if event in {"socket.connect", "socket.getaddrinfo", "socket.sendto"}:
        raise OSError(f"A document may not reach the network: {event} {arguments[-1]}")


def _end_with_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


if __name__ == "__main__":
    main()
