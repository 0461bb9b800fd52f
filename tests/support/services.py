"""The product on servers of its own, any process of which is killed under work: `python -m tests.support.services [s]`.

Two web processes, three workers and a writer on PostgreSQL, Redis, Chroma and S3; the S3 server alone is spared, since
the one of the tests keeps everything in its memory.
"""

import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from io import BytesIO
from pathlib import Path

import httpx
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from app.maintenance import Maintenance
from app.persistence.db import Service
from app.persistence.library import Placement
from app.persistence.tables import PassageRow, PipelineRun, Process
from app.settings import Settings
from app.supervisor import quiet_environment
from app.wiring import LOCAL_LEARNER, Services
from tests.support.chaos import File, chapters, documents
from tests.support.chroma import ChromaServer, free_port
from tests.support.postgres import PostgresServer
from tests.support.product import ROOT, built_model
from tests.support.redis_server import RedisServer
from tests.support.s3 import KEYS, S3Server
from tools.errors import StudyError
from tools.types import JobState, Learner

PROCESSES = {"web": 2, "worker": 3, "writer": 1}
EVERY_SECONDS = 10.0
DOWN_SECONDS = 1.0
LEARNERS = (LOCAL_LEARNER, Learner("ada"), Learner("bob"), Learner("cleo"))
CALM = Learner("eve")
"""Uploads the same before anything is killed."""
OVER = (JobState.READY, JobState.FAILED, JobState.CANCELLED)
BUCKET = "studyrag"


@dataclass
class Town:
    """Servers and processes; `services` reaches them as a process of the product does."""

    folder: Path
    environment: dict[str, str]
    servers: dict[str, tuple[Callable[[], None], Callable[[], None]]]
    """How each is killed, and started."""
    services: Services
    ports: list[int] = field(default_factory=lambda: [free_port() for _ in range(PROCESSES["web"])])
    running: dict[tuple[str, int], subprocess.Popen[bytes]] = field(default_factory=dict)
    killed: Counter[str] = field(default_factory=Counter)
    next: list[tuple[str, int] | str] = field(default_factory=list)

    def start(self, role: str, n: int) -> None:
        environment = {**os.environ, **quiet_environment(), **self.environment, "CHAINLIT_AUTH_SECRET": "x" * 40}
        environment["PORT"] = str(self.ports[n % len(self.ports)])
        with (self.folder / f"{role}-{n}.log").open("ab") as log:
            command = [sys.executable, "-m", f"app.{role}"]
            self.running[role, n] = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)

    def kill_one(self) -> None:
        """As a crash does, and start it again a moment later: everybody once, before anybody's turn comes twice."""
        if not self.next:
            self.next = random.sample([*self.running, *self.servers], len(self.running) + len(self.servers))
        victim = self.next.pop()
        if isinstance(victim, str):
            kill, start = self.servers[victim]
            kill()
            time.sleep(DOWN_SECONDS)
            start()
            self.killed[victim] += 1
            return
        self.running[victim].kill()
        self.running[victim].wait()
        self.start(*victim)
        self.killed[victim[0]] += 1

    def close(self) -> None:
        for process in self.running.values():
            process.kill()
            process.wait()


@contextmanager
def town(folder: Path) -> Iterator[Town]:
    """Up, and gone at the end."""
    (folder / "models").symlink_to(built_model())
    with ExitStack() as stack:
        postgres = stack.enter_context(PostgresServer())
        redis = stack.enter_context(RedisServer(folder / "redis"))
        chroma = stack.enter_context(ChromaServer(folder / "chroma"))
        s3 = stack.enter_context(S3Server())
        s3.bucket(BUCKET)
        places = {
            "DATABASE_URL": stack.enter_context(postgres.database()),
            "REDIS_URL": redis.url,
            "CHROMA_URL": chroma.url,
            "S3_BUCKET": BUCKET,
            "S3_ENDPOINT_URL": s3.url,
            "AWS_ACCESS_KEY_ID": KEYS["access_key_id"],
            "AWS_SECRET_ACCESS_KEY": KEYS["secret_access_key"],
        }
        settings = Settings.model_validate(
            {"STUDYRAG_DATA_DIR": folder, **{name.lower(): value for name, value in places.items()}}
        )
        services = Services(settings)
        servers = {
            "postgres": (lambda: postgres.stop(signal.SIGQUIT), postgres.start),
            "redis": (redis.kill, redis.start),
            "chroma": (chroma.kill, chroma.start),
        }
        made = Town(folder, {"STUDYRAG_DATA_DIR": str(folder), **places}, servers, services)
        for learner in (*LEARNERS, CALM):
            services.learners.known(learner)
        stack.callback(services.database.engine.dispose)
        stack.callback(services.indexes.close)
        stack.callback(made.close)
        for role, count in PROCESSES.items():
            for n in range(count):
                made.start(role, n)
        yield made


