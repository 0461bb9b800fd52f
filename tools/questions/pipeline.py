"""From a wish to questions: choose passages, write, check, and replace what falls out, as a stream."""

import asyncio
import re
from collections import Counter, deque
from collections.abc import AsyncGenerator, Callable, Collection, Iterable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from tools import refusal
from tools.errors import NoDocuments, StudyError
from tools.questions import lint, solve
from tools.questions.choose import ChapterKey, Library, shares, topic_of
from tools.questions.phrases import root_words
from tools.questions.repetition import Memory
from tools.questions.solve import Solver
from tools.questions.streams import as_ready
from tools.questions.types import Item, Kind, QuestionWriter, Source, Wanted
from tools.types import Found, Passage

ROUNDS = 3
"""How often the scope is gone through: once for each further question from the same passages."""
_TRIES, _LEAST_TRIES = 40, 20_000
"""At most so many passages are read for each question asked for, and so many in any case: a shelf of textbooks, so
that it is true when a learner hears that there is no more."""
_SPARE = 3
"""Passages read at once beyond what is missing, for those that give nothing."""
_PATIENCE = 30
"""For so many passages for each question asked for, better and more varied ones are waited for."""
_REPORT = 10
_WIDTH = 4
_RELEVANT = 0.55
_ON_TOPIC = 0.42
_FIRST = 8
_NEARLY_AS_MUCH, _FEWEST_PASSAGES = 0.65, 5
_NEAREST = 3
_YEARS = 0.1
"""The share of a quiz that may ask for a year, so long as there is something else to ask."""
_TO_WRITE = (Kind.GAP, Kind.SHORT_ANSWER)
_SHARES: dict[tuple[Kind, ...], float] = {_TO_WRITE: 0.4, (Kind.TRUE_FALSE,): 0.15}
"""The share of a mixed quiz without options and of true or false, so long as there is something else."""
_YEAR = re.compile(r"\d{3,4}")

SectionKey = tuple[str, tuple[str, ...]]
"""A document and the path of headings in it."""

Find = Callable[[str, int], Found]


@dataclass(frozen=True, slots=True)
class Ready:
    """A question that passed every check; `done` of `count` are there."""

    item: Item
    done: int
    count: int


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
    dropped: dict[str, int] = field(default_factory=dict)


Event = Ready | Looking | Notice | Ended


@dataclass(frozen=True, slots=True)
class Maker:
    """Who writes, and who solves what was written; `at_once` questions are checked side by side."""

    writer: QuestionWriter
    solver: Solver
    at_once: int = 1


@dataclass(frozen=True, slots=True)
class _Checked:
    """A question with what can be said of it alone: why it must not be asked, and whether it can be guessed."""

    item: Item
    source: Source | None
    fault: str | None = None
    is_guessable: bool = False


async def generate(
    wanted: Wanted,
    library: Library,
    makers: Sequence[Maker],
    memory: Memory,
    *,
    seed: str,
    label: str = "this scope",
    search: Find | None = None,
) -> AsyncGenerator[Event, None]:
    """Questions as they pass every check, then one Ended; what was met before is not asked again.

    Each maker finishes what the one before could not. Raises NoDocuments.
    """
    if not library.places:
        raise NoDocuments
    plan = await asyncio.to_thread(_plan, wanted, library, seed, search)
    if isinstance(plan, Ended):
        yield plan
        return
    run = _Run(wanted, library, memory, label, plan.topic)
    async for event in run.made(plan.tiers, makers):
        yield event
    yield run.ended()


@dataclass(frozen=True, slots=True)
class _Plan:
    """Which passages are asked about; a tier is used up before the next one is begun."""

    tiers: "Sequence[Turns]"
    topic: "Topic | None" = None


