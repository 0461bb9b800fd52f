"""The whole product as a process, for tests and measurements: `python -m app` on a free port."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import httpx
import psutil

from tests.support.chroma import free_port

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120
CHILDREN = ("chroma", "app.worker", "app.writer", "app.web")


@dataclass
class Product:
    """`with Product.start(folder) as product:` runs it until the end of the block."""

    process: subprocess.Popen[str]
    folder: Path
    port: int

    @classmethod
    def start(cls, folder: Path, port: int | None = None, **extra: str) -> Self:
        port = port or free_port()
        environment = {**os.environ, "STUDYRAG_DATA_DIR": str(folder), "PORT": str(port), "HOST": "127.0.0.1", **extra}
        process = subprocess.Popen(
            [sys.executable, "-m", "app"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return cls(process, folder, port)

    def __enter__(self) -> Self:
        until(self.answers)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> str:
        """Ask it to end, wait for that, and return what it said."""
        if self.process.poll() is None:
            self.process.terminate()
        said, _ = self.process.communicate(timeout=PATIENCE)
        return said

    def children(self) -> dict[str, psutil.Process]:
        """The supervised processes by name."""
        found: dict[str, psutil.Process] = {}
        for child in psutil.Process(self.process.pid).children():
            with contextlib.suppress(psutil.NoSuchProcess):  # a zombie, which is one that is being replaced
                line = " ".join(child.cmdline())
                found |= {name: child for name in CHILDREN if name in line}
        return found

    def get(self, path: str) -> httpx.Response:
        return httpx.get(f"{self.address}{path}", timeout=30)

    def post(self, path: str, **body: Any) -> httpx.Response:
        return httpx.post(f"{self.address}{path}", json=body, timeout=60)

    def upload(self, name: str, content: bytes, book: str) -> dict[str, Any]:
        reply = httpx.post(
            f"{self.address}/api/documents/upload", files={"file": (name, content)}, data={"book": book}, timeout=60
        )
        document: dict[str, Any] = reply.raise_for_status().json()["documents"][0]
        return document

    def answers(self) -> bool:
        if self.process.poll() is not None:
            raise RuntimeError(f"the product did not start: {self.process.communicate()[0]}")
        try:
            return self.get("/health/ready").is_success
        except httpx.TransportError:
            return False


def until(true: Callable[[], bool], patience: float = PATIENCE) -> None:
    deadline = time.monotonic() + patience
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)
