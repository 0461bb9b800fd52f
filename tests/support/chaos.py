"""Two of each process on one data folder, killed again and again under work: `python -m tests.support.chaos [s]`."""

import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from app.supervisor import quiet_environment
from benchmarks.product import BOOKS
from evals.corpus import corpus
from tests.support.chroma import ChromaServer, free_port
from tests.support.product import ROOT, built_model, until

ROLES = ("web", "worker", "writer")
EACH = 2
EVERY_SECONDS = 10.0
DOCUMENTS, QUESTIONS, AT_ONCE = 24, 5, 4
CHAPTERS = BOOKS / "algorithms-erickson"
File = tuple[str, bytes]
QUERIES = ("What is it?", "Who discovered it?", "When did it begin?", "Where does it come from?")


@dataclass
class Fleet:
    """The processes of one data folder; each runs until it is killed, and is started again."""

    folder: Path
    chroma_url: str
    ports: list[int] = field(default_factory=lambda: [free_port() for _ in range(EACH)])
    running: dict[tuple[str, int], subprocess.Popen[bytes]] = field(default_factory=dict)
    kills: int = 0

    def start(self, role: str, n: int) -> None:
        environment = {**os.environ, **quiet_environment(), "STUDYRAG_DATA_DIR": str(self.folder)}
        environment |= {"CHROMA_URL": self.chroma_url, "PORT": str(self.ports[n]), "CHAINLIT_AUTH_SECRET": "x" * 40}
        with (self.folder / f"{role}-{n}.log").open("ab") as log:
            command = [sys.executable, "-m", f"app.{role}"]
            self.running[role, n] = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)

    def kill_one_of_each(self, n: int) -> None:
        """As a crash does, and start them again."""
        for role in ROLES:
            self.running[role, n].kill()
            self.running[role, n].wait()
            self.kills += 1
            self.start(role, n)

    def is_up(self) -> bool:
        """Whether every process that was started has begun its work."""
        known = numbers(self.folder, "SELECT pid FROM processes")
        return all(process.pid in known for process in self.running.values())

    def close(self) -> None:
        for process in self.running.values():
            process.kill()
            process.wait()

    def ask(self, method: str, path: str, **body: Any) -> httpx.Response:
        """Of any of the web processes; where one is down, or is killed over it, the next is asked."""
        while True:
            for port in random.sample(self.ports, EACH):
                try:
                    return httpx.request(method, f"http://127.0.0.1:{port}{path}", timeout=120, **body)
                except httpx.TransportError:
                    time.sleep(0.2)


@contextmanager
def fleet(folder: Path) -> Iterator[Fleet]:
    """Up and answering, and gone at the end."""
    (folder / "models").parent.mkdir(parents=True, exist_ok=True)
    (folder / "models").symlink_to(built_model())
    with ChromaServer(folder / "chroma") as chroma:
        ships = Fleet(folder, chroma.url)
        environment = {**os.environ, "STUDYRAG_DATA_DIR": str(folder)}
        subprocess.run([sys.executable, "-m", "app.prepare"], cwd=ROOT, env=environment, check=True)
        try:
            for n in range(EACH):
                for role in ROLES:
                    ships.start(role, n)
            until(ships.is_up)
            yield ships
        finally:
            ships.close()


@dataclass
class Work:
    """What was asked for and acknowledged, so that none of it may be lost."""

    fleet: Fleet
    files: Sequence[File]
    over: threading.Event = field(default_factory=threading.Event)
    uploads: dict[str, str] = field(default_factory=dict)
    quizzes: list[str] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)

    def upload(self) -> None:
        """A document now and then, by whichever web process is there."""
        for file in self.files:
            reply = self.fleet.ask("POST", "/api/documents/upload", files={"file": file}, data={"book": "All"})
            document = reply.raise_for_status().json()["documents"][0]
            self.uploads[document["id"]] = document["filename"]
            if self.over.wait(2):
                return

    def quiz(self) -> None:
        """Quizzes, a few at a time; those of a library without a ready document are refused."""
        while not self.over.wait(1):
            if count(self.fleet.folder, "SELECT count(*) FROM quizzes WHERE state = 'writing'") >= AT_ONCE:
                continue
            reply = self.fleet.ask("POST", "/api/quizzes", json={"count": QUESTIONS, "mode": "quiz", "wait": False})
            if reply.is_success:
                self.quizzes.append(reply.json()["id"])

    def chat(self) -> None:
        """Questions, each of a conversation of its own; which of them were answered is written down."""
        while not self.over.wait(0.5):
            reply = self.fleet.ask("POST", "/api/chat", json={"query": random.choice(QUERIES)})
            if reply.is_success:
                self.answered.append(reply.json()["query_id"])

    def finish(self) -> None:
        """Wait until all that was acknowledged has come to an end."""
        while any(self._document(id_)["status"] not in ("ready", "failed") for id_ in self.uploads):
            time.sleep(0.5)
        while any(self._get(f"/api/quizzes/{id_}")["state"] == "writing" for id_ in self.quizzes):
            time.sleep(0.5)

    def _document(self, document_id: str) -> dict[str, Any]:
        return self._get(f"/api/documents/{document_id}")

    def _get(self, path: str) -> dict[str, Any]:
        found: dict[str, Any] = self.fleet.ask("GET", path).raise_for_status().json()
        return found


