"""`make run`: starts web, worker, writer and Chroma server together, restarts what dies, and stops them all cleanly."""

import contextlib
import ctypes
import fcntl
import logging
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from app.secret_file import secret_in
from app.settings import Settings

log = logging.getLogger("studyrag")

CALM_SECONDS = 30
STOP_SECONDS = 10
START_SECONDS = 120
LOG_BYTES = 10 << 20


class CannotStart(Exception):
    """A sentence for the person at the terminal."""


@dataclass
class Child:
    """One process of ours; `failures` counts deaths in a row and slows the next start down."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log_file: Path
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    next_start: float = field(default=0.0)

    def start(self) -> None:
        """What it prints goes to its log file; it dies with this process."""
        _rotate(self.log_file)
        with self.log_file.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_die_with_parent,
            )
        self.started = time.monotonic()

    def tend(self) -> None:
        """Start it again when it has died: at once the first time, then more and more slowly."""
        if self.process is None:
            if time.monotonic() >= self.next_start:
                self.start()
            return
        status = self.process.poll()
        if status is None:
            return
        calm = time.monotonic() - self.started > CALM_SECONDS
        self.failures = 1 if calm else self.failures + 1
        delay = 0.0 if self.failures == 1 else min(30.0, 2.0 ** (self.failures - 2))
        log.warning("%s stopped (%s); starting it again. See %s", self.name, _reason(status), self.log_file)
        self.process, self.next_start = None, time.monotonic() + delay

    def stop(self, how: int) -> None:
        """Send the signal `how` to it and to its own children."""
        if self.process is not None and self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, how)

    def wait(self, deadline: float) -> bool:
        """Whether it has ended by `deadline`, a time of the monotonic clock."""
        if self.process is None:
            return True
        try:
            self.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            return False
        return True


class Supervisor:
    """The product on one data folder, which it locks until it ends."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.stopping = False
        self.lock: IO[str] | None = None
        self.children: list[Child] = []

    @property
    def address(self) -> str:
        """Where the product is opened in a browser."""
        host = self.settings.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.settings.port}"

    def run(self) -> None:
        """Blocks until Ctrl-C, SIGTERM or a closed terminal. Raises CannotStart before anything was started."""
        started = time.monotonic()
        self.prepare()
        for how in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(how, self._on_signal)
        for child in self.children:
            child.start()
        try:
            self._announce(started)
            while not self.stopping:
                for child in self.children:
                    child.tend()
                time.sleep(0.2)
        finally:
            self._stop_all()

    def prepare(self) -> None:
        """Take the data folder and the port, bring the database and the built-in model up to date."""
        folder = self.settings.data_dir
        try:
            (folder / "logs").mkdir(parents=True, exist_ok=True)
            self.lock = lock_folder(folder, self.address)
        except OSError as error:
            raise CannotStart(
                f"The data folder {folder} cannot be written: {error.strerror}. Set STUDYRAG_DATA_DIR."
            ) from error
        _check_port(self.settings.host, self.settings.port)
        # In a process of its own: what it loads would stay in this one's memory as long as the product runs.
        prepared = subprocess.run(
            [sys.executable, "-m", "app.prepare"], stdout=subprocess.PIPE, text=True, env=self._environment(folder)
        )
        if prepared.returncode:
            raise CannotStart(prepared.stdout.strip() or "The data folder could not be prepared.")
        self.children = self._plan(folder)

    def _environment(self, folder: Path) -> dict[str, str]:
        return {**os.environ, **quiet_environment(), "STUDYRAG_DATA_DIR": str(folder)}

    def _plan(self, folder: Path) -> list[Child]:
        environment = self._environment(folder)
        environment["CHAINLIT_AUTH_SECRET"] = secret_in(folder / "secret")
        logs = folder / "logs"
        children = []
        if not self.settings.chroma_url:
            port = _free_port()
            environment["CHROMA_URL"] = f"http://127.0.0.1:{port}"
            chroma = str(Path(sys.executable).with_name("chroma"))
            command = [sys.executable, chroma, "run", "--path", str(folder / "chroma"), "--host", "127.0.0.1"]
            children.append(Child("vectors", [*command, "--port", str(port)], environment, logs / "vectors.log"))
        return children + [
            Child(name, [sys.executable, "-m", f"app.{name}"], {**environment, **self._own(n)}, logs / f"{name}.log")
            for n, name in enumerate(("worker", "writer", "web"))
        ]

    def _own(self, n: int) -> dict[str, str]:
        """The port of the metrics is the first one's; on one machine the next has the next."""
        port = self.settings.metrics_port
        return {"STUDYRAG_METRICS_PORT": str(port + n)} if port else {}

    def _announce(self, started: float) -> None:
        address = self.address
        while not self.stopping and time.monotonic() - started < START_SECONDS:
            for child in self.children:
                child.tend()
            if _answers(f"{address}/health/live"):
                print(f"StudyRAG is ready: {address}   (Ctrl-C stops it; data in {self.settings.data_dir})", flush=True)
                return
            time.sleep(0.2)
        if not self.stopping:
            print(f"StudyRAG is slow to start; see {self.settings.data_dir / 'logs'}", flush=True)

    def _on_signal(self, _number: int, _frame: object) -> None:
        self.stopping = True

    def _stop_all(self) -> None:
        """Doors first, the index last, so that what is under way can still be written."""
        print("Stopping …", flush=True)
        deadline = time.monotonic() + STOP_SECONDS
        for child in reversed(self.children):
            child.stop(signal.SIGTERM)
            if not child.wait(deadline):
                child.stop(signal.SIGKILL)
                child.wait(time.monotonic() + 2)


def quiet_environment() -> dict[str, str]:
    """Nothing at run time may wait on the public network."""
    return {
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "ANONYMIZED_TELEMETRY": "False",
        "CHROMA_ANONYMIZED_TELEMETRY": "False",
        "CHAINLIT_NO_LOGIN_HINT": "1",
        "SCARF_NO_ANALYTICS": "true",
        "DO_NOT_TRACK": "true",
        "HF_HUB_OFFLINE": "1",
        "OTEL_SDK_DISABLED": "true",
        "MALLOC_ARENA_MAX": "2",
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "",
    }


def _die_with_parent() -> None:
    """Linux: a supervisor that is killed takes its children along."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def lock_folder(folder: Path, address: str) -> IO[str]:
    """Held until the file is closed. Raises CannotStart when somebody else has it."""
    handle = (folder / "lock").open("a+")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        handle.seek(0)
        where = handle.read().strip()
        raise CannotStart(
            f"StudyRAG already runs on this data folder ({folder}): {where or 'see the other window'}."
        ) from error
    handle.truncate(0)
    handle.write(address)
    handle.flush()
    return handle


def _check_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotStart(
                f"Port {port} is in use by another program: choose one with PORT=8001 make run."
            ) from error


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as reply:
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _rotate(path: Path) -> None:
    if path.exists() and path.stat().st_size > LOG_BYTES:
        path.replace(path.with_suffix(".log.1"))


def _reason(status: int) -> str:
    return f"signal {-status}" if status < 0 else f"exit code {status}"
