"""Whether ten questions on a narrow topic come, and are about it: `python -m evals.topics [topics to print]`.

Also whether one kind alone fills a quiz over a whole book.
"""

import asyncio
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from evals.memory_shelf import BOOKS
from evals.questions import FLOORS, QuestionShelf, print_some
from evals.refusal import ALGORITHMS, BIOLOGY, DISCRETE
from tools.questions.builtin import BuiltinWriter
from tools.questions.choose import ScopeLibrary
from tools.questions.likeness import Likeness
from tools.questions.pipeline import Ended, Ground, Maker, Ready, generate
from tools.questions.repetition import Memory
from tools.questions.solve import WordSolver
from tools.questions.types import Item, Kind, Wanted
from tools.types import Found

TOPICS = Path(__file__).with_suffix(".yaml")
WANTED, WANTED_OF_A_KIND = 10, 25
ENOUGH = 0.8


@dataclass(frozen=True, slots=True)
class Quiz:
    """What came of one wish, and after how many seconds."""

    name: str
    items: list[Item]
    ended: Ended
    took: float

    def __str__(self) -> str:
        kinds = " ".join(f"{kind}:{n}" for kind, n in sorted(Counter(item.kind.value for item in self.items).items()))
        dropped = ", ".join(f"{why} {n}" for why, n in Counter(self.ended.dropped).most_common())
        return f"{len(self.items):3} in {self.took:4.1f} s  {kinds}\n      dropped: {dropped or 'nothing'}"


def asked(name: str, wanted: Wanted, shelf: QuestionShelf) -> Quiz:
    """One quiz about a topic, from the built-in writer."""
    return asyncio.run(_asked(name, wanted, shelf))


async def _asked(name: str, wanted: Wanted, shelf: QuestionShelf) -> Quiz:
    start, scope, searcher = time.perf_counter(), shelf.scope(), shelf.searcher()
    writer = BuiltinWriter(Likeness(shelf.embeddings))
    makers = [Maker(writer, WordSolver())]

    def search(topic: str, k: int) -> Found:
        return searcher.search(topic, scope, k)

    ground = Ground(ScopeLibrary(shelf, scope.document_ids), search=search)
    items: list[Item] = []
    async for event in generate(wanted, ground, makers, Memory(Likeness(shelf.embeddings)), "eval"):
        match event:
            case Ready(item):
                items.append(item)
            case Ended():
                return Quiz(name, items, event, time.perf_counter() - start)
    raise AssertionError("the stream did not end")


def is_about(item: Item, place: dict[str, object]) -> bool:
    """Whether an item stands where the book treats a topic, or speaks of it in words that belong to it."""
    words = place.get("or")
    text = f"{item.stem} {item.answer} {item.evidence.quote}"
    under = place["under"]
    assert isinstance(under, list)
    return bool({*under} & {*item.section}) or bool(words and re.search(str(words), text, re.IGNORECASE))


def shelves() -> Iterator[tuple[str, QuestionShelf]]:
    """The books that are at hand, each on a shelf of its own."""
    books = {
        "biology": [BIOLOGY / "biology.pdf"],
        "discrete mathematics": [BOOKS / "discrete-levin" / f"{DISCRETE}.pdf"],
        "algorithms": [BOOKS / "algorithms-erickson" / f"{name}.pdf" for name in ALGORITHMS],
    }
    for name, paths in books.items():
        if all(path.exists() for path in paths):
            shelf = QuestionShelf()
            for path in paths:
                shelf.put(path, name.title())
            yield name, shelf


def of_topics(name: str, shelf: QuestionShelf, shown: Sequence[str]) -> dict[str, float]:
    """The share of a book's topics on which enough questions came, the fewest that came, and the share on topic."""
    came: list[int] = []
    about = 0
    for topic, place in yaml.safe_load(TOPICS.read_text("utf-8"))[name].items():
        quiz = asked(topic, Wanted(WANTED, topic=topic), shelf)
        on_topic = [item for item in quiz.items if is_about(item, place)]
        print(f"{name}: {topic:22} on topic {len(on_topic):2} of {quiz}")
        came, about = [*came, len(quiz.items)], about + len(on_topic)
        if topic in shown or "all" in shown:
            print_some(quiz.items, WANTED, shelf, 1)
    enough = sum(n >= ENOUGH * WANTED for n in came) / len(came)
    return {"enough": enough, "fewest": min(came), "on topic": about / max(1, sum(came))}


def of_kinds(name: str, shelf: QuestionShelf) -> dict[str, float]:
    """How many of each kind the whole book gives when nothing else is wanted."""
    counts = {}
    for kind in (Kind.SINGLE_CHOICE, Kind.TRUE_FALSE, Kind.GAP, Kind.SHORT_ANSWER):
        quiz = asked(kind.value, Wanted(WANTED_OF_A_KIND, kinds=(kind,)), shelf)
        print(f"{name}: only {kind.value:17} {quiz}")
        counts[kind.value] = float(len(quiz.items))
    return counts


def main() -> None:
    """Print the figures; ends with an error below the floors."""
    floors = yaml.safe_load(FLOORS.read_text("utf-8"))["topics"]
    missed: list[str] = []
    for name, shelf in shelves():
        figures = of_topics(name, shelf, sys.argv[1:]) | (of_kinds(name, shelf) if name == "biology" else {})
        print(f"{name}: { ({what: round(figure, 2) for what, figure in figures.items()}) }")
        missed += [f"{name}: {what}" for what, least in floors.get(name, {}).items() if figures[what] < least]
    sys.exit(f"below the floor: {', '.join(missed)}" if missed else 0)


if __name__ == "__main__":
    main()
