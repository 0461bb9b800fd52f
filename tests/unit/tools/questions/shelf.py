"""Short documents for question writing, one passage to a page, and what the tests share."""

from collections.abc import AsyncGenerator, Collection, Sequence
from dataclasses import replace
from typing import Any

from tests.support.embeddings import HashingEmbeddings
from tools.questions.builtin import BuiltinWriter
from tools.questions.choose import ScopeLibrary
from tools.questions.likeness import Likeness
from tools.questions.pipeline import Ended, Event, Ground, Maker, generate
from tools.questions.repetition import Memory
from tools.questions.solve import WordSolver
from tools.questions.types import (
    Bloom,
    Corpus,
    Difficulty,
    Evidence,
    Item,
    Kind,
    Option,
    PassagePlace,
    SourcePassage,
    Wanted,
    Written,
)
from tools.types import Passage

CELL = [
    "Osmosis is the movement of water through a semipermeable membrane toward the side with more solutes. "
    "Plants depend on osmosis to keep their stems stiff. However, it is the reason that salt harms them.",
    "Diffusion is the movement of particles from a crowded place to an empty place until they are spread evenly. "
    "Perfume reaches the far corner of a room by diffusion.",
    "Endocytosis is the movement of large particles into a cell by folding the membrane inward around them. "
    "White blood cells take up bacteria by endocytosis.",
    "Exocytosis is the movement of material out of a cell by fusing vesicles with the membrane. "
    "Nerve cells release their messengers by exocytosis.",
    "Filtration is the movement of fluid through a membrane that is driven by hydrostatic pressure. "
    "The kidney cleans the blood by filtration.",
    "A short tail of amino acids that directs a protein to its compartment is called a signal sequence. "
    "Ribosomes read the signal sequence first.",
    "Deoxyribonucleic acid (DNA) is the molecule that carries the instructions for building every protein. "
    "Every nucleus holds deoxyribonucleic acid.",
    "This process is a similar one on a smaller scale, as shown in Figure 4. See https://example.org for more [12].",
]
HISTORY = [
    "In 1559 Pope Paul IV issued the first papal Index of Forbidden Books. Printers in Venice ignored it.",
    "Johannes Gutenberg died in Mainz in February 1468. He left little behind.",
    "In 1476 William Caxton opened the first press in England near Westminster Abbey. He sold many books.",
    "In October 1517 Martin Luther wrote 95 theses against the sale of indulgences. They spread within weeks.",
    "In 1605 Johann Carolus printed the first weekly newspaper of Europe in Strasbourg. It found many readers.",
]


class TextShelf:
    """Implements Shelf."""

    def __init__(self, documents: dict[str, list[str]], section: str = "The Cell") -> None:
        self._passages: dict[str, Passage] = {}
        for document_id, texts in documents.items():
            for n, text in enumerate(texts, start=1):
                heading = (section, f"Part {n}")
                self._passages[f"{document_id}-{n}"] = Passage(
                    f"{document_id}-{n}", document_id, document_id.title(), f"{document_id}.pdf", n, str(n), "page",
                    heading, 0, len(text), text,
                )  # fmt: skip

    def places(self, document_ids: Collection[str]) -> list[PassagePlace]:
        some = [p for p in self._passages.values() if p.document_id in document_ids]
        return [PassagePlace(p.id, p.document_id, p.page_index, p.section) for p in some]

    def passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        return {id_: self._passages[id_] for id_ in ids if id_ in self._passages}

    def page_text(self, document_id: str, page_index: int) -> str | None:
        passage = self._passages.get(f"{document_id}-{page_index}")
        return passage.text if passage else None

    def library(self) -> ScopeLibrary:
        return ScopeLibrary(self, {passage.document_id for passage in self._passages.values()})


class ScriptedWriter:
    """Gives these items, whatever it is asked for."""

    name = "scripted"
    batch = 8
    varies = False

    def __init__(self, *items: Item, error: Exception | None = None) -> None:
        self._items, self._error = items, error

    async def write(
        self, sources: Sequence[SourcePassage], wanted: Wanted, corpus: Corpus
    ) -> AsyncGenerator[Written, None]:
        """Each from the passage that its evidence lies in."""
        for item in self._items:
            place = item.evidence.document_id, item.evidence.page_index
            for source in sources:
                if (source.passage.document_id, source.passage.page_index) == place:
                    yield Written(source, item)
        if self._error:
            raise self._error


def builtin() -> Maker:
    return Maker(BuiltinWriter(Likeness(HashingEmbeddings())), WordSolver())


async def events_of(
    library: ScopeLibrary, wanted: Wanted, *makers: Maker, earlier: Sequence[Item] = (), seed: str = "s"
) -> list[Event]:
    memory, ground = Memory(Likeness(HashingEmbeddings()), earlier), Ground(library, "this chapter")
    return [event async for event in generate(wanted, ground, makers or (builtin(),), memory, seed)]


def ended(events: Sequence[Event]) -> Ended:
    last = events[-1]
    assert isinstance(last, Ended)
    return last


QUOTE = CELL[0].split(". ")[0] + "."


def item(**changes: Any) -> Item:
    """A sound question about osmosis, on page 1 of the cell document."""
    texts = ("osmosis", "diffusion", "filtration", "endocytosis")
    options = tuple(Option(f"o{n}", text, f"About {text}.") for n, text in enumerate(texts))
    sound = Item(
        id="i1",
        kind=Kind.SINGLE_CHOICE,
        stem="Which of these is the movement of water through a semipermeable membrane?",
        options=options,
        key=("o0",),
        rationale="The page says so.",
        hint="It begins with O.",
        difficulty=Difficulty.EASY,
        bloom=Bloom.REMEMBER,
        topic="Transport",
        section=("The Cell", "Part 1"),
        evidence=Evidence("cell", "Cell", "cell.pdf", 1, "1", "page", QUOTE, 0, len(QUOTE)),
        writer="scripted",
    )
    return replace(sound, **changes)


def options(*texts: str) -> tuple[Option, ...]:
    return tuple(Option(f"o{n}", text, "Because.") for n, text in enumerate(texts))
