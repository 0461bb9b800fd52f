"""Whether the built-in tutor's answer holds the answer that is known: `python -m evals.answers`.

An article's answer stands in its paragraph; a textbook's is the right choice of a question, where that stands in the
section. Nothing is refused here.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from evals.encyclopedia import encyclopedia
from evals.memory_shelf import BOOKS, MemoryShelf, textbook
from tools.extract import excerpts
from tools.types import Found
from tools.words import words

FLOORS = Path(__file__).with_name("floors.yaml")
TEXTBOOKS = ("psychology", "us-history")
FEWEST_WORDS = 5


@dataclass(frozen=True, slots=True)
class Known:
    """A question with its answer in the words of the text."""

    question: str
    answer: str


def sets(shelf: MemoryShelf) -> Iterator[tuple[str, list[Known]]]:
    """The documents that are put on the shelf, each with its questions."""
    entries = encyclopedia()
    shelf.put_texts("encyclopedia", [entry.text for entry in entries])
    yield "encyclopedia", [Known(text, str(answer)) for entry in entries for text, answer in entry.answers.items()]
    for name in TEXTBOOKS if BOOKS.exists() else ():
        shelf.put(textbook(name, ".pdf"), name)
        yield name, list(_choices(shelf, name))


def _choices(shelf: MemoryShelf, name: str) -> Iterator[Known]:
    for line in textbook(name, ".questions.jsonl").read_text("utf-8").splitlines():
        one = json.loads(line)
        question = one["question"].replace("\n", " ").strip()
        if one["type"] != "mcq" or "[[link]]" in question or len(question.split()) < FEWEST_WORDS:
            continue
        first, last = one["pdf_pages"]
        section = " ".join(shelf.page_text(name, page) or "" for page in range(first, last + 1))
        if holds(section, one["answer_text"]):
            yield Known(question, one["answer_text"])


def holds(text: str, answer: str) -> bool:
    """Whether the words of the answer stand in the text, in their order."""
    wanted = _plain(answer)
    return bool(wanted.strip()) and wanted in _plain(text)


def _plain(text: str) -> str:
    return f" {' '.join(words(text))} "


def answered(known: Known, found: Found) -> tuple[bool, int]:
    """Whether the answer is in what the tutor quotes, and how many sentences that are."""
    said = excerpts(known.question, found)
    return holds(" ".join(excerpt.text for excerpt in said), known.answer), len(said)


def main() -> int:
    """Print the figures; 1 below a floor."""
    floors = yaml.safe_load(FLOORS.read_text("utf-8"))["answers"]
    shelf = MemoryShelf()
    search = shelf.searcher()
    short = []
    for name, questions in sets(shelf):
        told = [answered(known, search.search(known.question, shelf.scope(name))) for known in questions]
        share, length = (sum(part) / len(told) for part in zip(*told, strict=True))
        print(f"{name:14s} {len(told)} questions: {share:.3f} hold the answer, {length:.2f} sentences", flush=True)
        short += [name] if share < floors[name] or length > floors["sentences"] else []
    print(f"below the floor: {', '.join(short)}" if short else "on or above the floors")
    return int(bool(short))


if __name__ == "__main__":
    sys.exit(main())
