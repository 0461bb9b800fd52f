"""The whole product as a process, for tests and measurements: `python -m app` on a free port."""

import atexit
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Self

import httpx
import psutil

from app.supervisor import quiet_environment
from tests.support.chroma import free_port

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 900
"""No measure of speed: whatever takes longer hangs."""
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
        if not (folder / "models").exists():
            shutil.copytree(built_model(), folder / "models")
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
        """Waits as long as it lives: how long a start takes is the machine's affair."""
        while not self.answers():
            time.sleep(0.3)
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

    def kill_web(self) -> None:
        """What a crash does; the supervisor starts it again."""
        self.children()["app.web"].kill()

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


@cache
def built_model() -> Path:
    """The built-in embedding model, built once for all that are started by this process."""
    folder = Path(tempfile.mkdtemp(prefix="studyrag-model-"))
    atexit.register(shutil.rmtree, folder)
    environment = {**os.environ, **quiet_environment(), "STUDYRAG_DATA_DIR": str(folder)}
    subprocess.run([sys.executable, "-m", "app.prepare"], cwd=ROOT, env=environment, check=True)
    return folder / "models"


def until(true: Callable[[], bool], patience: float = PATIENCE) -> None:
    deadline = time.monotonic() + patience
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)