def _plan(wanted: Wanted, library: Library, seed: str, search: Find | None) -> _Plan | Ended:
    if wanted.topic is None or search is None:
        queues = library.queues(seed)
        return _Plan([Turns(queues, shares({key: len(queue) for key, queue in queues.items()}, wanted.count, seed))])
    found = search(wanted.topic, _WIDTH * wanted.count + _TRIES)
    if not refusal.supports(found):
        reason = f"The books in this scope do not say enough about “{wanted.topic}”."
        return Ended(0, wanted.count, reason, _nearest(found))
    topic = Topic.of(wanted.topic, found, library)
    return _Plan(list(_tiers(topic, found, library)), topic)


def _tiers(topic: "Topic", found: Found, library: Library) -> "Iterator[Turns]":
    """The passages where the topic is treated, then those that a search finds, then the chapters around them."""
    least = _RELEVANT * found.hits[0].score
    near = [hit.passage for hit in found.hits if hit.score >= least]
    there = [passage.id for passage in near if topic.is_treated(passage.document_id, passage.section)]
    around = [place.passage_id for place in library.places if topic.is_treated(place.document_id, place.section)]
    chapters = {(document_id, section[:1]) for document_id, section in topic.sections if section}
    wider = [place.passage_id for place in library.places if (place.document_id, place.section[:1]) in chapters]
    left = {place.passage_id for place in library.places}
    for ids in (there + around, [passage.id for passage in near if topic.may_be_in(passage)], wider):
        yield Turns({("", 0): deque(id_ for id_ in dict.fromkeys(ids) if id_ in left)})
        left -= {*ids}


@dataclass(frozen=True, slots=True)
class Topic:
    """What a learner wants to be asked about: its words, and the sections that treat it."""

    roots: frozenset[str]
    sections: frozenset[SectionKey]
    chapters: frozenset[SectionKey] = frozenset()

    @classmethod
    def of(cls, topic: str, found: Found, library: Library) -> "Topic":
        roots = root_words(topic)
        headings = {(place.document_id, place.section[:1]) for place in library.places if place.section}
        chapters = {key for key in headings if roots and roots <= root_words(key[1][0])}
        first = [(hit.passage.document_id, hit.passage.section[:2]) for hit in found.hits[:_FIRST]]
        often = {first[0]} | {section for section, times in Counter(first).items() if times > 1}
        return cls(roots, frozenset(_treating(roots, often, library)), frozenset(chapters))

    def has(self, item: Item) -> bool:
        """Whether an item stands where the topic is treated, or speaks of it in all of its words."""
        is_there = self.is_treated(item.evidence.document_id, item.section)
        return is_there or (bool(self.roots) and self.roots <= root_words(f"{item.evidence.quote} {item.topic}"))

    def may_be_in(self, passage: Passage) -> bool:
        """Whether it can be worth the time to read a passage for questions on the topic."""
        is_there = self.is_treated(passage.document_id, passage.section)
        return is_there or not self.roots or bool(self.roots & root_words(passage.text))

    def is_treated(self, document_id: str, section: tuple[str, ...]) -> bool:
        """Whether a section is one that the search led to, or one whose heading names the topic.

        Where whole chapters are named after the topic, it is these that treat it.
        """
        if self.chapters:
            return (document_id, section[:1]) in self.chapters
        named = bool(self.roots) and any(self.roots <= root_words(heading) for heading in section)
        return named or (document_id, section[:2]) in self.sections

    def is_answer_of(self, item: Item) -> bool:
        """Whether the answer is the topic itself: known before the question is read, and told by many another."""
        return item.kind != Kind.TRUE_FALSE and root_words(item.answer) <= self.roots


def _treating(roots: frozenset[str], sections: Collection[SectionKey], library: Library) -> set[SectionKey]:
    """The section that speaks of these words most, and those that do nearly as much or stand in the same chapter."""
    shares = {key: _share(roots, library.texts(*key)) for key in sections}
    best = max(shares, key=lambda key: shares[key])
    return {
        key
        for key, share in shares.items()
        if share >= _NEARLY_AS_MUCH * shares[best] or (key[0], key[1][:1]) == (best[0], best[1][:1])
    }