@dataclass
class Work:
    """What was asked for and acknowledged, by learner."""

    town: Town
    files: Sequence[File]
    over: threading.Event = field(default_factory=threading.Event)
    uploads: dict[Learner, dict[str, str]] = field(default_factory=dict)
    replies: Counter[str] = field(default_factory=Counter)

    def upload_all(self, learner: Learner) -> None:
        """What is refused because something is away is uploaded again, as the learner is told to."""
        for file in self.files:
            document_id = patiently(lambda file=file: self._upload(learner, file))  # type: ignore[misc]
            self.uploads.setdefault(learner, {})[file[0]] = document_id

    def _upload(self, learner: Learner, file: File) -> str:
        place = Placement("Autumn", "Everything", "All")
        return self.town.services.documents.accept(learner, file[0], BytesIO(file[1]), place).document_id

    def chat(self) -> None:
        """Questions to any web process; each is answered, refused in words, or cut off with its process."""
        while not self.over.wait(1):
            self.replies[self._reply()] += 1

    def _reply(self) -> str:
        """Of the first process that takes the question, as a proxy finds it."""
        for port in random.sample(self.town.ports, len(self.town.ports)):
            try:
                reply = httpx.post(f"http://127.0.0.1:{port}/api/chat", json={"query": "What is it?"}, timeout=120)
            except httpx.ConnectError:
                continue
            except httpx.TransportError:
                return "cut off"
            is_told = reply.is_success or set(reply.json()) >= {"code", "message", "retry_after"}
            return str(reply.status_code) if is_told else "without a word"
        return "nobody there"

    def wait(self, learner: Learner) -> None:
        """Until everything of a learner has come to an end."""
        for document_id in self.uploads[learner].values():
            while patiently(lambda id_=document_id: self._state(learner, id_)) not in OVER:  # type: ignore[misc]
                time.sleep(0.5)

    def counts(self, learner: Learner) -> dict[str, tuple[str, int, int, int]]:
        """State, pages, passages and vectors by file."""
        return {name: self._count(learner, document_id) for name, document_id in self.uploads[learner].items()}

    def _count(self, learner: Learner, document_id: str) -> tuple[str, int, int, int]:
        document = self.town.services.library.document(learner, document_id).document
        stored = select(func.count()).where(PassageRow.document_id == document_id)
        with self.town.services.database.session_of(learner) as session:
            passages = session.scalar(stored) or 0
        vectors = self.town.services.indexes.serving(learner).vectors.count(document_id)
        return document.state, document.page_count, passages, vectors

    def _state(self, learner: Learner, document_id: str) -> str:
        return self.town.services.library.document(learner, document_id).document.state


def patiently(call: Callable[[], str]) -> str:
    """Again and again while a server is away."""
    while True:
        try:
            return call()
        except (SQLAlchemyError, StudyError) as error:
            if isinstance(error, StudyError) and not error.retryable:
                raise
            time.sleep(0.5)


def run(town: Town, files: Sequence[File], kills: int) -> tuple[dict[str, object], dict[str, object]]:
    """What was done, and what of it is wrong, after so many kills and the end of all work."""
    work = Work(town, files)
    work.upload_all(CALM)
    work.wait(CALM)
    chat = threading.Thread(target=work.chat, daemon=True)
    chat.start()
    with ThreadPoolExecutor(len(LEARNERS)) as learners:
        uploading = [learners.submit(work.upload_all, learner) for learner in LEARNERS]
        for _ in range(kills):
            time.sleep(EVERY_SECONDS)
            town.kill_one()
        for one in uploading:
            one.result()
    for learner in LEARNERS:
        work.wait(learner)
    work.over.set()
    chat.join()
    done = {"killed": dict(town.killed), "replies in the chat": dict(work.replies), "files": len(files) * len(LEARNERS)}
    return done, _wrongs(work)


def _wrongs(work: Work) -> dict[str, object]:
    calm = work.counts(CALM)
    different = {
        f"{name} of {learner.id}": (count, calm[name])
        for learner in LEARNERS
        for name, count in work.counts(learner).items()
        if count != calm[name]
    }
    apart = {what: number for what, number in asdict(Maintenance(work.town.services).run()).items() if number}
    with work.town.services.database.service_session(Service.WATCHDOG) as session:
        ready = select(PipelineRun.document_id).where(PipelineRun.state == JobState.READY)
        twice = list(session.scalars(ready.group_by(PipelineRun.document_id).having(func.count() > 1)))
        open_jobs = session.scalar(select(func.count()).where(PipelineRun.state.not_in(OVER)))
        processes = session.scalar(select(func.count()).select_from(Process)) or 0
    found: dict[str, object] = {
        "files other than in calm": different,
        "rows, vectors and objects apart": apart,
        "documents read twice to the end": twice,
        "jobs that have no end": open_jobs,
        "replies without a word": work.replies["without a word"],
        "processes too many": max(0, processes - sum(PROCESSES.values())),
    }
    return {what: often for what, often in found.items() if often}


def main(seconds: float) -> int:
    """Prints what was done, and what went wrong."""
    with tempfile.TemporaryDirectory() as name, town(Path(name)) as made, contextlib.redirect_stderr(sys.stdout):
        done, wrongs = run(made, (chapters() or documents())[:5], int(seconds / EVERY_SECONDS))
        for what, how in {**done, **wrongs}.items():
            print(f"{what:<36} {how}")
    return 1 if wrongs else 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 300))
