"""The time that a quiz is wished to take."""

import re

from agent.wishes.words import FILLER, KIND, LEVEL, NOUN, NUMBER_WORDS

SHORTEST, LONGEST = 10, 86_400
"""Seconds that a quiz may be given."""
_EACH = 60
_UNITS = {"s": 1, "m": 60, "h": 3600}
_NAMED = {"half": 1800, "quarter": 900, "hour": 3600, "minute": 60}
_UNIT = r"(?:(?<=\d)[smh]\b|sec(?:ond)?s?\b|min(?:ute)?s?\b|hours?\b|hrs?\b)"
_AMOUNT = rf"(?:\d{{1,5}}(?:\.\d)?|(?:{'|'.join(w for w, n in NUMBER_WORDS.items() if n and n > 1 and w[0] != 'a')}))"
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


def timed(text: str) -> tuple[int | None, str]:
    """Seconds allowed and the rest of the text; 0 seconds means a time limit without a number."""
    for pattern in _TIME:
        if found := pattern.search(text):
            left = " ".join(f"{text[: found.start()]} {text[found.end() :]}".split())
            return round(_seconds(found)), _CLOCKED.sub("", left)
    if _CLOCKED.search(text):
        return 0, " ".join(_CLOCKED.sub("", text).split())
    return None, text


def _seconds(found: re.Match[str]) -> float:
    for named, seconds in _NAMED.items():
        if found[named]:
            return 1.5 * seconds if found["and_half"] else seconds
    unit = _UNITS[found["unit"][0].lower()]
    sub = _UNITS[found["sub"][0].lower()] if found["sub"] else unit / 60
    amount = NUMBER_WORDS.get(found["n"].lower()) or float(found["n"])
    return amount * unit + float(found["more"] or 0) * sub


def allowed(seconds: int | None, count: int) -> tuple[str, int | None]:
    """What is wrong with the time, if anything, and the time; where none is named, a minute for each question."""
    if seconds is None:
        return "", None
    allowed = seconds or _EACH * max(1, count)
    if not SHORTEST <= allowed <= LONGEST:
        return "I can give a quiz 10 seconds to 24 hours. How long shall it be?", None
    return "", allowed
