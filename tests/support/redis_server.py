"""A real Redis server on loopback, for tests and measurements."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import pytest
from redis import Redis
from redis.exceptions import RedisError

from tests.support.chroma import free_port


class RedisServer:
    """`with RedisServer(folder) as server:` answers at `server.url`; it may be killed, paused, filled."""

    def __init__(self, folder: Path, *, keeps: bool = False) -> None:
        """`keeps` writes every change to disk, so that a restart forgets nothing."""
        self._folder = folder
        self._keeps = keeps
        self._port = free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.url = f"redis://127.0.0.1:{self._port}/0"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> None:
        """Nothing to do for one that runs."""
        if self.process:
            return
        program = shutil.which("redis-server")
        if program is None:
            raise RuntimeError("redis-server is missing: run scripts/install.sh servers")
        self._folder.mkdir(parents=True, exist_ok=True)
        command = [program, "--port", str(self._port), "--bind", "127.0.0.1", "--dir", str(self._folder), "--save", ""]
        command += ["--appendonly", "yes" if self._keeps else "no", "--appendfsync", "always"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while not self._answers():
            if self.process.poll() is not None:
                raise RuntimeError("the Redis server did not start")
            time.sleep(0.02)

    def kill(self) -> None:
        """End it without a chance to save anything."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def pause(self) -> None:
        """It takes connections and answers nothing, until `go_on`."""
        assert self.process
        os.kill(self.process.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        assert self.process
        os.kill(self.process.pid, signal.SIGCONT)

    def fill(self) -> None:
        """Whatever would take more memory is refused, until `empty`."""
        self._configure(maxmemory="1")

    def empty(self) -> None:
        """Room again, and nothing in it."""
        self._configure(maxmemory="0")
        with Redis.from_url(self.url) as client:
            client.flushall()

    def _configure(self, **settings: str) -> None:
        with Redis.from_url(self.url) as client:
            for name, value in settings.items():
                client.config_set(name, value)

    def _answers(self) -> bool:
        try:
            with Redis.from_url(self.url, socket_timeout=2) as client:
                return bool(client.ping())
        except RedisError:
            return False


@pytest.fixture(scope="session")
def _redis_server() -> Iterator[RedisServer]:
    with tempfile.TemporaryDirectory() as folder, RedisServer(Path(folder)) as server:
        yield server


@pytest.fixture
def redis_server(_redis_server: RedisServer) -> RedisServer:
    """One server for all tests that ask for it, up and empty at the beginning of each."""
    _redis_server.start()
    _redis_server.go_on()
    _redis_server.empty()
    return _redis_server
