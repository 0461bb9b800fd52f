"""How fast PDFs are read and how much memory their reading process needs: `python -m benchmarks.partition [FILE …]`."""

import resource
import sys
import time
from pathlib import Path

from ingestion.partition import Limits, partition

SHARED = Path(__file__).parents[2] / "shared" / "books"
BOOKS = (SHARED / "openstax-biology" / "biology.pdf", SHARED / "discrete-levin" / "discretebook-2016-01-02.pdf")


def measure(path: Path) -> str:
    """How long one document takes, in words."""
    begun, before = time.perf_counter(), _children_cpu()
    pages = sum(1 for _ in partition(path, path.name, Limits(pages=100_000), lambda: False)) - 1
    seconds, cpu = time.perf_counter() - begun, _children_cpu() - before
    return f"{path.name}: {pages} pages in {seconds:.1f} s ({pages / seconds:.0f} a second), {cpu:.1f} s of CPU"


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Print the figures of the books named, else of those at hand."""
    paths = [Path(name) for name in sys.argv[1:]] or [path for path in BOOKS if path.exists()]
    for path in paths:
        print(measure(path))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"largest reading process: {peak:.0f} MB" if paths else "no book to measure with: name a file")


if __name__ == "__main__":
    main()
