"""What the questions that are wished for shall be about."""

import re
from dataclasses import dataclass

from agent.wishes.words import DIGITS, LEAD, LEVEL, lead_end
from tools.outline import Reference

CHAPTER = "\N{SECTION SIGN}"
"""Stands in a wish for the chapter it names."""
_LONGEST_TOPIC = 200
_PREPOSITION = re.compile(
    r"\b(?:on|about|from|for|of|covering|regarding|concerning|over)(?:\s+(?:only|just))?\s+", re.IGNORECASE
)
_TRAILING = re.compile(rf"^(?P<topic>.*?)[\s,:;]*(?P<count>{DIGITS})(?:\s*x)?$", re.DOTALL)
_NUMBERED = re.compile(
    r"\b(?:page|p|figure|table|war|level|grade|type|phase|stage|step|act|volume|vol|book|theorem|definition|exercise"
    r"|photosystem|version|python|year|in|of|since|and)\.?$",
    re.IGNORECASE,
)
_WITH_LEVEL = re.compile(rf"(?:^(?P<first>{LEVEL})\s*(?:[,:]\s*|$)|[,;]\s*(?P<last>{LEVEL})$)", re.IGNORECASE)
_THING = r"(?:books?|files?|documents?|library|uploads?|chapters?|pdfs?|material|notes|slides|textbooks?|handouts?)"
_NO_TOPIC = re.compile(
    r"(?:some ?thing|any ?thing|every ?thing|(?:all|any|some|each)(?: of (?:it|them|this|that))?|it|that|this|them"
    r"|these|those|what ?ever|random|topics?|any topic|(?:all )?(?:of )?(?:my|the|this|these|that|our)"
    rf" (?:(?:whole|entire|full|complete|uploaded|attached|new|own|course) )*{_THING}"
    r"|me|again|more|now|today|here|please|only|just)?",
    re.IGNORECASE,
)
_JOINT = re.compile(r"^\s*(?:of|in|from|on|about)\b|\b(?:of|in|from|on)\s*$", re.IGNORECASE)
_EXAM = re.compile(
    r"^(?:my|the|our|an?|this|next) (?:\w+ )?(?:exam|test|quiz|finals?)(?: (?:on|about|in)\b|$)\s*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class WishedTopic:
    """A topic with the count at its end and the level set off from it by a comma, if there are any."""

    name: str | None
    count: str | None
    level: str


def topic_in(rest: str) -> WishedTopic:
    """What is left of a wish without the words for how many and which."""
    text = _subject(rest)
    leveled = _WITH_LEVEL.search(text)
    level = (leveled["first"] or leveled["last"]) if leveled else ""
    text = _WITH_LEVEL.sub("", text).strip(" ,.;:")
    counted = _TRAILING.match(text)
    if counted and not _NUMBERED.search(counted["topic"]):
        return WishedTopic(_named(counted["topic"]), counted["count"], level)
    return WishedTopic(_named(text), None, level)


def within(chapter: Reference | None, topic: str | None) -> str | None:
    """`enzymes, chapter 3`; the pipeline looks for the one within the other."""
    about = _JOINT.sub("", (topic or "").replace(CHAPTER, " ")).strip(" ,") if chapter else topic
    return ", ".join(str(part) for part in (about, chapter) if part) or None


def _subject(rest: str) -> str:
    """What follows a preposition, where only a request stands before it; else what follows the request."""
    about = _PREPOSITION.search(rest)
    is_spoken = about is not None and lead_end(rest) >= about.start()
    text = rest[about.end() :] if about and is_spoken else LEAD.sub("", rest)
    text = _EXAM.sub("", text.strip(" ,.;:!?"))
    text = re.sub(r"\s+(?:with|in|of|for me|please|only)$", "", text, flags=re.IGNORECASE)
    return text if is_spoken else re.sub(r"\s*\b(?:quiz+|tests?|exams?|questions)$", "", text, flags=re.IGNORECASE)


def _named(text: str) -> str | None:
    text = text.strip(" ,.;:\"'“”-–—")
    return None if _NO_TOPIC.fullmatch(text) else text[:_LONGEST_TOPIC]
