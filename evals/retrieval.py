"""Share of questions whose right place is found first and among the first five: `python -m evals.retrieval`.

“Weights from the others” ranks each book and corpus with weights that were fitted without its questions; the last line
is what all of them together say, which tools/ranking.py has.
"""

import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import yaml

from app.models.minilm import MiniLM
from app.persistence.db import Database, connect, migrate
from evals.corpus import corpus
from evals.encyclopedia import encyclopedia
from evals.fitting import Candidates, fitted, shares
from evals.memory_shelf import BOOKS, CACHE, TEXTBOOKS, read, textbook
from ingestion.types import Chunk
from tests.support.shelf import ExactVectors, SearchShelf, scope
from tools.ranking import COSINE_WEIGHT
from tools.search import MATCHED
from tools.types import ResolvedScope
from tools.words import content_words

FLOORS = Path(__file__).with_name("floors.yaml")
FEWEST_WORDS = 5

Ranking = list[tuple[str, float]]


@dataclass(frozen=True)
class Question:
    """The pages, first to last, of which any is right."""

    text: str
    first_page: int
    last_page: int


@dataclass
class Sheet:
    """Questions on one document of a shelf, and each question's vector and scores of all passages."""

    shelf: SearchShelf
    document: str
    questions: Sequence[Question]
    vectors: dict[str, list[float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._ids = self.shelf.passages.ids([self.document], 1_000_000)
        self._pages = {id_: passage.page_index for id_, passage in self.shelf.passages.passages(self._ids).items()}
        parts = self.shelf.passages.sentences(self._ids)
        self._order = list(parts)
        self._sentences = np.concatenate([vectors for _, vectors in parts.values()]).astype(np.float32) / 127
        self._starts = np.cumsum([0, *(len(spans) for spans, _ in parts.values())])[:-1]
        texts = [question.text for question in self.questions]
        self.vectors = dict(zip(texts, self.shelf.embeddings.embed_documents(texts), strict=True))

    def mean_vector(self, question: str) -> Ranking:
        """By the passage's mean vector alone."""
        return self.shelf.vectors.search(self.vectors[question], [self.document], len(self._ids))

    def bm25(self, question: str) -> Ranking:
        """By its words alone."""
        return list(self.shelf.keywords.search(content_words(question), [self.document], len(self._ids)).found)

    def best_sentence(self, question: str) -> Ranking:
        """By its best sentence alone."""
        cosines = np.maximum.reduceat(self._sentences @ np.asarray(self.vectors[question], np.float32), self._starts)
        return list(zip(self._order, cosines.tolist(), strict=True))

    def with_bm25(self, cosines: Callable[[str], Ranking], question: str) -> Ranking:
        """The weighted sum of DESIGN.md."""
        by_word = dict(self.bm25(question))
        highest = max(by_word.values(), default=1.0)
        return sorted(
            (
                (id_, COSINE_WEIGHT * cosine + (1 - COSINE_WEIGHT) * by_word.get(id_, 0.0) / highest)
                for id_, cosine in cosines(question)
            ),
            key=lambda one: -one[1],
        )

    def ours(self, question: str) -> Ranking:
        """As the product ranks, the first five."""
        found = self.shelf.search.search(question, scope(self.document), 5)
        return [(hit.passage.id, hit.score) for hit in found.hits]

    def candidates(self) -> list[Candidates]:
        """What the product matches word by word, for each question."""
        within = scope(self.document)
        return [self._candidates(question, within) for question in self.questions]

    def _candidates(self, question: Question, within: ResolvedScope) -> Candidates:
        found = self.shelf.search.candidates(question.text, within).ranked[:MATCHED]
        pages = np.array([self._pages[one.id] for one in found])
        right = (pages >= question.first_page) & (pages <= question.last_page)
        return Candidates(np.array([one.features() for one in found]), right)

    def rankings(self) -> dict[str, Callable[[str], Ranking]]:
        """Each way to rank, by name."""
        return {
            "vectors alone": self.mean_vector,
            "BM25 alone": self.bm25,
            "best sentence + BM25": lambda question: self.with_bm25(self.best_sentence, question),
            "ours": self.ours,
        }

    def shares(self, ranking: Callable[[str], Ranking]) -> tuple[float, float]:
        """Right first, right among the first five."""
        first = five = 0
        for question in self.questions:
            pages = [self._pages[id_] for id_, _ in ranking(question.text)[:5]]
            right = [question.first_page <= page <= question.last_page for page in pages]
            first += right[:1] == [True]
            five += any(right)
        return first / len(self.questions), five / len(self.questions)


def put_book(shelf: SearchShelf, name: str, model: MiniLM) -> None:
    """Read a textbook, once for all evals, and put it on the shelf under its name."""
    pages, passages, embedded = read(textbook(name, ".pdf"), name, model)
    chunks = [Chunk(one.page_index, one.start, one.end, one.text, one.section) for one in passages]
    shelf.put_chunks(name, pages, chunks, embedded=embedded)


def book_questions(name: str, kind: str) -> list[Question]:
    """Those that make sense without their choices and without a figure."""
    listed = map(json.loads, textbook(name, ".questions.jsonl").read_text("utf-8").splitlines())
    return [
        Question(one["question"], *one["pdf_pages"])
        for one in listed
        if one["type"] == kind
        and "[[link]]" not in one["question"]
        and len(one["question"].split()) >= FEWEST_WORDS
        and content_words(one["question"])
    ]


def sheets(shelf: SearchShelf, model: MiniLM) -> Iterator[tuple[str, str, Sheet]]:
    """Each corpus and each textbook with its questions: their name, where they come from, and the sheet."""
    paragraphs = corpus()
    shelf.put("corpus", [paragraph.text for paragraph in paragraphs])
    asked = [Question(text, n, n) for n, paragraph in enumerate(paragraphs, 1) for text in paragraph.questions]
    yield "corpus", "ours", Sheet(shelf, "corpus", asked)
    entries = encyclopedia()
    shelf.put("encyclopedia", [entry.text for entry in entries])
    asked = [Question(text, n, n) for n, entry in enumerate(entries, 1) for text in entry.answers]
    yield "encyclopedia", "ours", Sheet(shelf, "encyclopedia", asked)
    for name in TEXTBOOKS if BOOKS.exists() else ():
        put_book(shelf, name, model)
        yield f"{name}, single choice", name, Sheet(shelf, name, book_questions(name, "mcq"))
        yield f"{name}, free", name, Sheet(shelf, name, book_questions(name, "free"))


def told(name: str, sheet: Sheet) -> tuple[float, float]:
    """Prints what each way to rank finds; returns what ours does."""
    first = five = 0.0
    print(f"{name} ({len(sheet.questions)} questions)")
    for label, ranking in sheet.rankings().items():
        first, five = sheet.shares(ranking)
        print(f"  {label:24s} first {first:.3f}   first five {five:.3f}", flush=True)
    return first, five


def tell_fitted(found: dict[str, tuple[str, list[Candidates]]]) -> None:
    """How each set does with weights from the sets of other books, and what all of them say."""
    print("weights from the others")
    for name, (source, candidates) in found.items():
        others = [of_other for origin, of_other in found.values() if origin != source]
        if others:
            first, five = shares(candidates, fitted(others))
            print(f"  {name:24s} first {first:.3f}   first five {five:.3f}", flush=True)
    everything = fitted([candidates for _, candidates in found.values()])
    print(f"all together: {', '.join(f'{weight:.2f}' for weight in everything)}")


def main() -> int:
    """Print the figures; 1 below a floor."""
    floors = yaml.safe_load(FLOORS.read_text("utf-8"))["retrieval"]
    short = []
    found: dict[str, tuple[str, list[Candidates]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        engine = connect(f"sqlite:///{folder}/studyrag.sqlite3")
        migrate(engine)
        model = MiniLM(CACHE / "models", threads=2)
        shelf = SearchShelf(Database(engine), model, ExactVectors(), "builtin")
        for name, source, sheet in sheets(shelf, model):
            ours = told(name, sheet)
            found[name] = source, sheet.candidates()
            short += [name for share, floor in zip(ours, floors[name], strict=True) if share < floor]
        shelf.search.close()
        engine.dispose()
    tell_fitted(found)
    for name in short:
        print(f"below the floor: {name} {floors[name]}")
    return int(bool(short))


if __name__ == "__main__":
    sys.exit(main())