def documents() -> list[File]:
    """The repository's own corpus in pieces."""
    paragraphs = corpus()
    size = -(-len(paragraphs) // DOCUMENTS)
    parts = [paragraphs[start : start + size] for start in range(0, len(paragraphs), size)]
    texts = ["\n\n".join(f"# {one.subject}\n\n{one.text}" for one in part).encode() for part in parts]
    return [(f"{n}.md", text) for n, text in enumerate(texts)]


def chapters() -> list[File]:
    """Of a textbook that lies beside the repository, if it does."""
    return [(path.name, path.read_bytes()) for path in sorted(CHAPTERS.glob("*.pdf"))]


def run(fleet: Fleet, rounds: int, files: Sequence[File]) -> Work:
    """Work for so many rounds, each ending with a kill of one of each, when all are up; then wait for the rest."""
    work = Work(fleet, files)
    threads = [threading.Thread(target=one, daemon=True) for one in (work.upload, work.quiz, work.chat)]
    for thread in threads:
        thread.start()
    for n in range(rounds):
        until(fleet.is_up)
        time.sleep(EVERY_SECONDS)
        fleet.kill_one_of_each(n % EACH)
    work.over.set()
    for thread in threads:
        thread.join()
    work.finish()
    return work


def numbers(folder: Path, query: str) -> list[int]:
    """A column of the database."""
    with closing(sqlite3.connect(folder / "studyrag.sqlite3")) as database:
        return [row[0] for row in database.execute(query)]


def count(folder: Path, query: str) -> int:
    """One number from the database."""
    return numbers(folder, query)[0]


def wrongs(work: Work) -> dict[str, int]:
    """What must not have happened, and how often it has."""
    n = partial(count, work.fleet.folder)
    quiz_ids, answered = _listed(work.quizzes), _listed(work.answered)
    return {
        "documents lost or not ready": len(work.uploads) - n("SELECT count(*) FROM documents WHERE state = 'ready'"),
        "documents with two jobs that ran": n(
            "SELECT count(*) FROM (SELECT 1 FROM pipeline_runs WHERE state = 'ready' GROUP BY document_id "
            "HAVING count(*) > 1)"
        ),
        "jobs that did not end well": n("SELECT count(*) FROM pipeline_runs WHERE state != 'ready'"),
        "quizzes lost": len(work.quizzes) - n(f"SELECT count(*) FROM quizzes WHERE id IN ({quiz_ids})"),
        "quizzes taken as they were": n("SELECT count(*) FROM quizzes WHERE reason LIKE '%interrupted%'"),
        "quizzes with fewer questions and no reason": n(
            "SELECT count(*) FROM quizzes WHERE reason IS NULL AND requested != "
            "(SELECT count(*) FROM quiz_items WHERE quiz_id = quizzes.id)"
        ),
        "quizzes with more questions than asked for": n(
            "SELECT count(*) FROM quizzes WHERE requested < "
            "(SELECT count(*) FROM quiz_items WHERE quiz_id = quizzes.id)"
        ),
        "questions asked twice": n("SELECT count(*) - count(DISTINCT item_id) FROM quiz_items"),
        "questions claimed and in no quiz": n(
            "SELECT count(*) FROM question_items WHERE id NOT IN (SELECT item_id FROM quiz_items)"
        ),
        "answers given and not kept": n(
            f"SELECT count(*) FROM queries WHERE id IN ({answered}) AND state NOT IN ('done')"
        ),
        "questions of the chat that still run": n("SELECT count(*) FROM queries WHERE state = 'running'"),
        "processes too many": n("SELECT count(*) FROM processes") - EACH * len(ROLES),
    }


def done(work: Work) -> dict[str, int]:
    """What was done in spite of it."""
    n = partial(count, work.fleet.folder)
    return {
        "processes killed": work.fleet.kills,
        "documents read": len(work.uploads),
        "of them taken up again": n("SELECT count(*) FROM pipeline_runs WHERE attempts > 1"),
        "quizzes written": len(work.quizzes),
        "of them by a second writer": n("SELECT count(*) FROM quizzes WHERE attempts > 1"),
        "questions in them": n("SELECT count(*) FROM quiz_items"),
        "answers in the chat": len(work.answered),
        "answers cut off by a kill": n("SELECT count(*) FROM queries WHERE state = 'interrupted'"),
    }


def settled(work: Work, patience: float = 120) -> dict[str, int]:
    """The wrongs that remain when the living have looked after the dead."""
    end = time.monotonic() + patience
    while any(wrongs(work).values()) and time.monotonic() < end:
        time.sleep(1)
    return {what: often for what, often in wrongs(work).items() if often}


def _listed(ids: list[str]) -> str:
    return ", ".join(f"'{id_}'" for id_ in ids)


def main(seconds: float) -> int:
    """Prints what was done, and what went wrong."""
    with tempfile.TemporaryDirectory() as name, fleet(Path(name)) as ships:
        work = run(ships, int(seconds / EVERY_SECONDS), chapters() + documents())
        bad = settled(work)
        for what, often in {**done(work), **wrongs(work)}.items():
            print(f"{what:<46} {often:>6}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 120))
