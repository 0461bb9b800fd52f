"""`python -m app` as an operator meets it: one command, restarts what dies, stops cleanly, says why it cannot start."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import pytest

from tests.support.chroma import free_port

PATIENCE = 120
CHILDREN = {"chroma", "app.worker", "app.web"}


@dataclass
class Product:
    process: subprocess.Popen[str]
    folder: Path
    port: int

    def children(self) -> dict[str, int]:
        """Process ids of the supervised processes by name."""
        found = {}
        for child in psutil.Process(self.process.pid).children():
            with contextlib.suppress(psutil.NoSuchProcess):  # a zombie, which is one that is being replaced
                line = " ".join(child.cmdline())
                found |= {name: child.pid for name in CHILDREN if name in line}
        return found

    def get(self, path: str) -> httpx.Response:
        return httpx.get(f"http://127.0.0.1:{self.port}{path}", timeout=10)

    def answers(self) -> bool:
        try:
            return self.get("/health/ready").is_success
        except httpx.TransportError:
            return False


def start(folder: Path, port: int, **extra: str) -> Product:
    environment = {**os.environ, "STUDYRAG_DATA_DIR": str(folder), "PORT": str(port), "HOST": "127.0.0.1", **extra}
    process = subprocess.Popen(
        [sys.executable, "-m", "app"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    return Product(process, folder, port)


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    product = start(tmp_path_factory.mktemp("product"), free_port())
    until(product.answers)
    yield product
    if product.process.poll() is None:
        product.process.terminate()
    product.process.communicate(timeout=PATIENCE)


def test_a_second_start_on_the_same_data_folder_says_where_the_first_one_is(product: Product) -> None:
    second = start(product.folder, free_port())
    said, _ = second.process.communicate(timeout=PATIENCE)
    assert second.process.returncode == 1
    assert f"http://127.0.0.1:{product.port}" in said


def test_a_port_in_use_is_said(product: Product, tmp_path: Path) -> None:
    second = start(tmp_path, product.port)
    said, _ = second.process.communicate(timeout=PATIENCE)
    assert second.process.returncode == 1
    assert str(product.port) in said


def test_a_public_address_without_accounts_does_not_start(tmp_path: Path) -> None:
    refused = start(tmp_path, free_port(), HOST="0.0.0.0")
    said, _ = refused.process.communicate(timeout=PATIENCE)
    assert refused.process.returncode == 2
    assert "HOST=127.0.0.1" in said


@pytest.mark.parametrize("name", sorted(CHILDREN))
def test_a_child_that_dies_is_started_again_and_nothing_is_lost(product: Product, name: str) -> None:
    text = f"Note on {name}: the answer is forty-two.".encode()
    url = f"http://127.0.0.1:{product.port}/api/documents/upload"
    until(product.answers)
    uploaded = httpx.post(url, files={"file": (f"{name}.txt", text)}, data={"book": name}).json()["documents"][0]
    before = product.children()[name]
    os.kill(before, signal.SIGKILL)
    until(lambda: product.children().get(name, before) != before and product.answers())
    until(lambda: product.get(f"/api/documents/{uploaded['id']}").json()["status"] == "ready")


def test_sigterm_stops_everything_and_the_next_start_finds_it_all(product: Product) -> None:
    children = product.children()
    kept = product.get("/api/library").json()["counts"]["documents"]
    product.process.terminate()
    assert product.process.wait(PATIENCE) == 0
    assert not any(psutil.pid_exists(pid) for pid in children.values())
    again = start(product.folder, product.port)
    try:
        until(again.answers)
        assert again.get("/api/library").json()["counts"]["documents"] == kept > 0
    finally:
        again.process.send_signal(signal.SIGINT)
        again.process.communicate(timeout=PATIENCE)
        assert again.process.returncode == 0
