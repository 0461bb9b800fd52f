"""The line itself: passages in, questions out, each checked, and what falls out replaced a bounded number of times."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from tools.errors import NoDocuments, StudyError
from tools.questions.faults import Fault
from tools.questions.pipeline import checks, reasons
from tools.questions.pipeline.events import Ended, Event, Looking, Notice, Ready
from tools.questions.pipeline.making import LAST_RESORT, SECOND_BEST, Candidate, Making, Reserve
from tools.questions.pipeline.mixture import asks_year
from tools.questions.pipeline.plan import Ground, Rota, Unsupported, planned
from tools.questions.repetition import Memory
from tools.questions.streams import as_ready
from tools.questions.types import Item, QuestionWriter, Solver, SourcePassage, Wanted, Written

ROUNDS = 6
"""How often the scope is gone through: once for each further question from the same passages."""
_TRIES, _LEAST_TRIES = 40, 20_000
"""At most so many passages are read for each question asked for, and so many in any case: a shelf of textbooks, so
that it is true when a learner hears that there is no more."""
_SPARE = 3
"""Passages read at once beyond what is missing, for those that give nothing."""
_REPORT = 10


@dataclass(frozen=True, slots=True)
class Maker:
    """Who writes, and who solves what was written; `at_once` questions are checked side by side."""

    writer: QuestionWriter
    solver: Solver
    at_once: int = 1


async def generate(
    wanted: Wanted, ground: Ground, makers: Sequence[Maker], memory: Memory, seed: str
) -> AsyncGenerator[Event, None]:
    """Questions as they pass every check, then one Ended; what was met before is not asked again.

    Each maker finishes what the one before could not. Raises NoDocuments.
    """
    if not ground.library.places:
        raise NoDocuments
    try:
        plan = await asyncio.to_thread(planned, wanted, ground, seed)
    except Unsupported as lack:
        yield Ended(0, wanted.count, str(lack), lack.nearest)
        return
    line = _Line(Making(wanted, memory, plan.topic), ground)
    async for event in line.made(plan.tiers, makers):
        yield event
    yield line.ended()


class _Batch:
    """Passages read at once; each is waited for until it has given a question, so that a quiz spreads."""

    def __init__(self, sources: Sequence[SourcePassage]) -> None:
        self.sources = sources
        self.waiting = {source.passage.id for source in sources}


class _Line:
    """One generation, from its first passage to its last question."""

    def __init__(self, making: Making, ground: Ground) -> None:
        self._making, self._ground = making, ground
        self._reserve = Reserve()
        self._met_before = len(making.memory)

    async def made(self, tiers: Sequence[Rota], makers: Sequence[Maker]) -> AsyncGenerator[Event, None]:
        """All that the makers make, then what was put by."""
        left = deque(makers)
        while left and self._making.missing:
            try:
                async for event in self._by(left.popleft(), tiers):
                    yield event
            except StudyError as error:
                yield self._handed_over(error, left[0] if left else None, tiers)
        async for ready in self._second_best(lambda item, fault: True):
            yield ready

    def _handed_over(self, error: StudyError, successor: Maker | None, tiers: Sequence[Rota]) -> Notice:
        """Raises the error when nobody is left and nothing was made."""
        if successor is None and not self._making.made:
            raise error
        for turns in tiers:
            turns.again()
        return Notice(reasons.handed_over(error, successor.writer.name if successor else None))

    async def _by(self, maker: Maker, tiers: Sequence[Rota]) -> AsyncGenerator[Event, None]:
        for turns in tiers:
            for _ in range(ROUNDS):
                before = len(self._making.made)
                async for event in self._round(maker, turns):
                    yield event
                async for ready in self._second_best(_is_nearly_as_good):
                    yield ready
                if len(self._making.made) == before and not maker.writer.varies:
                    break

    async def _round(self, maker: Maker, turns: Rota) -> AsyncGenerator[Event, None]:
        making = self._making
        while making.missing and making.tried < _TRIES * making.wanted.count + _LEAST_TRIES:
            ids = turns.next(min(maker.writer.batch, making.missing + _SPARE))
            if not ids:
                break
            async for event in self._from(ids, maker, turns):
                yield event
        turns.again()

    async def _from(self, ids: Sequence[str], maker: Maker, turns: Rota) -> AsyncGenerator[Event, None]:
        making, batch = self._making, _Batch(await asyncio.to_thread(self._sources, ids))
        making.tried += len(ids)
        if not batch.sources:
            return
        async with aclosing(self._checked(batch, maker)) as all_checked:
            async for candidate, fault in all_checked:
                if await self._is_accepted(candidate, fault):
                    batch.waiting.discard(candidate.source.passage.id)
                    turns.took(candidate.source.passage.id)
                    yield self._take(candidate.item)
                if not making.missing or not batch.waiting:
                    return
        if making.tried % _REPORT < len(ids):
            yield Looking(making.tried, len(making.made), making.wanted.count)

    def _sources(self, ids: Sequence[str]) -> list[SourcePassage]:
        topic, found = self._making.topic, map(self._ground.library.source, ids)
        return [source for source in found if source and (topic is None or topic.may_be_in(source.passage))]

    async def _checked(self, batch: _Batch, maker: Maker) -> AsyncGenerator[tuple[Candidate, Fault | None], None]:
        """What the maker writes on the passages that are waited for, with the fault it has by itself."""
        making = self._making

        async def check(written: Written) -> tuple[Candidate, Fault | None] | None:
            if written.source.passage.id not in batch.waiting:
                return None
            page = await asyncio.to_thread(self._page_of, written)
            candidate = Candidate(written.item, written.source, page, maker.solver)
            return candidate, await checks.first_fault(checks.ALONE, candidate, making)

        wanted = replace(making.wanted, count=min(making.missing, len(batch.sources)))
        written = maker.writer.write(batch.sources, wanted, self._ground.library)
        async with aclosing(as_ready(written, check, min(maker.at_once, making.missing))) as all_checked:
            async for checked in all_checked:
                if checked and checked[0].source.passage.id in batch.waiting:
                    yield checked

    def _page_of(self, written: Written) -> str:
        """The text of the page that an item's evidence stands on."""
        evidence, passage = written.item.evidence, written.source.passage
        if (evidence.document_id, evidence.page_index) == (passage.document_id, passage.page_index):
            return written.source.page_text
        return self._ground.library.page_text(evidence.document_id, evidence.page_index) or ""

    async def _is_accepted(self, candidate: Candidate, fault: Fault | None) -> bool:
        """Whether it is sound and fits in with those that are there; what is second best is put by."""
        if fault is None or fault in SECOND_BEST:
            fault = await checks.first_fault(checks.BESIDE, candidate, self._making) or fault
        if fault in SECOND_BEST:
            self._reserve.put(candidate, fault)
        if fault:
            self._making.dropped[fault] += 1
        return fault is None

    async def _second_best(self, fits: Callable[[Item, Fault], bool]) -> AsyncGenerator[Ready, None]:
        making = self._making
        for candidate, fault in self._reserve.take(lambda item, fault: making.missing > 0 and fits(item, fault)):
            again = await checks.first_fault(checks.UNTOLD, candidate, making)
            if again:
                making.dropped[again] += 1
            else:
                yield self._take(candidate.item, fault)

    def _take(self, item: Item, despite: Fault | None = None) -> Ready:
        making = self._making
        making.made.append(item)
        making.memory.add(item)
        return Ready(item, len(making.made), making.wanted.count, despite)

    def ended(self) -> Ended:
        """The last event of this generation."""
        making = self._making
        return Ended(len(making.made), making.wanted.count, self._reason(), dropped=dict(making.dropped))

    def _reason(self) -> str | None:
        making = self._making
        if not making.missing:
            return None
        is_met = bool(self._met_before and making.dropped[Fault.MET])
        return reasons.exhausted(making.wanted, self._ground.label, some=bool(making.made), met=is_met)


def _is_nearly_as_good(item: Item, fault: Fault) -> bool:
    """Whether to ask one that was put by before the scope is gone through once more."""
    return fault not in LAST_RESORT and not asks_year(item)
