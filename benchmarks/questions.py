"""Time to the first built-in question and to 25 of them on a 763-page book: `python -m benchmarks.questions`."""

import asyncio
import sys
import time
from pathlib import Path

import yaml

from evals.questions import QuestionShelf, libraries
from tools.questions.builtin import BuiltinWriter
from tools.questions.choose import ScopeLibrary
from tools.questions.likeness import Likeness
from tools.questions.pipeline import Ground, Maker, Ready, generate
from tools.questions.repetition import Memory
from tools.questions.solve import WordSolver
from tools.questions.types import Wanted

FLOORS = Path(__file__).with_name("floors.yaml")
QUESTIONS = 25


async def times(shelf: QuestionShelf, seed: str) -> list[float]:
    """Seconds from the request to each question, nothing of the book having been looked at before."""
    start = time.perf_counter()
    library = ScopeLibrary(shelf, shelf.scope().document_ids)
    writer = BuiltinWriter(Likeness(shelf.embeddings))
    makers = [Maker(writer, WordSolver())]
    events = generate(Wanted(QUESTIONS), Ground(library), makers, Memory(Likeness(shelf.embeddings)), seed)
    return [time.perf_counter() - start async for event in events if isinstance(event, Ready)]


def main() -> None:
    """Print the figures; ends with an error above the floors."""
    floors = yaml.safe_load(FLOORS.read_text("utf-8"))["questions"]
    name, shelf = libraries(None)[-1]
    shelf.embeddings.embed_query("warm")
    runs = [asyncio.run(times(shelf, seed)) for seed in ("one", "two", "three")]
    first, last = max(run[0] for run in runs), max(run[-1] for run in runs)
    print(f"{name}: first question after {1000 * first:.0f} ms, {len(runs[0])} after {last:.1f} s; slowest of three")
    if 1000 * first > floors["first_ms"] or last > floors["all_s"]:
        sys.exit(f"more than {floors['first_ms']} ms or {floors['all_s']} s")


if __name__ == "__main__":
    main()
