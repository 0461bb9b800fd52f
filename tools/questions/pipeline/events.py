"""What a generation tells while it goes on."""

from dataclasses import dataclass, field

from tools.questions.faults import Fault
from tools.questions.types import Item


@dataclass(frozen=True, slots=True)
class Ready:
    """A question that passed every check; `done` of `count` are there.

    `despite` says what speaks against it, where there was nothing better.
    """

    item: Item
    done: int
    count: int
    despite: Fault | None = None


@dataclass(frozen=True, slots=True)
class Looking:
    """Still at work: `tried` passages were read so far."""

    tried: int
    done: int
    count: int


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the learner should know while it goes on, as that another writer took over."""

    text: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The last event; `reason` says why there are fewer than asked for, `nearest` what could be asked instead."""

    done: int
    count: int
    reason: str | None = None
    nearest: tuple[str, ...] = ()
    dropped: dict[Fault, int] = field(default_factory=dict)


Event = Ready | Looking | Notice | Ended
