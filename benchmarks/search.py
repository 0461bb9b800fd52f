"""Time of a complete search in a library of 30,000 passages, on both databases: `python -m benchmarks.search`."""

import codecs
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np
import yaml

from app.cache import ByteCache
from app.models.minilm import MiniLM
from app.persistence.db import Database, connect, migrate
from app.persistence.means import MeanTable
from app.settings import Settings
from app.vectors import ChromaIndex, ChromaVectors
from evals.corpus import corpus
from ingestion.embed import EmbeddedPassage, embed_passages, normalised
from ingestion.types import Chunk, Page
from tests.support.chroma import ChromaServer
from tests.support.postgres import PostgresServer
from tests.support.shelf import LEARNER, SearchShelf, scope
from tools.matching import packed
from tools.ports import Vectors
from tools.search import CANDIDATES
from tools.types import ResolvedScope
from tools.words import content_words

FLOORS = Path(__file__).with_name("floors.yaml")
BOOK = Path(__file__).parents[2] / "shared" / "books" / "openstax-biology"
CACHE = Path(tempfile.gettempdir()) / "studyrag-benchmarks"
MODEL = "builtin"
PASSAGES, ORIGINALS, QUESTIONS = 30_000, 1_500, 100
BIG, TINY, OTHERS = 3_500, 8, 198
NEIGHBOURS = 10


@dataclass(frozen=True)
class Text:
    """One passage's text with its vectors."""

    text: str
    embedded: EmbeddedPassage


def originals(model: MiniLM) -> list[Text]:
    """Passages of the book, or of the repository's own texts where it is not at hand."""
    texts = list(islice(_book(), ORIGINALS)) if BOOK.exists() else [paragraph.text for paragraph in corpus()]
    return [Text(text, e) for text, e in zip(texts, embed_passages(texts, model), strict=True)]


