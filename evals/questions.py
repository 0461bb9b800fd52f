"""Whether 200 built-in questions are sound, spread and apart: `python -m evals.questions [how many to print]`.

Printed ones come with their page, to be read by a person; `--of FILE` takes another document.
"""

import argparse
import asyncio
import random
import sys
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
import yaml

from evals.corpus import corpus
from evals.memory_shelf import MemoryShelf
from evals.refusal import BIOLOGY
from tools.concepts.prose import root_words
from tools.concepts.types import ConceptShelf
from tools.questions import lint, order
from tools.questions.builtin import BuiltinWriter
from tools.questions.choose import ScopeLibrary
from tools.questions.likeness import Likeness
from tools.questions.pipeline import Ended, Ground, Maker, Ready, generate
from tools.questions.repetition import Memory, meaning
from tools.questions.solve import WordSolver
from tools.questions.types import Item, PassagePlace, Wanted

FLOORS = Path(__file__).with_name("floors.yaml")
WANTED = 200
ALIKE_WORDS, ALIKE_MEANING = 0.85, 0.93


class QuestionShelf(MemoryShelf):
    """Implements the Shelf that questions are chosen from."""

    def places(self, document_ids: Collection[str]) -> list[PassagePlace]:
        """Every passage's place, in reading order."""
        passages = self.passages([id_ for document_id in document_ids for id_ in self.ids([document_id], sys.maxsize)])
        return [PassagePlace(p.id, p.document_id, p.page_index, p.section) for p in passages.values()]


def small_library() -> QuestionShelf:
    """The repository's own texts, a document for each subject."""
    shelf = QuestionShelf()
    subjects: dict[str, list[str]] = {}
    for paragraph in corpus():
        subjects.setdefault(paragraph.subject, []).append(paragraph.text)
    for subject, texts in subjects.items():
        shelf.put_texts(subject, texts)
    return shelf


async def written(
    shelf: QuestionShelf, count: int = WANTED, seed: str = "eval", concepts: ConceptShelf | None = None
) -> tuple[list[Item], Ended]:
    """What the built-in writer asks about everything on the shelf, and how it ended."""
    library = ScopeLibrary(shelf, shelf.scope().document_ids, concepts)
    writer = BuiltinWriter(Likeness(shelf.embeddings))
    makers = [Maker(writer, WordSolver())]
    items: list[Item] = []
    async for event in generate(Wanted(count), Ground(library), makers, Memory(Likeness(shelf.embeddings)), seed):
        match event:
            case Ready(item):
                items.append(item)
            case Ended():
                return items, event
    raise AssertionError("the stream did not end")


def measured(items: Sequence[Item], shelf: QuestionShelf) -> dict[str, int]:
    """How many there are, and how many of each fault that must not be."""
    quotes = [shelf.page_text(i.evidence.document_id, i.evidence.page_index) or "" for i in items]
    return {
        "items": len(items),
        "sections": len({(item.evidence.document_id, item.section) for item in items}),
        "faults": sum(bool(lint.faults(item)) for item in items),
        "not verbatim": sum(
            page[i.evidence.start : i.evidence.end] != i.evidence.quote for i, page in zip(items, quotes, strict=True)
        ),
        "alike": alike(items, shelf),
        "same id": len(items) - len({item.id for item in items}),
        "uneven keys": unevenness(items),
    }


def alike(items: Sequence[Item], shelf: QuestionShelf) -> int:
    """Pairs with the same or nearly the same stem, by words or by meaning."""
    if not items:
        return 0
    vectors = np.asarray(shelf.embeddings.embed_documents([meaning(item) for item in items]), dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    cosines = vectors @ vectors.T
    roots = [root_words(item.stem) for item in items]
    return sum(
        len(roots[a] & roots[b]) > ALIKE_WORDS * len(roots[a] | roots[b]) or bool(cosines[a, b] > ALIKE_MEANING)
        for a, b in combinations(range(len(items)), 2)
    )


def unevenness(items: Sequence[Item]) -> int:
    """How far the commonest place of the right option is ahead of the rarest."""
    choices = [item for item in items if len(item.options) == 4]
    counts = Counter[int]()
    for item in choices:
        counts[order.shown(item, counts).index(item.key[0])] += 1
    return max(counts.values()) - min(counts[place] for place in range(4)) if choices else 0


def print_some(items: Sequence[Item], count: int, shelf: QuestionShelf, seed: int) -> None:
    """Print a sample with its evidence, to be read against the pages."""
    for item in random.Random(seed).sample(list(items), min(count, len(items))):
        e = item.evidence
        print(f"\n── {e.filename} p. {e.page_label} · {item.kind} · {item.difficulty} · {' › '.join(item.section)}")
        print(item.stem)
        for option in item.options:
            print(f"  {'*' if option.id in item.key else ' '} {option.text}\n      {option.rationale}")
        print(f"  answer: {' | '.join(item.key) if not item.options else item.answer}\n  hint: {item.hint}")
        page = shelf.page_text(e.document_id, e.page_index) or ""
        print(f"  page: …{' '.join(page[max(0, e.start - 300) : e.end + 200].split())}…")


def main() -> None:
    """Print the figures; ends with an error below the floors."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("show", nargs="?", type=int, default=0)
    arguments.add_argument("--of", type=Path)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    floors = yaml.safe_load(FLOORS.read_text("utf-8"))["questions"]
    missed: list[str] = []
    for name, shelf in libraries(given.of):
        items, ended = asyncio.run(written(shelf, seed=f"eval{given.seed}"))
        figures = measured(items, shelf)
        print(f"{name}: {figures}; kinds {dict(Counter(i.kind.value for i in items))}; {ended.reason or 'complete'}")
        print(f"  difficulty {dict(Counter(i.difficulty.value for i in items))}; dropped {ended.dropped}")
        print_some(items, given.show, shelf, given.seed)
        missed += [f"{name}: {what}" for what in below(figures, floors.get(name, {}))]
    sys.exit(f"below the floor: {', '.join(missed)}" if missed else 0)


def libraries(other: Path | None) -> list[tuple[str, QuestionShelf]]:
    """The library of one document, or those that the floors are for."""
    if other:
        shelf = QuestionShelf()
        shelf.put(other, other.stem)
        return [(other.stem, shelf)]
    found = [("small corpus", small_library())]
    if BIOLOGY.exists():
        shelf = QuestionShelf()
        shelf.put(BIOLOGY / "biology.pdf", "Biology")
        found.append(("biology", shelf))
    return found


def below(figures: dict[str, int], floor: dict[str, int]) -> list[str]:
    """Items and sections must reach their floor; of everything else there may be no more than the floor, usually 0."""
    few = [what for what in ("items", "sections") if figures[what] < floor.get(what, 0)]
    many = [what for what in figures if what not in ("items", "sections") and figures[what] > floor.get(what, 0)]
    return few + many


if __name__ == "__main__":
    main()
