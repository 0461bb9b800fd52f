"""Questions for tests, and a writer that gives just these."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from itertools import permutations

from tools.questions.faults import Fault
from tools.questions.pipeline import Ended, Event, Looking, Notice, Ready
from tools.questions.repetition import Memory
from tools.questions.types import Bloom, Difficulty, Evidence, Item, Kind, Option, Wanted
from tools.types import ResolvedScope

_NOUNS_LIST = (
    "anchor basket candle dagger engine feather garnet hammer island jacket kettle lantern magnet needle orchid pillow"
)
_NOUNS = _NOUNS_LIST.split()
_PAIRS = list(permutations(_NOUNS, 2))
HINT, REASON = "A telling hint.", "A telling reason."


def question(n: int, document_id: str = "doc", kind: Kind = Kind.SINGLE_CHOICE, topic: str = "Tools") -> Item:
    """The n-th of many questions that differ in words and meaning; its right answer is `answer(n)`."""
    first, second = _PAIRS[n % len(_PAIRS)]
    quote = f"The {first} number {n} is made by the {second} people of valley {n * 7}."
    options = tuple(
        Option(str(at), text, REASON) for at, text in enumerate([answer(n), f"ox{n}", f"elk{n}", f"yak{n}"])
    )
    if kind is Kind.TRUE_FALSE:
        options = (Option("True", "True", REASON), Option("False", "False", REASON))
    is_choice = kind in (Kind.SINGLE_CHOICE, Kind.TRUE_FALSE)
    return Item(
        id=f"item-{document_id}-{n}",
        kind=kind,
        stem=f"Who in valley {n * 7} makes the {first} number {n} with a {second}?",
        options=options if is_choice else (),
        key=(options[0].id,) if is_choice else (answer(n),),
        rationale=REASON,
        hint=HINT,
        difficulty=Difficulty.MEDIUM,
        bloom=Bloom.REMEMBER,
        topic=topic,
        section=(topic,),
        evidence=Evidence(document_id, "Book", "book.pdf", n + 1, str(n + 1), "page", quote, 0, len(quote)),
        writer="script",
    )


def answer(n: int) -> str:
    return f"zq{n}zq"


@dataclass
class ScriptedWrite:
    """Implements app.author.Write: gives its items in order, those of the topic asked for, and none met before.

    `error` comes after `error_after` items; `nearest` makes it say that the topic is unknown; it waits for ever
    after `stall_after` items.
    """

    items: Sequence[Item] = ()
    error: Exception | None = None
    error_after: int = 0
    nearest: tuple[str, ...] = ()
    asked: list[Wanted] = field(default_factory=list)
    stall_after: int | None = None
    notice: str = ""
    given: int = 0

    async def __call__(
        self, scope: ResolvedScope, wanted: Wanted, memory: Memory, seed: str
    ) -> AsyncGenerator[Event, None]:
        self.asked.append(wanted)
        done = 0
        yield Notice(self.notice) if self.notice else Looking(0, 0, wanted.count)
        for item in self.items if not self.nearest else ():
            if done == wanted.count:
                break
            if (wanted.topic not in (None, item.topic)) or (wanted.kinds and item.kind not in wanted.kinds):
                continue
            if memory.repeats(item):
                continue
            if self.error is not None and self.given == self.error_after:
                raise self.error
            if self.stall_after == self.given:
                await asyncio.Event().wait()
            memory.add(item)
            done, self.given = done + 1, self.given + 1
            yield Ready(item, done, wanted.count)
        if self.error is not None and self.given <= self.error_after:
            raise self.error
        dropped = {} if self.nearest else {Fault.MET: 1}
        reason = None if done == wanted.count else f"The book supports {done} questions."
        yield Ended(done, wanted.count, reason, self.nearest, dropped)
