"""Questions as a spreadsheet."""

import csv
import io
from collections.abc import Iterator, Sequence

from tools.export.types import Question
from tools.numerals import LETTERS

# What makes a spreadsheet run a cell; and the apostrophe, so that taking one off always restores the text.
_ACTIVE = tuple("=+-@＝＋－＠'\t\r\n")


def to_csv(questions: Sequence[Question]) -> bytes:
    """RFC 4180 with a byte-order mark, without which Excel reads UTF-8 as Latin-1."""
    width = max(len(question.options) for question in questions)
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow(_header(width))
    writer.writerows([_inert(cell) for cell in _row(question, width)] for question in questions)
    return target.getvalue().encode("utf-8-sig")


def _header(width: int) -> Iterator[str]:
    yield from ("number", "id", "kind", "question")
    yield from (f"option {letter}" for letter in LETTERS[:width])
    yield from ("right option", "answer", "also accepted", "why", "hint", "rubric")
    yield from ("difficulty", "bloom", "topic", "section", "book", "page", "quote")


def _row(question: Question, width: int) -> Iterator[str]:
    item, evidence = question.item, question.item.evidence
    texts = [option.text for option in question.options]
    yield from (str(question.number), item.id, item.kind.value, item.stem)
    yield from texts + [""] * (width - len(texts))
    yield from (question.letter, question.answer, "\n".join(question.also), item.rationale, item.hint)
    yield "\n".join(point.text for point in item.rubric)
    yield from (item.difficulty.value, item.bloom.value, item.topic, " › ".join(item.section))
    yield from (evidence.book, evidence.page_label, evidence.quote)


def _inert(cell: str) -> str:
    """The cell with an apostrophe before it where a spreadsheet would run it."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_ACTIVE) else cell
