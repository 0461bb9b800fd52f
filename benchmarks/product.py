"""The running product: start, idle memory, a book's way to ready, answers and a quiz: `python -m benchmarks.product`.

The two textbooks are read from ../shared/books when they are there, else one is made of the repository's own corpus.
"""

import contextlib
import json
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psutil
import yaml

from evals.corpus import corpus
from tests.support.product import Product, until

FLOORS = Path(__file__).with_name("floors.yaml")
BOOKS = Path(__file__).parents[2] / "shared" / "books"
BIOLOGY = BOOKS / "openstax-biology" / "biology.pdf"
DISCRETE = BOOKS / "discrete-levin" / "discretebook-2016-01-02.pdf"
QUESTIONS = 100
READY_SECONDS = 600


@dataclass(frozen=True)
class Figure:
    """One line of the table; `floor` is the key in floors.yaml, whose value is the most that is allowed."""

    what: str
    value: float
    unit: str
    floor: str | None = None
    at_least: bool = False


class Peak:
    """The most memory a process and its children took, in MB, looked at ten times a second."""

    def __init__(self, process: psutil.Process) -> None:
        self.process = process
        self.megabytes = 0.0
        self._over = threading.Event()

    def __enter__(self) -> "Peak":
        threading.Thread(target=self._look, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()

    def _look(self) -> None:
        while not self._over.wait(0.1):
            with contextlib.suppress(psutil.NoSuchProcess):  # a child that ends while it is looked at
                self.megabytes = max(self.megabytes, memory([self.process, *self.process.children(recursive=True)]))


def memory(processes: Iterable[psutil.Process]) -> float:
    """Proportional set size in MB: what they share counts once."""
    return float(sum(process.memory_full_info().pss for process in processes)) / 2**20


def start(folder: Path) -> tuple[float, Product]:
    """Seconds from the command until the first page is answered, and the running product."""
    begun = time.monotonic()
    product = Product.start(folder)
    until(product.answers)
    return time.monotonic() - begun, product


def ingest(product: Product, name: str, content: bytes) -> list[Figure]:
    """Upload one document and measure until it is ready."""
    worker = product.children()["app.worker"]
    begun = time.monotonic()
    with Peak(worker) as peak:
        document = product.upload(name, content, name)
        until(lambda: over(product, document["job_id"]), READY_SECONDS)
    seconds = time.monotonic() - begun
    shown = product.get(f"/api/documents/{document['id']}").json()
    if shown["status"] != "ready":
        raise SystemExit(f"{name} is {shown['status']}: {shown['error']}")
    key = name.split(".")[0]
    spent = stages(product, document["id"])
    share = 100 * spent["embed"] / sum(spent.values())
    return [
        Figure(f"{name}: ready after", seconds, "s", f"{key}_ready_s"),
        Figure(f"{name}: pages a second", shown["page_count"] / seconds, ""),
        Figure(f"{name}: of that, embedding", share, "%", f"{key}_embedding_percent", at_least=True),
        Figure(f"{name}: worker's most memory", peak.megabytes, "MB", "worker_mb"),
    ]


def stages(product: Product, document_id: str) -> dict[str, float]:
    """Seconds by stage, as the worker wrote them down."""
    with closing(sqlite3.connect(product.folder / "studyrag.sqlite3")) as database:
        row = database.execute("SELECT details FROM documents WHERE id = ?", (document_id,)).fetchone()
    seconds: dict[str, float] = json.loads(row[0])["seconds"]
    return seconds


def over(product: Product, job_id: str) -> bool:
    """Whether a job has come to an end, good or bad."""
    return product.get(f"/api/jobs/{job_id}").json()["state"] in ("ready", "failed", "cancelled")


def questions() -> list[str]:
    """What a learner of the book would ask; of the repository's own texts where the book is not at hand."""
    file = BOOKS / "openstax-biology" / "biology.questions.jsonl"
    if not file.exists():
        return [question for paragraph in corpus() for question in paragraph.questions][:QUESTIONS]
    asked = [json.loads(line)["question"] for line in file.read_text("utf-8").splitlines()]
    plain = [question for question in asked if "[[link]]" not in question and "following" not in question]
    return plain[:: max(1, len(plain) // QUESTIONS)][:QUESTIONS]


def answers(product: Product) -> list[Figure]:
    """Ask one question after another over HTTP."""
    milliseconds = []
    for question in questions():
        begun = time.perf_counter()
        product.post("/api/chat", query=question).raise_for_status()
        milliseconds.append(1000 * (time.perf_counter() - begun))
    cuts = statistics.quantiles(milliseconds, n=20)
    return [
        Figure("built-in answer over HTTP, median", statistics.median(milliseconds), "ms"),
        Figure("built-in answer over HTTP, p95", cuts[-1], "ms", "answer_p95_ms"),
    ]


def quiz(product: Product) -> list[Figure]:
    """From the order to the first question and to the last, as a card in the chat sees them."""
    begun = time.monotonic()
    path = f"/api/quizzes/{product.post('/api/quizzes', count=25, wait=False).raise_for_status().json()['id']}"
    until(lambda: bool(product.get(path).json()["items"]))
    first = time.monotonic() - begun
    until(lambda: product.get(path).json()["state"] != "writing")
    return [
        Figure("quiz over HTTP, first question after", first, "s", "quiz_first_s"),
        Figure("quiz over HTTP, 25 questions after", time.monotonic() - begun, "s", "quiz_all_s"),
    ]


def documents() -> list[tuple[str, bytes]]:
    """Names and bytes: two books, or the repository's own texts where they are not at hand."""
    if BIOLOGY.exists():
        return [("biology.pdf", BIOLOGY.read_bytes()), ("discrete.pdf", DISCRETE.read_bytes())]
    text = "\n\n".join(f"# {paragraph.subject}\n\n{paragraph.text}" for paragraph in corpus())
    return [("corpus.md", text.encode())]


def measure(folder: Path) -> list[Figure]:
    """A first start, a later one, and then everything else in the same product."""
    _, first = start(folder)
    first.stop()
    seconds, product = start(folder)
    try:
        figures = [Figure("later start, to a usable page", seconds, "s", "start_s")]
        time.sleep(5)
        idle = memory([product.children()[name] for name in product.children()])
        figures.append(Figure("idle memory of all processes", idle, "MB", "idle_mb"))
        for name, content in documents():
            figures += ingest(product, name, content)
        figures += answers(product) + quiz(product)
        after = memory(product.children().values())
        return [*figures, Figure("memory of all processes after that", after, "MB", "idle_mb")]
    finally:
        product.stop()


def passes(figure: Figure, floors: dict[str, float]) -> bool:
    """True as well for a figure without a floor."""
    if figure.floor is None or figure.floor not in floors:
        return True
    floor = floors[figure.floor]
    return figure.value >= floor if figure.at_least else figure.value <= floor


def main() -> int:
    """Print the figures; 1 when a floor is missed."""
    floors = yaml.safe_load(FLOORS.read_text())["product"]
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder))
    for figure in figures:
        floor = floors.get(figure.floor)
        bound = f"{'≥' if figure.at_least else '≤'} {floor:g}" if floor is not None else ""
        verdict = "" if passes(figure, floors) else "  MISSED"
        print(f"{figure.what:<42} {figure.value:>9.1f} {figure.unit:<3} {bound:>8}{verdict}")
    return 0 if all(passes(figure, floors) for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
