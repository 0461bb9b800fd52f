"""Requests for a summary: what to search for, and which of the passages found belong to it."""

import re
from dataclasses import dataclass, replace

from tools import refusal
from tools.types import Found, Hit
from tools.words import content_words, stem, stems

_ASKS = re.compile(
    r"\b(?:summar(?:y|ise|ize|ies|ising|izing)|overview|tl;?dr|outline"
    r"|(?:main|key) (?:points?|ideas?|topics?|messages?))\b"
    r"|\bwhat (?:is|are|'s) (?:this|the|my|these) (?:[\w-]+ ){0,2}(?:about|on)\b"
    r"|\bwhat does (?:this|the) .{0,30}\bcover\b",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"\b(?:chapter|unit|lecture|part|section|lesson|week) (?P<n>\d{1,3}(?:\.\d{1,2})?)\b", re.IGNORECASE
)
_WHOLE = "introduction preface overview: what this is about and its main topics"
_OPENING = re.compile(r"\b(?:preface|introduction|overview|summary|abstract|about|contents|scope)\b", re.IGNORECASE)
_FRAME_WORDS = """
    summary summarise summarize overview outline main key point points idea ideas topic topics message cover short brief
    section file notes text handout slides lecture unit lesson part paper whole about content contents please
"""
_FRAME = frozenset(map(stem, _FRAME_WORDS.split()))
_EARLY = 15
_ENOUGH = 3


@dataclass(frozen=True, slots=True)
class Request:
    """`topic` is empty for a whole book or file; `number` is that of a chapter."""

    topic: str
    number: str = ""

    @property
    def query(self) -> str:
        return f"{self.number} {self.topic}".strip() or _WHOLE

    def narrowed(self, found: Found) -> Found:
        """The passages that the summary is made of, in reading order; none when they are not there."""
        if self.number:
            hits = [hit for hit in found.hits if self._is_numbered(hit)]
        elif not self.topic:
            hits = [hit for hit in found.hits if _opens(hit)] or list(found.hits[:4])
        else:
            hits = _about(found, self.topic) if refusal.supports(found) else []
        return replace(found, hits=tuple(sorted(hits, key=_place)))

    def _is_numbered(self, hit: Hit) -> bool:
        heading = re.compile(
            rf"(?:chapter |unit |lecture |part |section |lesson |week )?{re.escape(self.number)}\b", re.IGNORECASE
        )
        return any(heading.match(part) for part in hit.passage.section)


def request(question: str) -> Request | None:
    """What a question wants summarised, or None when it wants something else."""
    if not _ASKS.search(question):
        return None
    numbered = _NUMBERED.search(question)
    rest = _NUMBERED.sub(" ", question)
    topic = " ".join(word for word in content_words(rest) if stem(word) not in _FRAME)
    return Request(topic, numbered["n"] if numbered else "")


def _opens(hit: Hit) -> bool:
    is_named = bool(hit.passage.section) and bool(_OPENING.search(" ".join(hit.passage.section)))
    return hit.passage.page_index <= _EARLY and (is_named or hit.passage.page_index <= 2)


def _about(found: Found, topic: str) -> list[Hit]:
    """The passages under headings that name the topic, else those of the best one's section, else the best."""
    wanted = stems(topic)
    named = [hit for hit in found.hits if wanted <= stems(" ".join(hit.passage.section))]
    first = found.hits[0].passage
    home = first.document_id, first.section[:2]
    same = [hit for hit in found.hits if (hit.passage.document_id, hit.passage.section[:2]) == home]
    return next((hits for hits in (named, same) if len(hits) >= _ENOUGH), list(found.hits))


def _place(hit: Hit) -> tuple[str, int, int]:
    return hit.passage.document_id, hit.passage.page_index, hit.passage.start
