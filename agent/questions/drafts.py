"""What a model writes, and the questions that can be made of it."""

import hashlib
import re
from collections.abc import Iterator, Sequence

from pydantic import BaseModel, Field

from tools.citations import anchor
from tools.questions import kinds
from tools.questions.choose import topic_of
from tools.questions.kinds.base import RawQuestion
from tools.questions.types import Bloom, Difficulty, Evidence, Item, Kind, SourcePassage

FETCHES = re.compile(r"\]\s*\(|https?:|www\.|<\s*/?\s*[a-z!]", re.IGNORECASE)
"""Links, images and markup: nothing a model writes may make a browser fetch something."""
STEERS = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instructions?|rubric|prompt|(?:the|all|these|your) rules)\b"
    r"|\b(?:mark|grade|rate|score|accept|treat)\b.{0,30}\bas\b.{0,15}\b(?:correct|right|true|full|perfect)\b"
    r"|\b(?:full|maximum|top|perfect)\s+(?:marks|score|credit)\b"
    r"|\byou are (?:now )?(?:an?|the) .{0,30}\b(?:assistant|examiner|grader|marker|ai)\b"
    r"|^\s*(?:system|user|assistant)\s*:|\b(?:system prompt|as (?:an ai|the examiner|the marker))\b",
    re.IGNORECASE | re.MULTILINE,
)
"""Words meant for whoever marks, and not for a learner."""
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u202a-\u202e\u2066-\u2069\ufeff]")
"""Signs that control a terminal or the order of letters."""
_LONGEST_TEXT = 1500
_LONGEST_QUOTE = 600


class DraftOption(BaseModel):
    text: str
    right: bool
    why: str


class DraftPoint(BaseModel):
    text: str
    quote: str


class ModelDraft(BaseModel):
    passage: int
    kind: Kind
    question: str
    options: list[DraftOption] = Field(default_factory=list)
    answers: list[str] = Field(default_factory=list)
    points: list[DraftPoint] = Field(default_factory=list)
    quote: str
    explanation: str
    hint: str
    difficulty: Difficulty
    bloom: Bloom


class Drafts(BaseModel):
    questions: list[ModelDraft]


def item_of(draft: ModelDraft, sources: Sequence[SourcePassage], writer: str) -> Item | None:
    """The question of a draft; None when its quotes do not stand in its passage, or its parts do not fit its kind."""
    source = sources[draft.passage - 1] if 0 < draft.passage <= len(sources) else None
    if source is None or not all(is_clean(text) for text in _texts(draft)):
        return None
    evidence = _evidence(draft.quote, source)
    parts = kinds.of(draft.kind).compose(_written(draft, source)) if evidence else None
    if evidence is None or parts is None:
        return None
    passage = source.passage
    answer = next((option.text for option in parts.options if option.id in parts.key), parts.key[0])
    return Item(
        id=_id(draft.question, answer, f"{passage.document_id}:{passage.page_index}:{evidence.start}", size=16),
        kind=draft.kind,
        stem=draft.question.strip(),
        options=parts.options,
        key=parts.key,
        rationale=draft.explanation.strip(),
        hint=draft.hint.strip(),
        difficulty=draft.difficulty,
        bloom=draft.bloom,
        topic=topic_of(passage),
        section=passage.section,
        evidence=evidence,
        writer=writer,
        rubric=parts.rubric,
    )


def _texts(draft: ModelDraft) -> Iterator[str]:
    yield from (draft.question, draft.explanation, draft.hint, *draft.answers)
    for option in draft.options:
        yield from (option.text, option.why)
    yield from (point.text for point in draft.points)


def is_clean(text: str) -> bool:
    """Whether a learner may be shown what a model wrote: short, and no markup, orders or hidden signs in it."""
    is_short = len(text) <= _LONGEST_TEXT
    return is_short and not (FETCHES.search(text) or STEERS.search(text) or _UNSEEN.search(text))


def _evidence(quote: str, source: SourcePassage) -> Evidence | None:
    span = _span(quote, source)
    if span is None:
        return None
    passage = source.passage
    return Evidence(
        passage.document_id, passage.book, passage.filename, passage.page_index, passage.page_label, passage.page_kind,
        source.page_text[span[0] : span[1]], *span,
    )  # fmt: skip


def _span(quote: str, source: SourcePassage) -> tuple[int, int] | None:
    """Where on the page a quote stands, within its passage."""
    if len(quote) > _LONGEST_TEXT:
        return None
    passage = source.passage
    found = anchor(quote.strip(), source.page_text[passage.start : passage.end]) if quote.strip() else None
    if found is None or found[1] - found[0] > _LONGEST_QUOTE:
        return None
    return passage.start + found[0], passage.start + found[1]


def _written(draft: ModelDraft, source: SourcePassage) -> RawQuestion:
    def anchored(quote: str) -> str:
        span = _span(quote, source)
        return source.page_text[span[0] : span[1]] if span else ""

    return RawQuestion(
        draft.question,
        anchored(draft.quote),
        [(option.text, option.right, option.why) for option in draft.options],
        draft.answers,
        [(point.text, point.quote) for point in draft.points],
        anchored,
    )


def _id(*parts: str, size: int = 12) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:size]
