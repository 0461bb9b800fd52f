"""Requests for a summary: what to search for, and which of the passages found belong to it."""

import re
from dataclasses import dataclass, replace

from tools import outline, refusal
from tools.types import Found, Hit
from tools.words import content_words, stem, stems

_ASKS = re.compile(
    r"\b(?:summar(?:y|ise|ize|ies|ising|izing)|overview|tl;?dr|outline"
    r"|(?:main|key) (?:points?|ideas?|topics?|messages?))\b"
    r"|\bwhat (?:is|are|'s) (?:this|the|my|these) (?:[\w-]+ ){0,2}(?:about|on)\b"
    r"|\bwhat does (?:this|the) .{0,30}\bcover\b",
    re.IGNORECASE,
)
_CONTENT = re.compile(
    r"(?:so |and |please )*what(?:['’]s| is| does| do| are)?(?: there)?(?: in| about| cover| say)?\b", re.IGNORECASE
)
"""What is asked of a chapter that is named by its number alone: `what is chapter 3 about?`"""
_SUMMARY = re.compile(r"\b(?:summary|key (?:points|ideas|concepts|takeaways)|in short|recap)\b", re.IGNORECASE)
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
    """`topic` is empty for the whole of a book, a file or a chapter."""

    topic: str

    @property
    def query(self) -> str:
        """What to search for."""
        return self.topic or _WHOLE

    def narrowed(self, found: Found) -> Found:
        """The passages that the summary is made of, in reading order; none when they are not there."""
        if not self.topic:
            hits = [hit for hit in found.hits if _opens(hit)] or list(found.hits[:4])
        else:
            hits = _about(found, self.topic) if refusal.supports(found) else []
        return replace(found, hits=tuple(sorted(hits, key=_place)))


def request(question: str) -> Request | None:
    """What a question wants summarised, or None when it wants something else."""
    chapter, rest = outline.split(question)
    topic = " ".join(word for word in content_words(rest) if stem(word) not in _FRAME)
    is_asked = _ASKS.search(question) or (chapter and not topic and _CONTENT.match(rest))
    return Request(topic) if is_asked else None


def spread(found: Found, most: int) -> Found:
    """What stands for a whole chapter: of each section the passage that sums it up, else the best; in reading order."""
    ranked = sorted(found.hits, key=lambda hit: (not _sums_up(hit), -hit.score))
    by_depth = ({hit.passage.section[:depth]: hit for hit in reversed(ranked)} for depth in (2, 3, 4))
    by_section = next((parts for parts in by_depth if len(parts) >= _ENOUGH), {})
    first = sorted(by_section.values(), key=ranked.index)
    rest = [hit for hit in ranked if hit not in first]
    return replace(found, hits=tuple(sorted([*first, *rest][:most], key=_place)))


def _sums_up(hit: Hit) -> bool:
    return bool(hit.passage.section) and bool(_SUMMARY.search(hit.passage.section[-1]))


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
