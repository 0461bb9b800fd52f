"""Which part of a book's apparatus a heading opens."""

import re
from enum import StrEnum


class Part(StrEnum):
    """What stands under a heading; OTHER is what follows in a chapter's apparatus under a name that says nothing."""

    TERMS = "terms"
    OBJECTIVES = "objectives"
    SUMMARY = "summary"
    EXERCISES = "exercises"
    ANSWERS = "answers"
    INDEX = "index"
    OTHER = "other"


_NUMBER = r"(?:(?:chapter|section|appendix|§)?\s*[\dA-Z]{1,2}(?:\.\d+)*\.?:?\s+)?"
_NAMES = {
    Part.TERMS: r"(?:(?:list|glossary) of )?(?:(?:key|important|new|defined|technical) )?(?:terms?|terminology"
    r"|vocabulary|definitions)(?: (?:and|&) (?:definitions|concepts|meanings))?|(?:chapter |key )?glossary",
    Part.OBJECTIVES: r"(?:(?:chapter|section|learning|key) )?(?:objectives?|outcomes?|goals?)",
    Part.SUMMARY: r"(?:(?:chapter|section|unit) )?(?:summary|recap|in brief|key (?:points|ideas|takeaways|concepts))",
    Part.ANSWERS: r"(?:(?:selected|short|odd|numerical|complete) )*(?:answers?|solutions?)(?: key)?"
    r"(?:(?: and (?:answers|solutions|hints))?(?: (?:to|for) .{1,60})?)?|answer key",
    Part.EXERCISES: r"(?:[\w’'/-]+ ){0,3}(?:questions?|exercises?|problems?|homework|quiz|self[- ]?(?:test|check)"
    r"|check your understanding)(?: (?:for|on|to) .{1,60})?",
    Part.INDEX: r"(?:(?:general|subject|name|author) )?index(?: of (?:terms|subjects|names))?",
}
_PATTERNS = {
    part: re.compile(rf"{_NUMBER}(?:{names})(?: \(continued\))?\W*", re.IGNORECASE) for part, names in _NAMES.items()
}


def part_of(heading: str) -> Part | None:
    """The part that a heading names; None for the heading of a chapter or section."""
    return next((part for part, pattern in _PATTERNS.items() if pattern.fullmatch(heading.strip())), None)
