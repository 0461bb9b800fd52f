"""Whether the quotes of 200 built-in answers stand on their pages, and what they take: `python -m evals.citations`."""

import asyncio
import statistics
import sys
import time
from pathlib import Path

import yaml

from agent.builtin import BuiltInTutor
from evals.corpus import corpus
from evals.memory_shelf import MemoryShelf
from evals.refusal import BIOLOGY, exam_questions
from tools import refusal
from tools.citations import Citer
from tools.types import Citation, Found

FLOORS = Path(__file__).with_name("floors.yaml")
ANSWERS = 200


def library() -> tuple[MemoryShelf, list[str]]:
    """The biology book and its questions where it is present, else the small corpus."""
    shelf = MemoryShelf()
    if BIOLOGY.exists():
        shelf.put(BIOLOGY / "biology.pdf", "Biology")
        return shelf, exam_questions("biology")
    shelf.put_texts("corpus", [paragraph.text for paragraph in corpus()])
    return shelf, [question for paragraph in corpus() for question in paragraph.questions]


async def answered(found: Found, shelf: MemoryShelf) -> tuple[str, list[Citation]]:
    """The built-in tutor's answer after its citations were checked."""

    async def page_text(document_id: str, page_index: int) -> str | None:
        return shelf.page_text(document_id, page_index)

    citer = Citer(found.hits, page_text, {})
    text = "".join([piece async for piece in BuiltInTutor().answer(found.question, found, citer, [])])
    return text, citer.cited


def is_verbatim(citation: Citation, shelf: MemoryShelf) -> bool:
    """Whether the quote stands on the cited page, exactly at its offsets."""
    page = shelf.page_text(citation.document_id, citation.page_index) or ""
    return bool(citation.quote) and page[citation.start : citation.end] == citation.quote


def main() -> None:
    """Print the figures; ends with an error below the floors."""
    floor = yaml.safe_load(FLOORS.read_text("utf-8"))["citations"]
    shelf, questions = library()
    search = shelf.searcher()
    quotes: list[bool] = []
    times: list[float] = []
    empty: list[str] = []
    for question in questions:
        found = search.search(question, shelf.scope(), 8)
        if not refusal.supports(found):
            continue
        before = time.perf_counter()
        text, citations = asyncio.run(answered(found, shelf))
        times.append(1000 * (time.perf_counter() - before))
        quotes += [is_verbatim(citation, shelf) and f"[{citation.n}]" in text for citation in citations]
        empty += [] if citations else [question]
        if len(times) == ANSWERS:
            break
    share = sum(quotes) / len(quotes)
    p95 = statistics.quantiles(times, n=20)[-1]
    print(f"{len(times)} answers, {len(quotes)} quotes, {share:.1%} verbatim, {len(empty)} answers without a sentence")
    print(f"milliseconds for an answer without its search: median {statistics.median(times):.1f}, p95 {p95:.1f}")
    if share < floor["verbatim"] or len(empty) > floor["empty"] * len(times):
        sys.exit("below the floor")


if __name__ == "__main__":
    main()
