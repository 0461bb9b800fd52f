"""The words of a wish for questions: numbers, levels, kinds, and what else may stand around them."""

import re

from tools.numerals import CARDINALS
from tools.questions import kinds
from tools.questions.types import Difficulty, Kind

NUMBER_WORDS = CARDINALS | {
    "twenty-five": 25, "a hundred": 100, "a dozen": 12, "dozen": 12, "a couple of": 2, "a couple": 2, "a few": 5,
    "few": 5, "some": None, "several": None, "no": 0, "a": 1, "an": 1,
}  # fmt: skip
_LEVELS = {
    Difficulty.EASY: "easy|easier|simple|basic|beginner",
    Difficulty.MEDIUM: "medium|moderate|intermediate|average",
    Difficulty.HARD: "hard|harder|difficult|tough|challenging|advanced|tricky",
}
TELLING_KINDS = {kind: known.names for kind, known in kinds.KINDS.items()}
"""Names of kinds that mean nothing else, wherever they stand."""
KINDS = {kind: "|".join(filter(None, (known.names, known.loose_names))) for kind, known in kinds.KINDS.items()}
LEVEL = "|".join(_LEVELS.values())
KIND = "|".join(rf"(?:{names})\b" for names in KINDS.values())
TELLING_KIND = "|".join(TELLING_KINDS.values())
DIGITS = r"(?:(?<!\S)[-−–]|(?<![\w.,−–-]))\d{1,9}(?:,\d{3}){0,3}(?:[.,]\d{1,3})?(?![\d.,]*\d)"
COUNT = rf"{DIGITS}|\b(?:{'|'.join(sorted(NUMBER_WORDS, key=len, reverse=True))})\b"
FILLER = (
    r"very|really|more|another|new|good|short|quick|little|different|random|mixed|practi[sc]e|exam|mock|review|revision"
    r"|timed|of|and|or|&|,"
)
NOUN = (
    r"(?:questions?|ones?|items?|quiz+(?:es)?|tests?(?! me)|exams?|exercises?|problems?|tasks?|flash ?cards?|rounds?)"
)
LEAD = re.compile(
    r"^(?:(?:/?(?:let's|lets|i'd|quiz+(?:ed)?|test(?:ed)?|examined?|drill|grill|challenge|ask|give|set|start|make|create|write"
    r"|generate|prepare|build|begin|show|hit|throw|let|i|we|want|would|like|need|to|do|be|please|pls|plz|can|could|will"
    r"|you|now|me|us|my|myself|practi[sc]e|revise|study|learn|help|try|have|get|take|another|train|exams?|knowledge"
    r"|understanding|skills?|memory|(?:some|any)(?:thing)?|a|an|the|with|out|only|just|in|hey|hi|ok|okay|so)\b)[\s,:]*)+",
    re.IGNORECASE,
)


def lead_end(text: str) -> int:
    """Where the words end that only ask to be asked: `please give me a`."""
    lead = LEAD.match(text)
    return lead.end() if lead else 0


def kinds_in(text: str, names: dict[Kind, str]) -> tuple[tuple[Kind, ...], str]:
    """The kinds that a text names, and the text without them."""
    found = tuple(kind for kind, said in names.items() if re.search(rf"\b(?:{said})\b", text, re.IGNORECASE))
    for kind in found:
        text = re.sub(rf",?\s*(?:\b(?:only|just)\s+)?\b(?:{names[kind]})\b(?:\s+only)?", "", text, flags=re.IGNORECASE)
    return found, " ".join(re.sub(rf"\s(?:and|or|with)\s*(?:{COUNT})?$", "", text).split()) if found else text


def level_in(traits: str) -> Difficulty | None:
    """The one level that is named; None where there is none, or more than one."""
    found = [level for level, names in _LEVELS.items() if re.search(rf"\b(?:{names})\b", traits, re.IGNORECASE)]
    return found[0] if len(found) == 1 else None


def number(said: str | None) -> float | None:
    """What a count in words or digits says; None for `some` and its like."""
    if said is None:
        return None
    if said.lower() in NUMBER_WORDS:
        return NUMBER_WORDS[said.lower()]
    digits = re.sub(r"[−–]", "-", said)
    return float(re.sub(r",(?=\d{3}\b)", "", digits).replace(",", "."))
