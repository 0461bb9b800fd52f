"""How far a generation is, and what it has put by."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tools.questions.faults import Fault
from tools.questions.pipeline.topic import Topic
from tools.questions.repetition import Memory
from tools.questions.types import Item, Solver, SourcePassage, Wanted

_PATIENCE = 30
"""For so many passages for each question asked for, better and more varied ones are waited for."""
LAST_RESORT = frozenset({Fault.GUESSABLE, Fault.TOPIC_AS_ANSWER})
SECOND_BEST = LAST_RESORT | {Fault.ANOTHER_YEAR, Fault.ANSWER_AGAIN, Fault.SECOND_CHOICE, Fault.ENOUGH_OF_KIND}
"""What does not make a question unsound: it is put by, and asked when there is nothing better."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question as its writer left it, the passage it was written from, its evidence's page, and who solves it."""

    item: Item
    source: SourcePassage
    page_text: str
    solver: Solver


@dataclass(slots=True)
class Making:
    """What was asked for, what was made of it, how many passages were read, and what fell out."""

    wanted: Wanted
    memory: Memory
    topic: Topic | None = None
    made: list[Item] = field(default_factory=list)
    tried: int = 0
    dropped: Counter[Fault] = field(default_factory=Counter)

    @property
    def missing(self) -> int:
        """How many questions are still to come."""
        return self.wanted.count - len(self.made)

    @property
    def is_patient(self) -> bool:
        """Whether better and more varied questions are still waited for."""
        return self.tried < _PATIENCE * self.wanted.count


class Reserve:
    """Sound questions with what speaks against each of them."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[Candidate, Fault]] = {}

    def put(self, candidate: Candidate, fault: Fault) -> None:
        """Keep one in case there is nothing better."""
        self._held[candidate.item.id] = candidate, fault

    def take(self, fits: Callable[[Item, Fault], bool]) -> Iterator[tuple[Candidate, Fault]]:
        """Those that fit, the best first; what is taken is no longer held."""
        for candidate, fault in sorted(self._held.values(), key=_rank):
            if fits(candidate.item, fault):
                del self._held[candidate.item.id]
                yield candidate, fault


def _rank(held: tuple[Candidate, Fault]) -> tuple[bool, bool]:
    candidate, fault = held
    return fault in LAST_RESORT, fault is Fault.ANSWER_AGAIN or candidate.item.second_choice
