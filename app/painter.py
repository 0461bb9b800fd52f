"""The process that looks into PDF pages, apart from the web process: the PDF library is not safe with threads."""

import base64
import json
import os
import resource
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from ingestion.partition.render import locate, render_page
from tools.errors import StudyError

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_SECONDS = 20.0
IDLE_SECONDS = 120.0
IMAGE_WIDTH = 1200
MEMORY_BYTES = 2 << 30
PASSED_ON = ("PATH", "LANG", "LC_ALL", "VIRTUAL_ENV")

Box = tuple[float, float, float, float]


class PageNotDrawn(StudyError):
    """I could not draw this page; its text is there to read."""

    code = "page_not_drawn"
    status = 422


class Painter:
    """Hands orders to a child process, one at a time; the child starts when needed and goes when idle."""

    def __init__(self, patience: float = PATIENCE_SECONDS, idle: float = IDLE_SECONDS) -> None:
        self.patience = patience
        self.idle = idle
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._dismissal: threading.Timer | None = None

    def paint(self, path: Path, index: int) -> bytes:
        """PNG of a PDF's page, from 1. Raises PageNotDrawn."""
        return base64.b64decode(self._ask({"path": str(path), "index": index})["png"])

    def locate(self, path: Path, index: int, quote: str) -> list[Box]:
        """Where the quote stands, as shares of the page: left, top, right, bottom. Raises PageNotDrawn."""
        boxes = self._ask({"path": str(path), "index": index, "quote": quote})["boxes"]
        return [(left, top, right, bottom) for left, top, right, bottom in boxes]

    def close(self) -> None:
        """Stop the child; a later order starts another."""
        with self._lock:
            self._stop()

    def _ask(self, order: dict[str, Any]) -> dict[str, Any]:
        with self._lock:
            answer = self._exchange(order)
            self._dismiss_later()
        if answer is None or "error" in answer:
            raise PageNotDrawn
        return answer

    def _exchange(self, order: dict[str, Any]) -> dict[str, Any] | None:
        """None when the child died or took too long; then the next order gets a new one."""
        child = self._running()
        assert child.stdin is not None
        assert child.stdout is not None
        watchdog = threading.Timer(self.patience, child.kill)
        watchdog.start()
        try:
            child.stdin.write(json.dumps(order).encode() + b"\n")
            child.stdin.flush()
            line = child.stdout.readline()
        except BrokenPipeError:
            line = b""
        finally:
            watchdog.cancel()
        if not line.endswith(b"\n"):
            self._stop()
            return None
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _running(self) -> subprocess.Popen[bytes]:
        if self._dismissal is not None:
            self._dismissal.cancel()
        if self._child is None or self._child.poll() is not None:
            self._stop()
            self._child = subprocess.Popen(
                [sys.executable, "-m", "app.painter"],
                cwd=ROOT,
                env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        return self._child

    def _dismiss_later(self) -> None:
        self._dismissal = threading.Timer(self.idle, self.close)
        self._dismissal.daemon = True
        self._dismissal.start()

    def _stop(self) -> None:
        if self._dismissal is not None:
            self._dismissal.cancel()
        if self._child is not None:
            self._child.kill()
            self._child.communicate()
            self._child = None


def main() -> None:
    """Answers each line with a line until there are no more."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # whatever the library prints must not look like an answer
    for line in sys.stdin.buffer:
        answers.write(json.dumps(_answer(json.loads(line))).encode() + b"\n")


def _answer(order: dict[str, Any]) -> dict[str, Any]:
    path, index = Path(order["path"]), order["index"]
    try:
        if "quote" in order:
            return {"boxes": locate(path, index, order["quote"])}
        return {"png": base64.b64encode(render_page(path, index, IMAGE_WIDTH)).decode()}
    except (StudyError, OSError, MemoryError) as error:
        return {"error": type(error).__name__}


if __name__ == "__main__":
    main()