def _share(roots: frozenset[str], texts: Sequence[str]) -> float:
    """How many of the texts have all the words; a section of a few passages is no measure."""
    return sum(roots <= root_words(text) for text in texts) / max(_FEWEST_PASSAGES, len(texts))


def _nearest(found: Found) -> tuple[str, ...]:
    """What the scope holds that is closest to a topic it does not hold."""
    headings = (topic_of(hit.passage) for hit in found.hits if hit.passage.section)
    return tuple(dict.fromkeys(headings))[:_NEAREST]


class Turns:
    """Which passage comes next: each chapter until it has given what is due from it, then whatever is left."""

    def __init__(self, queues: dict[ChapterKey, deque[str]], due: Iterable[ChapterKey] = ()) -> None:
        self._all = {key: list(queue) for key, queue in queues.items()}
        self._queues = queues
        self._due = deque(due)
        self._chapter = {id_: key for key, ids in self._all.items() for id_ in ids}

    def next(self, count: int) -> list[str]:
        """The next `count` passages, of different chapters as far as possible; none when the round is over."""
        while self._due and not self._queues[self._due[0]]:
            self._due.popleft()
        first = list(dict.fromkeys(self._due))[:count]
        rest = [key for key in self._queues if key not in first]
        keys = [key for key in (first or rest) if self._queues[key]]
        batch = [self._queues[key].popleft() for key in keys[:count]]
        while keys and len(batch) < count and any(self._queues[key] for key in keys):
            batch += [self._queues[key].popleft() for key in keys if self._queues[key]][: count - len(batch)]
        return batch

    def took(self, passage_id: str) -> None:
        """A question was made from this passage: its chapter has had its turn."""
        key = self._chapter[passage_id]
        if key in self._due:
            self._due.remove(key)
        else:
            self._queues[key] = self._queues.pop(key)

    def again(self) -> None:
        for key, ids in self._all.items():
            self._queues[key] = deque(ids)


