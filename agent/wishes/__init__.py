"""What questions a learner wishes for: how many, of which kinds and difficulty, about what, and in how much time."""

import re
from dataclasses import dataclass

from agent.deps import Origin
from agent.wishes.counts import MOST, asides, count_in, counted, group_in
from agent.wishes.timing import allowed, timed
from agent.wishes.topics import CHAPTER, topic_in, within
from agent.wishes.words import COUNT, KIND, KINDS, LEVEL, NOUN, TELLING_KINDS, kinds_in, level_in, number
from tools import outline
from tools.questions.types import Wanted

__all__ = ["MOST", "Wish", "is_more", "wish"]


@dataclass(frozen=True, slots=True)
class Wish:
    """`trouble` says in the learner's words why this cannot be done as it stands.

    `points_back`: the topic is what the conversation was about. `again`: whatever is not said is as it was last time.
    """

    wanted: Wanted
    origin: Origin = "new"
    trouble: str = ""
    points_back: bool = False
    seconds: int | None = None
    again: bool = False
    counted: bool = False
    """Whether a number was named."""


_MISTAKES = re.compile(
    r"\bmy (?:\w+ )?(?:mistakes|errors)\b|\bmistakes\b.{0,15}\bmade\b"
    r"|\b(?:what|the ones|those) i (?:got|answered|did) wrong\b"
    r"|\b(?:got|answered) wrong\b|^(?:my )?(?:mistakes|errors)$|\bmy wrong answers\b",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"\b(?:on|about|of|for|from) (?:(?:all )?(?:it|this|that|them|these|those|the same)"
    r"|(?:this|that|the same) (?:topic|subject|theme|concept|process|part))$",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"(?:(?:please|pls|ok|okay|and|now|can you|could you|(?:give|ask|show) me|i want|i need|let's do|let me have),? )"
    r"{0,4}"
    rf"(?:(?:{COUNT}) more|another (?:{COUNT})|(?:some |even )?more(?= .*\b(?:{NOUN}|like|of)\b)|another(?= \w)"
    r"|(?:the )?same)"
    rf"(?: (?:{LEVEL}|{KIND}|similar)){{0,4}}(?: (?:{NOUN}|again|of (?:those|these|them)|(?:set|batch)))?"
    rf"(?: like (?:that|this|those|these|it|before))?|(?:the )?same again|(?:once )?again|(?:a )?new round",
    re.IGNORECASE,
)


def wish(said: str) -> Wish:
    """What `quiz me on mitosis, 10 hard ones in 5 minutes` asks for."""
    text = _normalised(said)
    origin: Origin = "mistakes" if _MISTAKES.search(text) else "new"
    seconds, text = timed(text)
    chapter, text = outline.split(text, CHAPTER)
    aside, text = asides(text)
    group = group_in(text)
    kinds, rest = kinds_in(group.rest, TELLING_KINDS)
    topic = topic_in(rest)
    traits = f"{group.traits} {aside}"
    count = group.told or count_in(aside) or topic.count or group.count
    trouble, many = counted(count, is_one=group.is_one)
    late, time = allowed(seconds, many)
    again = is_more(said)
    points_back = origin == "new" and not chapter and _points_back(rest)
    has_topic = origin == "new" and not points_back and not again
    wanted = Wanted(
        many,
        within(chapter, topic.name) if has_topic else None,
        tuple(dict.fromkeys((*kinds_in(traits, KINDS)[0], *kinds))),
        level_in(f"{traits} {topic.level}"),
    )
    return Wish(wanted, origin, trouble or late, points_back, time, again, number(count) is not None)


def _points_back(rest: str) -> bool:
    return bool(_POINTS_BACK.search(rest.strip(" ,.;:!?")))


def is_more(said: str) -> bool:
    """Whether it asks for more of what was asked for last: `another 5`, `more like that`."""
    return bool(_MORE.fullmatch(_normalised(said)))


def _normalised(said: str) -> str:
    text = " ".join(said.replace("’", "'").split()).strip(" .!?")
    text = re.sub(r"(?<=\d)\s?q(?:'?s)?\b", " questions", text, flags=re.IGNORECASE)
    text = re.sub(r"\bmcqs?\b", "multiple choice questions", text, flags=re.IGNORECASE)
    return re.sub(r"(?<=\s)[x×]\s*(?=\d)|\s(?:please|pls|plz)$", "", text, flags=re.IGNORECASE)
