"""Which operating system process this is, told so that no other process ever has the same name."""

import os
import socket
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from pathlib import Path

import psutil

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_PID_NAMESPACE = Path("/proc/self/ns/pid")
_START_TICKS = 19
"""Which of the fields of /proc/…/stat behind the program's name is its start, in ticks since the machine's."""


class Role(StrEnum):
    """What a process does: serve pages, read documents, write questions."""

    WEB = "web"
    WORKER = "worker"
    WRITER = "writer"


@dataclass(frozen=True, slots=True)
class Identity:
    """`birth` tells two processes apart that had the same number one after the other."""

    role: Role
    host: str
    pid: int
    birth: str

    @property
    def id(self) -> str:
        """What others know it by."""
        return blake2b(f"{self.role} {self.host} {self.pid} {self.birth}".encode(), digest_size=16).hexdigest()

    @property
    def is_here(self) -> bool:
        """Whether its number means something to us: it runs on this machine, in our name space of processes."""
        return self.host == _host()

    @property
    def is_running(self) -> bool:
        """Whether it still runs, for one that is here."""
        return birth_of(self.pid) == self.birth


def this_process(role: Role) -> Identity:
    """The identity of the process that asks."""
    birth = birth_of(os.getpid())
    assert birth is not None
    return Identity(role, _host(), os.getpid(), birth)


def birth_of(pid: int) -> str | None:
    """When a process of this machine began, whatever has happened to the clock since; None for one that has ended."""
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
        return _ticks(pid) or f"{process.create_time():.2f}"
    except (psutil.NoSuchProcess, ProcessLookupError):
        return None


def _ticks(pid: int) -> str | None:
    """Where there is /proc: a count that follows no clock, and of which start of the machine."""
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return f"{_BOOT_ID.read_text().strip()}:{after_name[_START_TICKS]}"
    except FileNotFoundError:
        return None


def _host() -> str:
    """Containers may share a host's name, but not its numbers of processes."""
    namespace = os.readlink(_PID_NAMESPACE) if _PID_NAMESPACE.exists() else ""
    return f"{socket.gethostname()} {namespace}".strip()
