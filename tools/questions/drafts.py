"""A question in the making, and the words in which every kind of question tells what the book says."""

from collections.abc import Sequence
from dataclasses import dataclass

from tools.questions import phrases
from tools.questions.facts import Fact
from tools.questions.types import Bloom, Kind
from tools.types import page_name


@dataclass(frozen=True, slots=True)
class Draft:
    """An item before it has ids: for a choice the right text comes first, each text with its rationale."""

    kind: Kind
    stem: str
    key: str
    hint: str
    bloom: Bloom
    texts: tuple[tuple[str, str], ...] = ()
    accepted: tuple[str, ...] = ()
    effort: int = 0


def quoted(fact: Fact) -> str:
    """The sentence with its page, to show as a reason."""
    where = page_name(fact.passage.page_kind, fact.passage.page_label)
    return f"“{fact.sentence}” ({where})"


def right(fact: Fact) -> str:
    """The reason for the right option."""
    return f"The book says: {quoted(fact)}"


def choice(stem: str, fact: Fact, key: str, wrong: Sequence[tuple[str, str]], hint: str, bloom: Bloom) -> Draft:
    """A single choice; `wrong` are options with their reasons."""
    return Draft(Kind.SINGLE_CHOICE, stem, key, hint, bloom, ((key, right(fact)), *wrong), effort=1)


def truth(stem: str, is_true: bool, why: str, against: str, hint: str) -> Draft:
    """A statement to be judged; `why` belongs to the right answer and `against` to the other."""
    sure, other = ("True", "False") if is_true else ("False", "True")
    bloom = Bloom.REMEMBER if is_true else Bloom.UNDERSTAND
    texts = (sure, why), (other, against)
    return Draft(Kind.TRUE_FALSE, phrases.raised(stem), sure, hint, bloom, texts, effort=0 if is_true else 1)