class _Run:
    """The state of one generation."""

    def __init__(self, wanted: Wanted, library: Library, memory: Memory, label: str, topic: Topic | None) -> None:
        self._topic = topic
        self._wanted, self._library, self._memory, self._label = wanted, library, memory, label
        self._made: list[Item] = []
        self._reserve: dict[str, Item] = {}
        self._dropped: Counter[str] = Counter()
        self._tried = 0
        self._met_before = len(memory)

    @property
    def _missing(self) -> int:
        return self._wanted.count - len(self._made)

    async def made(self, tiers: Sequence[Turns], makers: Sequence[Maker]) -> AsyncGenerator[Event, None]:
        left = deque(makers)
        while left and self._missing:
            try:
                async for event in self._by(left.popleft(), tiers):
                    yield event
            except StudyError as error:
                for turns in tiers:
                    turns.again()
                if not left and not self._made:
                    raise
                yield Notice(_handed_over(error, left[0] if left else None))
        for ready in self._second_best(lambda item: True):
            yield ready

    async def _by(self, maker: Maker, tiers: Sequence[Turns]) -> AsyncGenerator[Event, None]:
        for turns in tiers:
            for _ in range(ROUNDS):
                before = len(self._made)
                async for event in self._round(maker, turns):
                    yield event
                for ready in self._second_best(lambda item: not item.guessable and not _asks_year(item)):
                    yield ready
                if len(self._made) == before and maker.at_once == 1:
                    break  # a writer that answers at once and always the same would find as little again

    async def _round(self, maker: Maker, turns: Turns) -> AsyncGenerator[Event, None]:
        while self._missing and self._tried < _TRIES * self._wanted.count + _LEAST_TRIES:
            batch = turns.next(min(maker.writer.batch, self._missing + _SPARE))
            if not batch:
                break
            async for event in self._from(batch, maker, turns):
                yield event
        turns.again()

    def _second_best(self, fits: Callable[[Item], bool]) -> Iterator[Ready]:
        """From what was put by while there might be better ones."""
        for item in sorted(self._reserve.values(), key=lambda item: (item.guessable, item.second_choice)):
            if self._missing and fits(item) and self._is_new(item):
                yield self._take(item)

    async def _from(self, batch: Sequence[str], maker: Maker, turns: Turns) -> AsyncGenerator[Event, None]:
        """At most one question from each passage, so that the quiz spreads."""
        found = await asyncio.to_thread(lambda: [*map(self._library.source, batch)])
        sources = [s for s in found if s and (self._topic is None or self._topic.may_be_in(s.passage))]
        self._tried += len(batch)
        if not sources:
            return
        waiting = {source.passage.id for source in sources}
        wanted = replace(self._wanted, count=min(self._missing, len(sources)))

        async def check(item: Item) -> _Checked:
            return await self._checked(item, _source_of(item, sources, waiting), maker.solver)

        written = maker.writer.write(sources, wanted, self._library)
        async with aclosing(as_ready(written, check, min(maker.at_once, self._missing))) as all_checked:
            async for checked in all_checked:
                source = checked.source
                if source and source.passage.id in waiting and await self._accepts(checked):
                    waiting.discard(source.passage.id)
                    turns.took(source.passage.id)
                    yield self._take(checked.item)
                if not self._missing or not waiting:
                    return
        if self._tried % _REPORT < len(batch):
            yield Looking(self._tried, len(self._made), self._wanted.count)

    async def _checked(self, item: Item, source: Source | None, solver: Solver) -> _Checked:
        if source is None:
            return _Checked(item, None)
        fault = await self._fault(item, source, solver)
        return _Checked(item, source, fault, fault is None and await solve.is_guessable(item, solver))

    async def _accepts(self, checked: _Checked) -> bool:
        """Whether a checked question fits in with those that are there."""
        item, fault = checked.item, checked.fault
        if fault is None and not await asyncio.to_thread(self._is_new, item):
            return False
        if fault is None and self._topic and self._topic.is_answer_of(item):
            self._reserve[item.id] = replace(item, guessable=True)
            fault = "its answer is the topic itself"
        if fault is None and self._is_one_year_too_many(item):
            self._reserve[item.id] = item
            fault = "it asks for yet another year"
        if fault is None and self._is_answer_again(item):
            self._reserve[item.id] = replace(item, second_choice=True)
            fault = "its answer was asked for already"
        is_patient = self._tried < _PATIENCE * self._wanted.count
        if fault is None and is_patient and item.second_choice:
            self._reserve[item.id] = item
            fault = "there may be better ones"
        if fault is None and is_patient and self._is_one_of_a_kind_too_many(item):
            self._reserve[item.id] = item
            fault = "there are enough of its kind"
        if fault is None and checked.is_guessable:
            self._reserve[item.id] = replace(item, guessable=True)
            fault = "it can be guessed"
        if fault:
            self._dropped[fault] += 1
        return fault is None

    async def _fault(self, item: Item, source: Source, solver: Solver) -> str | None:
        """Why a question must not be asked; the cheap checks come first."""
        wanted = self._wanted
        if (wanted.kinds and item.kind not in wanted.kinds) or wanted.difficulty not in (None, item.difficulty):
            return "it is not of the kind or difficulty asked for"
        if not await asyncio.to_thread(self._is_on_topic, item):
            return "it is not about the topic"
        evidence = item.evidence
        if not evidence.quote.strip() or source.page_text[evidence.start : evidence.end] != evidence.quote:
            return "its evidence does not stand on the page"
        if faults := lint.faults(item):
            return faults[0]
        return None if await solve.is_solved(item, solver) else "the evidence does not lead to its answer"

    def _is_on_topic(self, item: Item) -> bool:
        topic, words = self._topic, self._wanted.topic
        return topic is None or words is None or topic.has(item) or self._memory.likeness(words, item) >= _ON_TOPIC

    def _is_one_year_too_many(self, item: Item) -> bool:
        asked = sum(map(_asks_year, self._made))
        return _asks_year(item) and asked >= max(1, _YEARS * self._wanted.count)

    def _is_answer_again(self, item: Item) -> bool:
        """Whether the same words answer another question, which tells them to an attentive learner."""
        answer = root_words(item.answer)
        return item.kind != Kind.TRUE_FALSE and any(answer == root_words(other.answer) for other in self._made)

    def _is_one_of_a_kind_too_many(self, item: Item) -> bool:
        """Whether a mixture would have too much to write, or too much to call true or false."""
        kinds = _TO_WRITE if item.kind in _TO_WRITE else (item.kind,)
        share = _SHARES.get(kinds)
        if self._wanted.kinds or share is None:
            return False
        return sum(other.kind in kinds for other in self._made) > 1 + share * len(self._made)

    def _is_new(self, item: Item) -> bool:
        if any(_shares_evidence(item, other) for other in self._made) or lint.gives_away(item, self._made):
            self._dropped["it gives away another question"] += 1
            return False
        if self._memory.repeats(item):
            self._dropped[_MET] += 1
            return False
        return True

    def _take(self, item: Item) -> Ready:
        self._made.append(item)
        self._memory.add(item)
        return Ready(item, len(self._made), self._wanted.count)

    def ended(self) -> Ended:
        reason = self._reason() if self._missing else None
        return Ended(len(self._made), self._wanted.count, reason, dropped=dict(self._dropped))

    def _reason(self) -> str:
        """Without a number: of what is made here, a claim elsewhere may still take one away."""
        new = "new " if self._met_before and self._dropped[_MET] else ""
        about = f" on “{self._wanted.topic}”" if self._wanted.topic else ""
        what = f"{new}{_described(self._wanted)}{about}"
        wider = _WIDER[bool(self._wanted.kinds), self._wanted.difficulty is not None]
        if self._made:
            return f"There is not enough in {self._label} for more {what}.{wider}"
        met = f" You have met every one there was.{wider}" if new else wider or " Try a larger scope."
        return f"There is not enough in {self._label} for {what}.{met}"