def _book() -> Iterator[str]:
    """Paragraphs joined up to a thousand characters, from all over the book."""
    lines = [line for line in (BOOK / "biology.md").read_text("utf-8").splitlines() if len(line) > 60]
    passage = ""
    for line in lines[:: max(1, len(lines) // (ORIGINALS * 2))]:
        if passage and len(passage) + len(line) > 1000:
            yield passage
            passage = ""
        passage = f"{passage}\n{line}"[:1000].strip()


def questions() -> list[str]:
    """What is searched for."""
    if not BOOK.exists():
        return [question for paragraph in corpus() for question in paragraph.questions][:QUESTIONS]
    lines = (BOOK / "biology.questions.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["question"] for line in lines[:: len(lines) // QUESTIONS]][:QUESTIONS]


class Mixer:
    """Ever new passages from the sentences of neighbouring originals; or as of another subject."""

    def __init__(self, texts: Sequence[Text]) -> None:
        self._texts = texts
        self._random = np.random.default_rng(7)
        self._elsewhere = self._random.permutation(texts[0].embedded.mean.size)
        self._made = 0

    def fill(self, shelf: SearchShelf, document_id: str, count: int, other_subject: bool = False) -> None:
        """Put a document of `count` mixed passages on the shelf."""
        mixed = [self._mixed(other_subject) for _ in range(count)]
        chunks = [Chunk(n, 0, len(one.text), one.text, ()) for n, one in enumerate(mixed, 1)]
        pages = [Page(chunk.page_index, str(chunk.page_index), "page", chunk.text) for chunk in chunks]
        shelf.put_chunks(document_id, pages, chunks, embedded=[one.embedded for one in mixed])

    def _mixed(self, other_subject: bool) -> Text:
        self._made += 1
        near = [self._texts[(self._made + step) % len(self._texts)] for step in range(NEIGHBOURS)]
        pool = [(one, n) for one in near for n in range(len(one.embedded.spans))]
        size = min(len(near[0].embedded.spans), len(pool))
        picked = [pool[n] for n in self._random.choice(len(pool), size=size, replace=False)]
        parts = [one.text[slice(*one.embedded.spans[n].tolist())] for one, n in picked]
        vectors = np.stack([one.embedded.vectors[n] for one, n in picked])
        if other_subject:
            parts, vectors = [codecs.encode(part, "rot13") for part in parts], vectors[:, self._elsewhere]
        ends = np.cumsum([len(part) + 1 for part in parts])
        spans = np.stack([np.r_[0, ends[:-1]], ends - 1], axis=1).astype(np.uint16)
        mean = normalised(vectors.astype(np.float32).mean(axis=0))
        words = packed([_words(one, n) for one, n in picked])
        return Text(" ".join(parts), EmbeddedPassage(spans, vectors, mean, words))


def _words(one: Text, sentence: int) -> Vectors:
    """The signs of a sentence's words as vectors (words, dim)."""
    words = one.embedded.words
    assert words is not None
    end = int(words.counts[: sentence + 1].sum(dtype=np.intp))
    bits = np.unpackbits(words.signs[end - int(words.counts[sentence]) : end], axis=1)
    return bits.astype(np.float32) - np.float32(0.5)


def fill(shelf: SearchShelf, texts: Sequence[Text]) -> dict[str, ResolvedScope]:
    """A library of 200 documents, half of them of another subject; returns the scopes to ask in."""
    mixer = Mixer(texts)
    mixer.fill(shelf, "big", BIG)
    mixer.fill(shelf, "tiny", TINY)
    others = [f"other{n:03d}" for n in range(OTHERS)]
    for n, document_id in enumerate(others):
        left = PASSAGES - BIG - TINY
        mixer.fill(shelf, document_id, left // OTHERS + (n < left % OTHERS), other_subject=n >= OTHERS // 2)
    same, different = others[: OTHERS // 2], others[OTHERS // 2 :]
    return {
        f"whole library ({PASSAGES:,} passages)": scope("big", "tiny", *others),
        f"one book ({BIG:,} passages)": scope("big"),
        f"a tiny document ({TINY} passages)": scope("tiny"),
        "ten documents": scope(*same[:10]),
        "half of the library": scope(*same, "big"),
        "half, of another subject": scope(*different),
        "one document of another subject": scope(different[0]),
    }


def timed(call: Callable[[str], object], asked: Sequence[str]) -> tuple[float, float]:
    """Median and 95th percentile in milliseconds."""
    times = []
    for question in asked:
        start = time.perf_counter()
        call(question)
        times.append((time.perf_counter() - start) * 1000)
    return float(np.median(times)), float(np.percentile(times, 95))


def measure(
    shelves: Mapping[str, SearchShelf], scopes: dict[str, ResolvedScope], asked: Sequence[str]
) -> dict[str, float]:
    """Prints a table, the stores side by side, and returns the 95th percentile of each one's slowest scope."""
    slowest = dict.fromkeys(shelves, 0.0)
    print(f"{'milliseconds, p50 / p95':36s}" + "".join(f"{name:>42s}" for name in shelves))
    print(" " * 36 + f"{'search':>14s}{'vectors':>14s}{'keywords':>14s}" * len(shelves))
    model = next(iter(shelves.values())).embeddings
    embedded = {question: model.embed_query(question) for question in asked}
    for scoped, within in scopes.items():
        row = ""
        for name, shelf in shelves.items():
            times = [timed(part, asked) for part in _parts(shelf, within, embedded)]
            slowest[name] = max(slowest[name], times[0][1])
            row += "".join(f"{median:7.1f} /{high:5.1f}" for median, high in times)
        print(f"{scoped:36s}{row}", flush=True)
    median, high = timed(model.embed_query, asked)
    print(f"{'embedding the question':36s}{median:7.1f} /{high:5.1f}")
    return slowest


def _parts(
    shelf: SearchShelf, within: ResolvedScope, embedded: dict[str, list[float]]
) -> Iterator[Callable[[str], object]]:
    ids = within.document_ids
    yield lambda question: shelf.search.search(question, within)
    yield lambda question: shelf.vectors.search(embedded[question], ids, CANDIDATES)
    yield lambda question: shelf.keywords.search(content_words(question), ids, CANDIDATES)


@contextmanager
def stores() -> Iterator[dict[str, SearchShelf]]:
    """Empty shelves, one for each database, before one vector server."""
    with ExitStack() as open_now:
        folder = open_now.enter_context(tempfile.TemporaryDirectory())
        server = open_now.enter_context(ChromaServer(Path(folder) / "chroma"))
        url = open_now.enter_context(open_now.enter_context(PostgresServer()).database())
        model = MiniLM(CACHE / "models")
        yield {
            name: open_now.enter_context(_shelf(Settings.model_validate(chosen), server.url, model, name))
            for name, chosen in {"SQLite": {"STUDYRAG_DATA_DIR": folder}, "PostgreSQL": {"database_url": url}}.items()
        }


@contextmanager
def _shelf(settings: Settings, chroma_url: str, model: MiniLM, name: str) -> Iterator[SearchShelf]:
    engine = connect(settings.database)
    migrate(engine)
    database = Database(engine)
    # One collection belongs to one name of a model: the stores share no vectors.
    vectors = ChromaVectors(chroma_url, f"{MODEL} {name}")
    index = ChromaIndex(vectors, LEARNER, MeanTable(database.of(LEARNER), MODEL, ByteCache()))
    shelf = SearchShelf(database, model, index, MODEL)
    yield shelf
    shelf.search.close()
    vectors.close()
    engine.dispose()


def main() -> int:
    """Print the figures; 1 above a floor."""
    floors = yaml.safe_load(FLOORS.read_text("utf-8"))["search"]
    with stores() as shelves:
        texts = originals(MiniLM(CACHE / "models"))
        for name, shelf in shelves.items():
            start = time.monotonic()
            scopes = fill(shelf, texts)
            print(f"library of {PASSAGES:,} passages made in {time.monotonic() - start:.0f} s on {name}", flush=True)
        asked = questions()
        for shelf in shelves.values():
            timed(partial(shelf.search.search, scope=next(iter(scopes.values()))), asked[:10])
        slowest = measure(shelves, scopes, asked)
    for name, high in slowest.items():
        print(f"slowest scope on {name}: p95 {high:.1f} ms, floor {floors[name]} ms")
    return int(any(high > floors[name] for name, high in slowest.items()))


if __name__ == "__main__":
    sys.exit(main())
