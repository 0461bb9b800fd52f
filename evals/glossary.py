"""Whether the questions of a textbook are about its terms: `python -m evals.glossary [how many to print]`.

Each book is asked about twice: plain, without any list of terms in it, and as the printed book with its own apparatus.
"""

import asyncio
import json
import sys
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import yaml

from evals.apparatus import entries_of
from evals.memory_shelf import textbook
from evals.questions import FLOORS, QuestionShelf, print_some, written
from tools.concepts.find import Key, find, key_of
from tools.concepts.types import Concept
from tools.questions.types import Item

BOOKS = ("psychology", "us-history")
FIRST = 100


class ConceptualShelf(QuestionShelf):
    """Implements ConceptShelf for one document, with what its apparatus says."""

    def __init__(self, path: Path, *, reads_apparatus: bool) -> None:
        super().__init__()
        self.put(path, path.stem)
        passages = self.passages(self.ids([path.stem], sys.maxsize))
        self.found = find(list(passages.values()), entries_of(path) if reads_apparatus else ())

    def weights(self, document_ids: Collection[str]) -> dict[str, float]:
        """By passage, of the weightiest concept explained there."""
        return {one.passage_id: one.weight for one in sorted(self.found, key=lambda one: one.weight)}

    def concepts(self, document_id: str) -> Sequence[Concept]:
        """In reading order."""
        return self.found


def terms_of(name: str) -> set[Key]:
    """The terms of a book's glossary."""
    lines = textbook(name, ".glossary.jsonl").read_text("utf-8").splitlines()
    return {key_of(json.loads(line)["term"]) for line in lines}


def is_about(item: Item, terms: Collection[Key]) -> bool:
    """Whether stem or answer names a term."""
    said = key_of(f"{item.stem} {item.answer}")
    return any(said[at : at + len(term)] == term for term in terms for at in range(len(said) - len(term) + 1))


def shelves(name: str) -> Iterator[tuple[str, ConceptualShelf]]:
    """Those of the files that are there."""
    for ending, said in ((".pdf", name), ("-full.pdf", f"{name}, with its apparatus")):
        path = textbook(name, ending)
        if path.exists():
            yield said, ConceptualShelf(path, reads_apparatus=ending.startswith("-"))


def main() -> None:
    """Print the figures and some questions; ends with an error below the floors."""
    floors = yaml.safe_load(FLOORS.read_text("utf-8"))["glossary"]
    missed: list[str] = []
    for name in BOOKS:
        for said, shelf in shelves(name):
            terms = terms_of(name)
            items, _ = asyncio.run(written(shelf, FIRST, concepts=shelf))
            covered = {key_of(one.term) for one in shelf.found} & terms
            figures = {
                "about": sum(is_about(item, terms) for item in items) / FIRST,
                "covered": len(covered) / len(terms),
            }
            print(f"{said}: {len(items)} questions, { ({what: round(one, 2) for what, one in figures.items()}) }")
            print_some(items, int(sys.argv[1]) if len(sys.argv) > 1 else 0, shelf, 1)
            missed += [f"{said}: {what}" for what, least in floors[said].items() if figures[what] < least]
    sys.exit(f"below the floor: {', '.join(missed)}" if missed else 0)


if __name__ == "__main__":
    main()
