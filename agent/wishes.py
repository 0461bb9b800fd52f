"""What questions a learner wishes for: how many, of which kinds and difficulty, and about what."""

import re
from dataclasses import dataclass, replace

from agent.deps import Origin
from tools.questions.types import Difficulty, Kind, Wanted

MOST = 100


@dataclass(frozen=True, slots=True)
class Wish:
    """`trouble` says in the learner's words why this cannot be done as it stands.

    `points_back`: the topic is what the conversation was about.
    """

    wanted: Wanted
    origin: Origin = "new"
    trouble: str = ""
    points_back: bool = False


_ONES_LIST = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
_NUMBER_WORDS = {word: n for n, word in enumerate(_ONES_LIST.split(), start=1)} | {
    "twenty": 20, "twenty-five": 25, "thirty": 30, "forty": 40, "fifty": 50, "hundred": 100, "a hundred": 100,
    "a dozen": 12, "a couple of": 2, "a few": 5, "some": None, "several": None, "zero": 0, "no": 0, "a": 1, "an": 1,
}  # fmt: skip
_LEVELS = {
    Difficulty.EASY: "easy|easier|simple|basic|beginner",
    Difficulty.MEDIUM: "medium|moderate|intermediate|average",
    Difficulty.HARD: "hard|harder|difficult|tough|challenging|advanced|tricky",
}
_KINDS = {
    Kind.SINGLE_CHOICE: r"multiple[- ]choice|single[- ]choice|mcqs?\b",
    Kind.TRUE_FALSE: r"true[- /]*(?:or|and|/)?[- /]*false|t/f|yes[-/ ]no",
    Kind.GAP: r"gap(?:[- ]fill(?:ing)?)?s?\b|fill[- ]in(?:[- ]the)?[- ](?:blank|gap)s?|fill[- ]the[- ]gap|cloze",
    Kind.SHORT_ANSWER: r"short[- ]answers?",
    Kind.OPEN: r"open(?:[- ]ended)?|essays?|written",
}
_ANY_LEVEL = "|".join(_LEVELS.values())
_ANY_KIND = "|".join(_KINDS.values())
_DIGITS = r"[-−–]?(?<![\w.,])\d{1,9}(?:,\d{3}){0,3}(?:[.,]\d{1,3})?(?![\d.,]*\d)"
_COUNT = rf"{_DIGITS}|\b(?:{'|'.join(sorted(_NUMBER_WORDS, key=len, reverse=True))})\b"
_FILLER = (
    r"very|really|more|new|good|short|quick|little|different|random|practi[sc]e|exam|review|revision|of|and|or|&|,"
)
_NOUN = r"\b(?:questions?|ones?|items?|quiz(?:zes)?|tests?(?! me)|exams?|exercises?|problems?|tasks?|flashcards?)\b"
_GROUP = re.compile(
    rf"(?P<count>{_COUNT})?\s*(?P<traits>(?:(?:{_ANY_LEVEL}|{_ANY_KIND}|{_FILLER})(?=\W)[\s,]*)*)(?P<noun>{_NOUN})?",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^(?:(?:/?(?:let's|lets|quiz|test|examine|ask|give|set|start|make|create|write|generate|prepare|begin|show|let|i|we|want|would"
    r"|like|need|to|do|please|can|could|will|you|now|me|us|my|myself|practi[sc]e|try|have|get|another|train"
    r"|i'd|a|an|the|with|in)\b)[\s,:]*)+",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(r"\b(?:on|about|from|for|of|covering|regarding|concerning|over)\s+", re.IGNORECASE)
_TRAILING = re.compile(rf"^(?P<topic>.*?)[\s,:;]*(?:(?<=\s)[x×]\s*)?(?P<count>{_DIGITS})(?:\s*x)?$", re.DOTALL)
_NUMBERED = re.compile(
    r"\b(?:chapter|ch|chap|section|sec|unit|part|week|lecture|lesson|module|page|p|figure|table|war|level|grade|type|phase"
    r"|stage|step|act|volume|vol|book|theorem|definition|exercise|photosystem|version|python|year|in|of|since)\.?$",
    re.IGNORECASE,
)
_WITH_LEVEL = re.compile(rf"(?:^(?P<first>{_ANY_LEVEL})\s*(?:[,:]\s*|$)|[,;]\s*(?P<last>{_ANY_LEVEL})$)", re.IGNORECASE)
_NO_TOPIC = re.compile(
    r"(?:some ?thing|any ?thing|every ?thing|all|it|that|this|them|these|those|what ?ever|random|topics?|any topic"
    r"|(?:all )?(?:of )?(?:my|the|this|these|that) (?:books?|files?|documents?|library|uploads?|chapters?|pdfs?"
    r"|material|notes|slides)|me|again|more|now|today|here)?",
    re.IGNORECASE,
)
_MISTAKES = re.compile(
    r"\bmy (?:\w+ )?(?:mistakes|errors)\b|\bmistakes\b.{0,15}\bmade\b|\bwhat i (?:got|answered|did) wrong\b"
    r"|\b(?:got|answered) wrong\b|^(?:my )?(?:mistakes|errors)$|\bmy wrong answers\b",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"\b(?:on|about|of|for|from) (?:(?:all )?(?:it|this|that|them|these|those|the same)"
    r"|(?:this|that|the same) (?:topic|subject|theme|concept|process|part))$",
    re.IGNORECASE,
)
_LONGEST_TOPIC = 200


def wish(said: str) -> Wish:
    """What `quiz me on mitosis, 10 hard ones` asks for."""
    text = " ".join(said.split()).strip(" .!?")
    origin: Origin = "mistakes" if _MISTAKES.search(text) else "new"
    group = _group(text)
    rest = " ".join(f"{text[: group.start()]} {text[group.end() :]}".split()) if group else text
    traits = group["traits"] if group else ""
    count = group["count"] if group else None
    topic, trailing, level = _topic(rest)
    wanted = Wanted(
        topic=None if origin == "mistakes" else topic,
        kinds=tuple(kind for kind, names in _KINDS.items() if re.search(names, traits, re.IGNORECASE)),
        difficulty=_level(f"{traits} {level}"),
    )
    trouble, number = _counted(count or trailing, is_one=bool(group) and _is_one(group))
    points_back = origin == "new" and bool(_POINTS_BACK.search(rest.strip(" ,.;:!?")))
    topic = None if points_back else wanted.topic
    return Wish(replace(wanted, count=number, topic=topic), origin, trouble, points_back)


def _group(text: str) -> re.Match[str] | None:
    """The words that say how many and which: `10 hard ones`, `a true/false quiz`."""
    found = [m for m in _GROUP.finditer(text) if m["noun"] or (m["traits"] and re.search(_ANY_KIND, m["traits"]))]
    lead = _LEAD.match(text)
    telling = [m for m in found if m["count"] or m["traits"].strip()]
    return next(iter(telling or [m for m in found if m.start() <= (lead.end() if lead else 0)]), None)


def _is_one(group: re.Match[str] | None) -> bool:
    return group is not None and (group["noun"] or "").lower() in ("question", "item", "exercise", "problem", "task")


def _topic(rest: str) -> tuple[str | None, str | None, str]:
    """Topic, a count at its end, a level set off from it by a comma."""
    about = _PREPOSITION.search(rest)
    lead = _LEAD.match(rest)
    is_spoken = about and (lead.end() if lead else 0) >= about.start()
    text = rest[about.end() :] if about and is_spoken else _LEAD.sub("", rest)
    text = re.sub(r"\s+(?:with|in|of|please)$", "", text.strip(" ,.;:!?"), flags=re.IGNORECASE)
    leveled = _WITH_LEVEL.search(text)
    level = (leveled["first"] or leveled["last"]) if leveled else ""
    text = _WITH_LEVEL.sub("", text).strip(" ,.;:")
    counted = _TRAILING.match(text)
    if counted and not _NUMBERED.search(counted["topic"]):
        return _named(counted["topic"]), counted["count"], level
    return _named(text), None, level


def _named(text: str) -> str | None:
    text = text.strip(" ,.;:\"'“”")
    return None if _NO_TOPIC.fullmatch(text) else text[:_LONGEST_TOPIC]


def _level(traits: str) -> Difficulty | None:
    found = [level for level, names in _LEVELS.items() if re.search(rf"\b(?:{names})\b", traits, re.IGNORECASE)]
    return found[0] if len(found) == 1 else None


def _counted(said: str | None, *, is_one: bool) -> tuple[str, int]:
    """What is wrong with a count, if anything, and the count."""
    number = _number(said)
    if number is None or (said or "").lower() in ("a", "an"):
        return "", 1 if is_one else Wanted().count
    if number != int(number):
        return f"I can only set whole questions, so {said} is not a number I can use.", 0
    if not 1 <= number <= MOST:
        return f"I can set 1 to {MOST} questions at a time, so not {said}. How many shall it be?", 0
    return "", int(number)


def _number(said: str | None) -> float | None:
    if said is None:
        return None
    if said.lower() in _NUMBER_WORDS:
        return _NUMBER_WORDS[said.lower()]
    digits = re.sub(r"[−–]", "-", said)
    return float(re.sub(r",(?=\d{3}\b)", "", digits).replace(",", "."))
