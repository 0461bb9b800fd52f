"""Whether a book's own apparatus is found as it stands there: `python -m evals.apparatus [book ...]`.

Against the truth of the full textbooks; of the other books it prints what was found, to be read by a person.
"""

import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from evals.memory_shelf import BOOKS
from evals.questions import FLOORS
from ingestion.apparatus import ApparatusReading
from ingestion.chunk import SectionPath
from ingestion.partition import Limits, partition
from ingestion.types import Outline, Page
from tools.apparatus import Emphasised, Entry, Exercise, IndexEntry, KeyTerm, Summary
from tools.words import stem, words

FITTED, HELD_OUT = ("psychology",), ("us-history", "biology")
"""The rules were made on the first; the others say what they are worth."""
OTHERS = (
    "discrete-levin/discretebook-2016-01-02.pdf", "algorithms-erickson/08-sssp.pdf", "openstax-biology/biology.pdf",
    "openstax-biology/biology.epub", "docling/wiki_duck.html", "docling/word_sample.docx",
)  # fmt: skip
LETTERS = ("A", "B", "C", "D", "E")
SHOWN = 2


def entries_of(path: Path) -> list[Entry]:
    """What ingestion keeps of a document."""
    stream = partition(path, path.name, Limits(pages=5000), lambda: False)
    outline = next(stream)
    assert isinstance(outline, Outline)
    sections, apparatus = SectionPath(outline), ApparatusReading(outline)
    for page in stream:
        assert isinstance(page, Page)
        apparatus.add(page, sections.follow(page))
    return apparatus.finish()


def measured(entries: Sequence[Entry], truth: dict[str, Any]) -> dict[str, float]:
    """The share of what the book has that was found as it is there."""
    asked, terms = every(truth, "review_questions"), every(truth, "key_terms")
    choices = [question for question in asked if question["choices"] and question["answer"] in LETTERS]
    found = {(e.at.page_index, e.number): e for e in entries if isinstance(e, Exercise)}

    def of(question: dict[str, Any]) -> Exercise | None:
        return found.get((question["page_index"], question["number"]))

    return {
        "terms": share(_is_term(entries), terms),
        "choices": share(lambda question: _has_choices(of(question), question), choices),
        "letters": share(lambda question: _answer(of(question)) == question["answer"], choices),
        "questions": share(lambda question: _asks(of(question), question), asked),
        "summaries": share(_is_summary(entries), every(truth, "summaries")),
        "emphasis": share(_is_stressed(entries), [term for term in terms if term["text_pages"]]),
        "invented questions": len(found) - len(asked),
        "index": sum(isinstance(entry, IndexEntry) for entry in entries),
    }


def every(truth: dict[str, Any], what: str) -> list[dict[str, Any]]:
    """Of all chapters."""
    return [one for chapter in truth["chapters"] for one in chapter[what]]


def share(is_found: Callable[[dict[str, Any]], bool], wanted: Sequence[dict[str, Any]]) -> float:
    """Of those wanted, how many are found."""
    return sum(map(is_found, wanted)) / max(1, len(wanted))


def _is_term(entries: Sequence[Entry]) -> Callable[[dict[str, Any]], bool]:
    meanings = defaultdict(set)
    for entry in entries:
        if isinstance(entry, KeyTerm):
            meanings[plain(entry.term)].add(plain(entry.meaning))
    return lambda term: plain(term["meaning"]) in meanings[plain(term["term"])]


def _is_summary(entries: Sequence[Entry]) -> Callable[[dict[str, Any]], bool]:
    found = [(entry.at.page_index, plain(entry.of)) for entry in entries if isinstance(entry, Summary)]
    return lambda s: any(page == s["page_index"] and plain(s["section"]) in of for page, of in found)


def _is_stressed(entries: Sequence[Entry]) -> Callable[[dict[str, Any]], bool]:
    """The book may have marked another form of the word."""
    found = {(e.at.page_index, stems(e.term)) for e in entries if isinstance(e, Emphasised)}
    return lambda term: (term["text_pages"][0], stems(term["term"])) in found


def _has_choices(found: Exercise | None, wanted: dict[str, Any]) -> bool:
    return _asks(found, wanted) and [*map(plain, found.choices if found else ())] == [*map(plain, wanted["choices"])]


def _asks(found: Exercise | None, wanted: dict[str, Any]) -> bool:
    return found is not None and plain(found.stem).startswith(plain(wanted["question"]))


def _answer(found: Exercise | None) -> str | None:
    return found.answer if found else None


def plain(text: str) -> str:
    """Letters and digits alone."""
    return re.sub(r"\W+", "", text.casefold())


def stems(text: str) -> tuple[str, ...]:
    """What the forms of a term have in common."""
    return tuple(stem(word) for word in words(text))


def full_books(names: Sequence[str]) -> Iterator[tuple[str, Path, dict[str, Any]]]:
    """Those that are there, with their truth."""
    for name in names:
        path = BOOKS / f"openstax-{name}" / f"{name}-full.pdf"
        if path.exists():
            yield name, path, json.loads(path.with_suffix(".truth.json").read_text("utf-8"))


def show(name: str, entries: Sequence[Entry]) -> None:
    """How many of each kind, and the first ones of each."""
    exercises = [entry for entry in entries if isinstance(entry, Exercise)]
    answered = sum(entry.answer is not None for entry in exercises)
    print(f"{name}: {dict(Counter(entry.kind for entry in entries))}; {answered} of {len(exercises)} answered")
    for kind in dict.fromkeys(entry.kind for entry in entries):
        for entry in [entry for entry in entries if entry.kind == kind][:SHOWN]:
            print(f"    {str(entry)[:200]}")


def main() -> None:
    """Exit with what is below its floor."""
    floors = yaml.safe_load(FLOORS.read_text("utf-8"))["apparatus"]
    missed: list[str] = []
    for name, path, truth in full_books(sys.argv[1:] or (*FITTED, *HELD_OUT)):
        figures = measured(entries_of(path), truth)
        shown = {what: round(figure, 3) for what, figure in figures.items()}
        print(f"{name}{'' if name in FITTED else ' (held out)'}: {shown}")
        missed += [f"{name}: {what}" for what, least in floors.items() if figures[what] < least]
    if len(sys.argv) == 1:
        show_others()
    sys.exit(f"below the floor: {', '.join(missed)}" if missed else 0)


def show_others() -> None:
    """What is found in books that have no truth beside them."""
    for other in OTHERS:
        if (BOOKS / other).exists():
            show(other, entries_of(BOOKS / other))


if __name__ == "__main__":
    main()
