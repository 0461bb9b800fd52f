"""What a new chat shows: a way in when the library is empty, else what is there and what could be asked."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from app.persistence.library import Shelved
from tools.types import JobState

QUESTIONS = 3
_PLAIN_HEADING = re.compile(r"^[A-Z][A-Za-z’' -]{3,39}$")
_NOT_A_TOPIC = re.compile(
    r"\b(introduction|preface|index|contents|appendix|glossary|references|bibliography|acknowledge?ments|summary"
    r"|exercises?|questions?|answers?|review|chapter|unit|part|about|terms|figures?|tables?|notes|connections?"
    r"|objectives|outcomes|further|reading|conclusions?|overview|copyright|key|who|what|how|why|and)\b",
    re.IGNORECASE,
)


def props(documents: Sequence[Shelved], scope_label: str) -> dict[str, Any]:
    """What the browser's Welcome card is given; books and pages are those filed in the library and read."""
    ready = [shelved for shelved in documents if shelved.document.state == JobState.READY]
    filed = [shelved for shelved in ready if shelved.document.book_id]
    return {
        "books": len({shelved.document.book_id for shelved in filed}),
        "pages": sum(shelved.document.page_count for shelved in filed),
        "reading": sum(shelved.document.state in (JobState.QUEUED, JobState.RUNNING) for shelved in documents),
        "scope": scope_label,
        "questions": questions(filed),
    }


def questions(documents: Sequence[Shelved]) -> list[str]:
    """One question a book in turn, from headings that name a thing; a book without any is asked for its subject."""
    by_book: dict[str, list[str]] = {}
    for shelved in documents:
        by_book.setdefault(shelved.book_title, []).extend(_topics(shelved.document.details.get("contents") or ()))
    rounds = max((len(topics) for topics in by_book.values()), default=0)
    asked = [f"Tell me about {topics[i]}" for i in range(rounds) for topics in by_book.values() if topics[i:]]
    asked += [f"What is “{title}” about?" for title, topics in by_book.items() if not topics]
    return list(dict.fromkeys(asked))[:QUESTIONS]


def _topics(contents: Iterable[Sequence[Any]]) -> list[str]:
    headings = [str(entry[1]).strip() for entry in contents if entry[0] > 1]
    return [heading for heading in headings if _PLAIN_HEADING.match(heading) and not _NOT_A_TOPIC.search(heading)][:9]
