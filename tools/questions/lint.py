"""What makes a question unfit to be asked, whoever wrote it."""

import re
from collections.abc import Callable, Iterable, Iterator

from tools.concepts import prose
from tools.questions import kinds
from tools.questions.faults import Fault
from tools.questions.types import BOOK, Item
from tools.questions.wordings import normalised

_UNREADABLE = frozenset({Fault.REFERENCE, Fault.FORMULA, Fault.NO_ANSWER})
_LONGEST_STEM, _SHORTEST_STEM = 45, 4
_LEANING = 0.4
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


def faults(item: Item) -> list[Fault]:
    """Every reason why this question must not be asked; none when it may."""
    if item.writer == BOOK:  # whose wording is not ours to judge, as long as a learner can see all of it
        return [fault for fault, is_so in _RULES if fault in _UNREADABLE and is_so(item)]
    of_any = [fault for fault, is_so in _RULES if is_so(item)]
    return [*of_any, *kinds.of(item.kind).faults(item)]


def _is_badly_long(item: Item) -> bool:
    return not _SHORTEST_STEM <= len(item.stem.split()) <= _LONGEST_STEM


def _has_no_end(item: Item) -> bool:
    return not item.stem.endswith(("?", ".", ":", "____", "$", "\\]", "\\)"))


def _is_broken(item: Item) -> bool:
    is_torn = bool(_TORN.search(item.stem)) or not prose.is_balanced(item.stem)
    return is_torn or any(_BROKEN.search(text) for text in _texts(item))


def _refers_elsewhere(item: Item) -> bool:
    return any(_REFERENCE.search(text) for text in _texts(item))


def _has_open_pronoun(item: Item) -> bool:
    return bool(_UNRESOLVED.search(item.stem))


def _has_open_formula(item: Item) -> bool:
    return any(not _is_whole_maths(text) for text in _texts(item))


def _texts(item: Item) -> Iterator[str]:
    yield item.stem
    yield from (option.text for option in item.options)


def _is_whole_maths(text: str) -> bool:
    plain = text.replace("\\$", "")
    pairs = (("\\(", "\\)"), ("\\[", "\\]"))
    return plain.count("$") % 2 == 0 and all(plain.count(opened) == plain.count(closed) for opened, closed in pairs)


def _has_no_answer(item: Item) -> bool:
    return not item.key or not item.answer.strip()


def _tells_answer(item: Item) -> bool:
    return kinds.of(item.kind).tells and _says(item.stem, item.answer)


def _hint_tells_answer(item: Item) -> bool:
    return kinds.of(item.kind).tells and _says(item.hint, item.answer)


def _is_incomplete(item: Item) -> bool:
    return not all((item.id, item.rationale, item.hint, item.topic, item.writer, item.evidence.quote.strip()))


def _says(text: str, answer: str) -> bool:
    wanted = normalised(answer)
    return bool(wanted) and f" {wanted} " in f" {normalised(text)} "


def gives_away(item: Item, others: Iterable[Item]) -> Item | None:
    """The item of the same quiz whose answer this one tells, or that tells this one's answer."""
    return next((other for other in others if _tells(item, other) or _tells(other, item)), None)


def _tells(teller: Item, asked: Item) -> bool:
    """Whether a stem names the other's answer and is about the same."""
    if not kinds.of(asked.kind).tells or not _says(teller.stem, asked.answer):
        return False
    mine, theirs = prose.root_words(teller.stem), prose.root_words(asked.stem)
    return len(mine & theirs) >= _LEANING * len(theirs)


_RULES: tuple[tuple[Fault, Callable[[Item], bool]], ...] = (
    (Fault.LENGTH, _is_badly_long),
    (Fault.END, _has_no_end),
    (Fault.BROKEN, _is_broken),
    (Fault.REFERENCE, _refers_elsewhere),
    (Fault.PRONOUN, _has_open_pronoun),
    (Fault.FORMULA, _has_open_formula),
    (Fault.NO_ANSWER, _has_no_answer),
    (Fault.TELLS_ANSWER, _tells_answer),
    (Fault.HINT_TELLS_ANSWER, _hint_tells_answer),
    (Fault.PART_MISSING, _is_incomplete),
)
