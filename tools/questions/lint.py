"""What makes a question unfit to be asked, whoever wrote it."""

import re
from collections.abc import Callable, Iterable, Iterator

from tools.questions import phrases
from tools.questions.faults import Fault
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


def faults(item: Item) -> list[Fault]:
    """Every reason why this question must not be asked; none when it may."""
    return [fault for fault, is_so in _RULES if is_so(item)]


def _is_badly_long(item: Item) -> bool:
    return not _SHORTEST_STEM <= len(item.stem.split()) <= _LONGEST_STEM


def _has_no_end(item: Item) -> bool:
    return not item.stem.endswith(("?", ".", ":", "____", "$", "\\]", "\\)"))


def _is_broken(item: Item) -> bool:
    is_torn = bool(_TORN.search(item.stem)) or not phrases.is_balanced(item.stem)
    return is_torn or any(_BROKEN.search(text) for text in _texts(item))


def _refers_elsewhere(item: Item) -> bool:
    return any(_REFERENCE.search(text) for text in _texts(item))


def _has_open_pronoun(item: Item) -> bool:
    return bool(_UNRESOLVED.search(item.stem))


def _has_open_formula(item: Item) -> bool:
    return any(not _is_whole_maths(text) for text in _texts(item))


def _has_wrong_gaps(item: Item) -> bool:
    return item.kind == Kind.GAP and len(_ANY_GAP.findall(item.stem)) != 1


def _texts(item: Item) -> Iterator[str]:
    yield item.stem
    yield from (option.text for option in item.options)


def _is_whole_maths(text: str) -> bool:
    plain = text.replace("\\$", "")
    pairs = (("\\(", "\\)"), ("\\[", "\\]"))
    return plain.count("$") % 2 == 0 and all(plain.count(opened) == plain.count(closed) for opened, closed in pairs)


def _has_wrong_option_count(item: Item) -> bool:
    return len(item.options) != _CHOICES.get(item.kind, 0)


def _has_same_options(item: Item) -> bool:
    shown, ids = {normalised(option.text) for option in item.options}, {option.id for option in item.options}
    return "" in shown or min(len(shown), len(ids)) < len(item.options)


def _speaks_of_options(item: Item) -> bool:
    return any(_ALL_OR_NONE.search(option.text) for option in item.options)


def _has_option_without_reason(item: Item) -> bool:
    return any(not option.rationale.strip() for option in item.options)


def _is_conspicuous(item: Item) -> bool:
    """Whether the right one of several options is far longer than the others."""
    others = [len(option.text) for option in item.options if option.text != item.answer]
    return item.kind == Kind.SINGLE_CHOICE and bool(others) and len(item.answer) > max(24, _LONGER * max(others))


def _has_no_answer(item: Item) -> bool:
    return not item.key or not item.answer.strip()


def _has_wrong_key_count(item: Item) -> bool:
    return bool(item.options and item.key) and (
        len(item.key) != 1 or item.key[0] not in {option.id for option in item.options}
    )


def _tells_answer(item: Item) -> bool:
    return item.kind != Kind.TRUE_FALSE and _says(item.stem, item.answer)


def _hint_tells_answer(item: Item) -> bool:
    return item.kind != Kind.TRUE_FALSE and _says(item.hint, item.answer)


def _is_incomplete(item: Item) -> bool:
    return not all((item.id, item.rationale, item.hint, item.topic, item.writer, item.evidence.quote.strip()))


def _has_no_rubric(item: Item) -> bool:
    return item.kind == Kind.OPEN and not item.rubric


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


_RULES: tuple[tuple[Fault, Callable[[Item], bool]], ...] = (
    (Fault.LENGTH, _is_badly_long),
    (Fault.END, _has_no_end),
    (Fault.BROKEN, _is_broken),
    (Fault.REFERENCE, _refers_elsewhere),
    (Fault.PRONOUN, _has_open_pronoun),
    (Fault.FORMULA, _has_open_formula),
    (Fault.GAPS, _has_wrong_gaps),
    (Fault.OPTION_COUNT, _has_wrong_option_count),
    (Fault.SAME_OPTIONS, _has_same_options),
    (Fault.OPTION_ON_OPTIONS, _speaks_of_options),
    (Fault.OPTION_WITHOUT_REASON, _has_option_without_reason),
    (Fault.LONG_KEY, _is_conspicuous),
    (Fault.NO_ANSWER, _has_no_answer),
    (Fault.KEY_COUNT, _has_wrong_key_count),
    (Fault.TELLS_ANSWER, _tells_answer),
    (Fault.HINT_TELLS_ANSWER, _hint_tells_answer),
    (Fault.PART_MISSING, _is_incomplete),
    (Fault.NO_RUBRIC, _has_no_rubric),
)