_MET = "it was asked before"
_WIDER = {
    (False, False): "",
    (True, False): " Other kinds of questions may give more.",
    (False, True): " Another level may give more.",
    (True, True): " Other kinds of questions or another level may give more.",
}
"""What to try, by whether kinds and a level were asked for."""


_IN_WORDS = {Kind.SINGLE_CHOICE: "multiple choice", Kind.TRUE_FALSE: "true or false", Kind.GAP: "fill the gap"}


def _described(wanted: Wanted) -> str:
    """`hard questions`, `gap questions`: what was asked for, in words."""
    kinds = " or ".join(_IN_WORDS.get(kind) or kind.value.replace("_", " ") for kind in wanted.kinds)
    return " ".join(part for part in (wanted.difficulty or "", kinds, "questions") if part)


def _handed_over(error: StudyError, successor: Maker | None) -> str:
    return f"{error} The {successor.writer.name} writer finishes this quiz." if successor else str(error)


def _asks_year(item: Item) -> bool:
    return bool(_YEAR.fullmatch(item.answer))


def _source_of(item: Item, sources: Sequence[Source], waiting: set[str]) -> Source | None:
    """The passage an item rests on, if nothing was taken from it yet."""
    e = item.evidence
    for source in sources:
        p = source.passage
        if (p.document_id, p.page_index) == (e.document_id, e.page_index) and p.start <= e.start < p.end:
            return source if p.id in waiting else None
    return None


def _shares_evidence(item: Item, other: Item) -> bool:
    a, b = item.evidence, other.evidence
    same_page = (a.document_id, a.page_index) == (b.document_id, b.page_index)
    return same_page and a.start < b.end and b.start < a.end
