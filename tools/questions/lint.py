"""What makes a question unfit to be asked, whoever wrote it."""

import re
from collections.abc import Iterable, Iterator

from tools.questions import phrases
from tools.questions.types import Item, Kind
from tools.words import folded, words

_LONGEST_STEM, _SHORTEST_STEM = 45, 4
_CHOICES = {Kind.SINGLE_CHOICE: 4, Kind.TRUE_FALSE: 2}
_LEANING = 0.4
_LONGER = 1.6
_ALL_OR_NONE = re.compile(
    r"\b(?:all|none|both|neither|any) of (?:the )?(?:above|these|them|following|options|answers)\b|\b[A-D] and [A-D]\b",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"\[\d+(?:[,–-]\s*\d+)*\]|https?://|www\.|\]\(|\b(?:figure|fig\.|table|diagram|image|picture|graph"
    r"|exercise) (?:\d|above|below)"
    r"|\b(?:this|the|following) (?:figure|table|diagram|image|picture|graph|passage|text|excerpt|author|section"
    r"|chapter)\b",
    re.IGNORECASE,
)
_UNRESOLVED = re.compile(
    r"^(?:(?:what|which|who|why|how|when|where|is|are|do|does|did|was|were|can) )*"
    r"(?:this|these|those|it(?! that)|they|he|she|its|their)\b"
    r"|^(?:however|thus|therefore|also|but)\b|^[^.!?]*(?<!\bof )\b(?:this|these)\b",
    re.IGNORECASE,
)
_BROKEN = re.compile(r"[\ufffd\uffff\x00]|&#?\w+;|<[a-z/]|\s{2,}|\w-\s[a-z]{2,}$|\.\.(?!\.)|,,|\( \)|\(\)")
_TORN = re.compile(r"\b(?:and|or|the|an?|of|is|are|was|were|with|by|to)[.?]$")
"""A sentence that breaks off."""
_MATHS = re.compile(r"\$|\\[(\[)\]]")
_ANY_GAP = re.compile(r"_{3,}")


def faults(item: Item) -> list[str]:
    """Every reason, in words, why this question must not be asked; none when it may."""
    return [*_stem_faults(item), *_option_faults(item), *_key_faults(item), *_field_faults(item)]


def _stem_faults(item: Item) -> Iterator[str]:
    stem, count = item.stem, len(item.stem.split())
    if not _SHORTEST_STEM <= count <= _LONGEST_STEM:
        yield "the question is too short or too long"
    if not stem.endswith(("?", ".", ":", "____", "$", "\\]", "\\)")):
        yield "the question does not end properly"
    if _TORN.search(stem) or any(_BROKEN.search(text) for text in _texts(item)) or not phrases.is_balanced(stem):
        yield "the text is broken"
    if any(_REFERENCE.search(text) for text in (stem, *(option.text for option in item.options))):
        yield "it refers to something that is not shown"
    if _UNRESOLVED.search(stem):
        yield "a pronoun has nothing to refer to"
    if any(not _is_whole_maths(text) for text in _texts(item)):
        yield "a formula is not closed"
    if item.kind == Kind.GAP and len(_ANY_GAP.findall(stem)) != 1:
        yield "there is not exactly one gap"


def _texts(item: Item) -> Iterator[str]:
    yield item.stem
    yield from (option.text for option in item.options)


def _is_whole_maths(text: str) -> bool:
    plain = text.replace("\\$", "")
    pairs = (("\\(", "\\)"), ("\\[", "\\]"))
    return plain.count("$") % 2 == 0 and all(plain.count(opened) == plain.count(closed) for opened, closed in pairs)


def _option_faults(item: Item) -> Iterator[str]:
    wanted = _CHOICES.get(item.kind, 0)
    if len(item.options) != wanted:
        yield f"it has {len(item.options)} options instead of {wanted}"
    shown = [normalised(option.text) for option in item.options]
    if len(set(shown)) < len(shown) or "" in shown or len({option.id for option in item.options}) < len(shown):
        yield "two options are the same or one is empty"
    if any(_ALL_OR_NONE.search(option.text) for option in item.options):
        yield "an option speaks of other options"
    if any(not option.rationale.strip() for option in item.options):
        yield "an option has no reason"
    if item.kind == Kind.SINGLE_CHOICE and len(item.options) == wanted and _is_conspicuous(item):
        yield "the right option is conspicuously long"


def _is_conspicuous(item: Item) -> bool:
    others = [len(option.text) for option in item.options if option.text != item.answer]
    return bool(others) and len(item.answer) > max(24, _LONGER * max(others))


def _key_faults(item: Item) -> Iterator[str]:
    if not item.key or not item.answer.strip():
        yield "there is no answer"
    elif item.options and (len(item.key) != 1 or item.key[0] not in {option.id for option in item.options}):
        yield "there is not exactly one right option"
    elif item.kind != Kind.TRUE_FALSE and _says(item.stem, item.answer):
        yield "the question gives its own answer away"
    if item.hint and item.answer and item.kind != Kind.TRUE_FALSE and _says(item.hint, item.answer):
        yield "the hint gives the answer away"


def _field_faults(item: Item) -> Iterator[str]:
    needed = (item.id, item.rationale, item.hint, item.topic, item.writer, item.evidence.quote.strip())
    if not all(needed):
        yield "a part of the question is missing"
    if item.kind == Kind.OPEN and not item.rubric:
        yield "an open question has no rubric"


def _says(text: str, answer: str) -> bool:
    wanted = normalised(answer)
    return bool(wanted) and f" {wanted} " in f" {normalised(text)} "


def normalised(text: str) -> str:
    """Letters and digits alone, in lower case; signs of mathematics stay, for they tell options apart."""
    if _MATHS.search(text) or not words(text):
        return re.sub(r"\s+", "", text)
    signs = re.findall(r"(?<=[\s\d(])[-−+=<>≤≥](?=\s?\w)|^[-−+<>≤≥](?=\w)", text)
    return " ".join([*words(folded(text).replace("a(n) ", "")), *signs])


def gives_away(item: Item, others: Iterable[Item]) -> Item | None:
    """The item of the same quiz whose answer this one tells, or that tells this one's answer."""
    return next((other for other in others if _tells(item, other) or _tells(other, item)), None)


def _tells(teller: Item, asked: Item) -> bool:
    """Whether a stem names the other's answer and is about the same."""
    if asked.kind == Kind.TRUE_FALSE or not _says(teller.stem, asked.answer):
        return False
    mine, theirs = phrases.root_words(teller.stem), phrases.root_words(asked.stem)
    return len(mine & theirs) >= _LEANING * len(theirs)
