"""The book's own questions, as they stand there."""

import hashlib

from tools.concepts.types import BookQuestion
from tools.numerals import LETTERS
from tools.questions.choose import topic_of
from tools.questions.types import BOOK, Bloom, Difficulty, Evidence, Item, Kind, Option, SourcePassage

_LONG = 25
_REST = "The book's key gives another answer."


def item_of(exercise: BookQuestion, source: SourcePassage) -> Item | None:
    """A question with choices and the letter of the right one; None where the letter is none of theirs."""
    at = LETTERS.find(exercise.answer.upper())
    if not 0 <= at < len(exercise.choices):
        return None
    passage, stem = source.passage, " ".join(exercise.stem.split())
    right = f"It is the answer of the book's own key to question {exercise.number} of “{exercise.heading}”."
    options = tuple(
        Option(_id(stem, str(n)), choice, right if n == at else _REST) for n, choice in enumerate(exercise.choices)
    )
    return Item(
        id=_id(stem, passage.document_id, str(exercise.number), str(exercise.page_index), size=16),
        kind=Kind.SINGLE_CHOICE,
        stem=stem.replace("________", "____"),
        options=tuple(sorted(options, key=lambda one: one.id)),
        key=(options[at].id,),
        rationale=right,
        hint=f"Read again what the book says under “{(passage.book, *passage.section)[-1]}”.",
        difficulty=Difficulty.HARD if len(stem.split()) > _LONG else Difficulty.MEDIUM,
        bloom=Bloom.UNDERSTAND,
        topic=topic_of(passage),
        section=passage.section,
        evidence=Evidence(
            passage.document_id, passage.book, passage.filename, exercise.page_index, exercise.page_label,
            passage.page_kind, exercise.quote, exercise.start, exercise.end,
        ),
        writer=BOOK,
    )  # fmt: skip


def _id(*parts: str, size: int = 12) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:size]
