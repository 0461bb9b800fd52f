"""Speed and fidelity of the built-in embedding model: `python -m benchmarks.embedding [SENTENCES]`."""

import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil

from app.models.minilm import (
    MiniLM,
    Network,
    TokenIds,
    equal_lengths,
    float_or_int8_model,
    open_network,
    open_tokenizer,
)
from tools.ports import Vectors

BOOK = Path(__file__).parents[2] / "shared" / "books" / "openstax-biology" / "biology.md"
SUBJECTS = ("The membrane", "An enzyme", "Each chromosome", "A predator", "The root of a plant", "Every neuron")
VERBS = ("controls", "binds", "slowly changes", "depends on", "cannot exist without", "is older than")
OBJECTS = ("the molecules that enter the cell", "its substrate at the active site", "light, water and carbon dioxide")
ENDINGS = (
    "",
    " in most animals",
    " while the temperature stays within the range that proteins bear",
    " during mitosis",
)


def sentences() -> list[str]:
    """Of the biology book when it is there, else generated ones."""
    return list(_book(BOOK.read_text("utf-8")) if BOOK.exists() else _generated())


def _book(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if line and line[0] not in "#|!":
            yield from (part for part in re.split(r"(?<=[.?!]) +", line) if len(part.split()) > 3)


def _generated() -> Iterator[str]:
    for n in range(10):
        for ending in ENDINGS:
            yield from (
                f"{who} {does} {what}{ending}, as figure {n} shows."
                for who in SUBJECTS
                for does in VERBS
                for what in OBJECTS
            )


def timed(model: MiniLM, texts: list[str]) -> float:
    """Passages embedded in a second."""
    start = time.perf_counter()
    model.encode(texts)
    return len(texts) / (time.perf_counter() - start)


def on_one_core(network: Network, ids: list[TokenIds]) -> tuple[float, Vectors]:
    """Sentences a second of processor time, which other programs on the machine disturb less; vectors by length."""
    batches = [np.stack([ids[row] for row in rows]) for rows in equal_lengths(ids)]
    start = time.process_time()
    vectors = np.concatenate([network(batch) for batch in batches])
    return len(ids) / (time.process_time() - start), vectors


def query_milliseconds(model: MiniLM, texts: list[str]) -> float:
    """The median of one query after another."""
    times = []
    for text in texts:
        start = time.perf_counter()
        model.embed_query(text)
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def main(count: int) -> None:
    """Print the figures for about `count` sentences of the corpus."""
    texts = sentences()
    texts = texts[:: max(1, len(texts) // count)][:count]
    cores = os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as folder:
        MiniLM(Path(folder)).build()
        model = MiniLM(Path(folder), threads=cores)
        rate = timed(model, texts)
        memory = psutil.Process().memory_info().rss / 2**20
        query = query_milliseconds(model, texts[:100])
    tokenizer = open_tokenizer()
    ids = [np.array(tokenizer.encode(text).ids, np.int32) for text in texts[:1000]]
    fast, quantized = on_one_core(open_network(float_or_int8_model(int8=True)), ids)
    slow, exact = on_one_core(open_network(float_or_int8_model(int8=False)), ids)
    cosine = np.sum(quantized * exact, axis=1)
    print(f"{len(texts)} sentences, {np.mean([len(i) for i in ids]):.0f} tokens on average")
    print(f"{'int8, wall clock':24}{rate:8.0f} sentences/s on {cores} cores, {memory:.0f} MB resident afterwards")
    print(f"{'int8, one core':24}{fast:8.0f} sentences/s of processor time")
    print(f"{'float32, one core':24}{slow:8.0f} sentences/s of processor time ({fast / slow:.1f} times slower)")
    print(f"{'query':24}{query:8.1f} ms median")
    print(f"{'cosine int8 to float32':24}{cosine.mean():8.4f} mean, {cosine.min():.4f} least")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
