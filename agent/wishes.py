"""What questions a learner wishes for: how many, of which kinds and difficulty, about what, and in how much time."""

import re
from dataclasses import dataclass

from agent.deps import Origin
from tools import outline
from tools.numerals import CARDINALS
from tools.questions.kinds import KINDS
from tools.questions.types import Difficulty, Kind, Wanted

MOST = 100
SHORTEST, LONGEST = 10, 86_400
"""Seconds that a quiz may be given."""
_EACH = 60


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


_NUMBER_WORDS = CARDINALS | {
    "twenty-five": 25, "a hundred": 100, "a dozen": 12, "dozen": 12, "a couple of": 2, "a couple": 2, "a few": 5,
    "few": 5, "some": None, "several": None, "no": 0, "a": 1, "an": 1,
}  # fmt: skip
_LEVELS = {
    Difficulty.EASY: "easy|easier|simple|basic|beginner",
    Difficulty.MEDIUM: "medium|moderate|intermediate|average",
    Difficulty.HARD: "hard|harder|difficult|tough|challenging|advanced|tricky",
}
_TELLING_KINDS = {kind: known.names for kind, known in KINDS.items()}
"""Names of kinds that mean nothing else, wherever they stand."""
_KINDS = {kind: "|".join(filter(None, (known.names, known.loose_names))) for kind, known in KINDS.items()}
LEVEL = "|".join(_LEVELS.values())
KIND = "|".join(rf"(?:{names})\b" for names in _KINDS.values())
TELLING_KIND = "|".join(_TELLING_KINDS.values())
_DIGITS = r"(?:(?<!\S)[-−–]|(?<![\w.,−–-]))\d{1,9}(?:,\d{3}){0,3}(?:[.,]\d{1,3})?(?![\d.,]*\d)"
COUNT = rf"{_DIGITS}|\b(?:{'|'.join(sorted(_NUMBER_WORDS, key=len, reverse=True))})\b"
FILLER = (
    r"very|really|more|another|new|good|short|quick|little|different|random|mixed|practi[sc]e|exam|mock|review|revision"
    r"|timed|of|and|or|&|,"
)
NOUN = (
    r"(?:questions?|ones?|items?|quiz+(?:es)?|tests?(?! me)|exams?|exercises?|problems?|tasks?|flash ?cards?|rounds?)"
)
_GROUP = re.compile(
    rf"(?P<count>{COUNT})?\s*(?P<traits>(?:(?:{LEVEL}|{KIND}|{FILLER})(?=\W)[\s,]*)*)(?P<noun>\b{NOUN}\b)?",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^(?:(?:/?(?:let's|lets|i'd|quiz+(?:ed)?|test(?:ed)?|examined?|drill|grill|challenge|ask|give|set|start|make|create|write"
    r"|generate|prepare|build|begin|show|hit|throw|let|i|we|want|would|like|need|to|do|be|please|pls|plz|can|could|will"
    r"|you|now|me|us|my|myself|practi[sc]e|revise|study|learn|help|try|have|get|take|another|train|exams?|knowledge"
    r"|understanding|skills?|memory|(?:some|any)(?:thing)?|a|an|the|with|out|only|just|in|hey|hi|ok|okay|so)\b)[\s,:]*)+",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(
    r"\b(?:on|about|from|for|of|covering|regarding|concerning|over)(?:\s+(?:only|just))?\s+", re.IGNORECASE
)
_TRAILING = re.compile(rf"^(?P<topic>.*?)[\s,:;]*(?P<count>{_DIGITS})(?:\s*x)?$", re.DOTALL)
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
_LONGEST_TOPIC = 200


def wish(said: str) -> Wish:
    """What `quiz me on mitosis, 10 hard ones in 5 minutes` asks for."""
    text = _normalised(said)
    origin: Origin = "mistakes" if _MISTAKES.search(text) else "new"
    seconds, text = _timed(text)
    chapter, text = outline.split(text, _CHAPTER)
    asides, text = _asides(text)
    group = _group(text)
    rest = " ".join(f"{text[: group.start()]} {text[group.end() :]}".split()) if group else text
    kinds, rest = _taken(rest, _TELLING_KINDS)
    traits = f"{group['traits'] if group else ''} {asides}"
    topic, trailing, level = _topic(rest)
    count = next(
        (said for said in (_told(group), _count_in(asides), trailing) if said), group["count"] if group else None
    )
    trouble, number = _counted(count, is_one=bool(group) and _is_one(group))
    late, allowed = _allowed(seconds, number)
    again = is_more(said)
    points_back = origin == "new" and not chapter and bool(_POINTS_BACK.search(rest.strip(" ,.;:!?")))
    is_open = origin == "mistakes" or points_back or again
    wanted = Wanted(
        number,
        None if is_open else _within(chapter, topic),
        tuple(dict.fromkeys((*_taken(traits, _KINDS)[0], *kinds))),
        _level(f"{traits} {level}"),
    )
    return Wish(wanted, origin, trouble or late, points_back, allowed, again, _number(count) is not None)


def _normalised(said: str) -> str:
    text = " ".join(said.replace("’", "'").split()).strip(" .!?")
    text = re.sub(r"(?<=\d)\s?q(?:'?s)?\b", " questions", text, flags=re.IGNORECASE)
    text = re.sub(r"\bmcqs?\b", "multiple choice questions", text, flags=re.IGNORECASE)
    return re.sub(r"(?<=\s)[x×]\s*(?=\d)|\s(?:please|pls|plz)$", "", text, flags=re.IGNORECASE)


_CHAPTER = "\N{SECTION SIGN}"
"""Stands in a wish for the chapter it names."""


def _within(chapter: outline.Reference | None, topic: str | None) -> str | None:
    """`enzymes, chapter 3`; the pipeline looks for the one within the other."""
    about = _JOINT.sub("", (topic or "").replace(_CHAPTER, " ")).strip(" ,") if chapter else topic
    return ", ".join(str(part) for part in (about, chapter) if part) or None


_JOINT = re.compile(r"^\s*(?:of|in|from|on|about)\b|\b(?:of|in|from|on)\s*$", re.IGNORECASE)


# Again

_MORE = re.compile(
    r"(?:(?:please|pls|ok|okay|and|now|can you|could you|(?:give|ask|show) me|i want|i need|let's do|let me have),? )"
    r"{0,4}"
    rf"(?:(?:{COUNT}) more|another (?:{COUNT})|(?:some |even )?more(?= .*\b(?:{NOUN}|like|of)\b)|another(?= \w)"
    r"|(?:the )?same)"
    rf"(?: (?:{LEVEL}|{KIND}|similar)){{0,4}}(?: (?:{NOUN}|again|of (?:those|these|them)|(?:set|batch)))?"
    rf"(?: like (?:that|this|those|these|it|before))?|(?:the )?same again|(?:once )?again|(?:a )?new round",
    re.IGNORECASE,
)


def is_more(said: str) -> bool:
    """Whether it asks for more of what was asked for last: `another 5`, `more like that`."""
    return bool(_MORE.fullmatch(_normalised(said)))


# Time

_UNITS = {"s": 1, "m": 60, "h": 3600}
_UNIT = r"(?:(?<=\d)[smh]\b|sec(?:ond)?s?\b|min(?:ute)?s?\b|hours?\b|hrs?\b)"
_AMOUNT = rf"(?:\d{{1,5}}(?:\.\d)?|(?:{'|'.join(w for w, n in _NUMBER_WORDS.items() if n and n > 1 and w[0] != 'a')}))"
_DURATION = (
    rf"(?:(?P<half>half an? hour)|(?P<quarter>(?:a )?quarter of an hour)|an (?P<hour>hour)(?P<and_half> and a half)?"
    rf"|a (?P<minute>minute)|(?P<n>{_AMOUNT})[\s-]*(?P<unit>{_UNIT})"
    rf"(?:\s*(?:and )?(?P<more>\d{{1,2}})\s*(?P<sub>{_UNIT})?)?)"
)
_LIMIT = (
    r"(?:(?:with |and |, ?)*(?:a |the )?(?:time ?limit|timer|limit|time)(?: of| is|:)? "
    r"|(?:in|within|for|under|max(?:imum)?|at most|you have|i have) (?:only |just |about )?)"
)
_IN_ALL = r"(?: (?:timer|time ?limit|limit|max(?:imum)?|time|only|in total|altogether))?"
_TIME = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_LIMIT}{_DURATION}{_IN_ALL}(?! (?:of|after|before)\b)",
        rf"\b(?:an? )?{_DURATION}(?:[- ]long|[- ]timed)?(?=[\s-]+(?:(?:{LEVEL}|{FILLER}|{KIND}) )*{NOUN}\b)",
        rf"(?:^|[,;(.–—-] ?){_DURATION}{_IN_ALL}\)?(?=$|[,;).])",
    )
)
_CLOCKED = re.compile(r"\btimed\b|\b(?:with|on|against) (?:a |the )?(?:timer|time ?limit|clock|time)\b", re.IGNORECASE)


def _timed(text: str) -> tuple[int | None, str]:
    """Seconds allowed and the rest of the text; 0 seconds means a time limit without a number."""
    for pattern in _TIME:
        if found := pattern.search(text):
            left = " ".join(f"{text[: found.start()]} {text[found.end() :]}".split())
            return round(_seconds(found)), _CLOCKED.sub("", left)
    if _CLOCKED.search(text):
        return 0, " ".join(_CLOCKED.sub("", text).split())
    return None, text


def _seconds(found: re.Match[str]) -> float:
    if found["half"] or found["quarter"]:
        return 1800 if found["half"] else 900
    if found["hour"] or found["minute"]:
        return (5400 if found["and_half"] else 3600) if found["hour"] else 60
    unit = _UNITS[found["unit"][0].lower()]
    sub = _UNITS[found["sub"][0].lower()] if found["sub"] else unit / 60
    amount = _NUMBER_WORDS.get(found["n"].lower())
    return (amount if amount else float(found["n"])) * unit + float(found["more"] or 0) * sub


def _allowed(seconds: int | None, count: int) -> tuple[str, int | None]:
    """What is wrong with the time, if anything, and the time; where none is named, a minute for each question."""
    if seconds is None:
        return "", None
    allowed = seconds or _EACH * max(1, count)
    if not SHORTEST <= allowed <= LONGEST:
        return "I can give a quiz 10 seconds to 24 hours. How long shall it be?", None
    return "", allowed


# Number, kinds and level

_ASIDE = re.compile(
    rf"(?:(?:{COUNT}|{LEVEL}|{KIND}|{FILLER}|{NOUN}|only|just|each|in total|altogether|please|make (?:it|them)|all|with"
    r"|at most|up to|about|no|yes|ok|okay|thanks)(?=\W|$)\s*){1,12}",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"\s*(?:[;:()]|,(?!\d{3}\b)|\.(?=\s|$)|\s[-–—](?=\s))\s*")


def _asides(text: str) -> tuple[str, str]:
    """The parts set off by punctuation that say how many and which, and the others: `mitosis, 10 questions, hard`."""
    parts = [part for part in _CLAUSE.split(text[:_LONGEST_WISH]) if part]
    if len(parts) < 2:
        return "", text
    asides = [part for part in parts if _ASIDE.fullmatch(part)]
    return " ; ".join(asides), ", ".join(part for part in parts if part not in asides)


_LONGEST_WISH = 2000


def _count_in(asides: str) -> str | None:
    numbers = (found.group() for found in re.finditer(COUNT, asides, re.IGNORECASE))
    return next((said for said in numbers if said.lower() not in ("a", "an", "no", "some")), None)


def _taken(text: str, kinds: dict[Kind, str]) -> tuple[tuple[Kind, ...], str]:
    """The kinds that a text names, and the text without them."""
    found = tuple(kind for kind, names in kinds.items() if re.search(rf"\b(?:{names})\b", text, re.IGNORECASE))
    for kind in found:
        text = re.sub(rf",?\s*(?:\b(?:only|just)\s+)?\b(?:{kinds[kind]})\b(?:\s+only)?", "", text, flags=re.IGNORECASE)
    return found, " ".join(re.sub(rf"\s(?:and|or|with)\s*(?:{COUNT})?$", "", text).split()) if found else text


def _group(text: str) -> re.Match[str] | None:
    """The words that say how many and which: `10 hard ones`, `a true/false quiz`."""
    found = [m for m in _GROUP.finditer(text) if m["noun"] or (m["traits"] and re.search(KIND, m["traits"]))]
    lead = _LEAD.match(text)
    telling = [m for m in found if m["count"] or m["traits"].strip()]
    telling.sort(key=lambda m: (m["count"] or "a").lower() in ("a", "an"))
    return next(iter(telling or [m for m in found if m.start() <= (lead.end() if lead else 0)]), None)


def _told(group: re.Match[str] | None) -> str | None:
    """A number of questions; the article of `a hard test` is none."""
    count = group["count"] if group else None
    return None if (count or "").lower() in ("a", "an") else count


def _is_one(group: re.Match[str] | None) -> bool:
    return group is not None and (group["noun"] or "").lower() in ("question", "item", "exercise", "problem", "task")


_EXAM = re.compile(
    r"^(?:my|the|our|an?|this|next) (?:\w+ )?(?:exam|test|quiz|finals?)(?: (?:on|about|in)\b|$)\s*", re.IGNORECASE
)


def _topic(rest: str) -> tuple[str | None, str | None, str]:
    """Topic, a count at its end, a level set off from it by a comma."""
    about = _PREPOSITION.search(rest)
    lead = _LEAD.match(rest)
    is_spoken = about and (lead.end() if lead else 0) >= about.start()
    text = rest[about.end() :] if about and is_spoken else _LEAD.sub("", rest)
    text = _EXAM.sub("", text.strip(" ,.;:!?"))
    text = re.sub(r"\s+(?:with|in|of|for me|please|only)$", "", text, flags=re.IGNORECASE)
    if not is_spoken:
        text = re.sub(r"\s*\b(?:quiz+|tests?|exams?|questions)$", "", text, flags=re.IGNORECASE)
    leveled = _WITH_LEVEL.search(text)
    level = (leveled["first"] or leveled["last"]) if leveled else ""
    text = _WITH_LEVEL.sub("", text).strip(" ,.;:")
    counted = _TRAILING.match(text)
    if counted and not _NUMBERED.search(counted["topic"]):
        return _named(counted["topic"]), counted["count"], level
    return _named(text), None, level


def _named(text: str) -> str | None:
    text = text.strip(" ,.;:\"'“”-–—")
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
