"""Quizzes and practice rounds of one learner in memory."""

from dataclasses import dataclass, field, replace

from agent.deps import Answered, AtHand, Due, Level, Origin, Started
from tests.support.study import MITOSIS, OSMOSIS
from tools import marking
from tools.errors import NotAnAnswer, NotFound, StudyError
from tools.questions.types import Bloom, Difficulty, Evidence, Item, Kind, Mode, Option, Verdict, Wanted
from tools.types import Scope


def item(n: int, kind: Kind, stem: str, key: str, page: str, quote: str, *options: str) -> Item:
    start = page.index(quote)
    return Item(
        id=f"item-{n}",
        kind=kind,
        stem=stem,
        options=tuple(Option(f"o{at}", text, "why") for at, text in enumerate(options)),
        key=(key,),
        rationale=f"The book says: “{quote}”",
        hint=f"Think of number {n}.",
        difficulty=Difficulty.MEDIUM,
        bloom=Bloom.REMEMBER,
        topic="Cells",
        section=("Cells",),
        evidence=Evidence(
            "bio", "Biology", "bio.pdf", 1 + (page == MITOSIS), "1", "page", quote, start, start + len(quote)
        ),
        writer="test",
    )


FIRST = item(1, Kind.SHORT_ANSWER, "What is the diffusion of water called?", "osmosis", OSMOSIS, OSMOSIS.split(". ")[0])
SECOND = item(
    2, Kind.SINGLE_CHOICE, "In which phase do the chromatids separate?", "o2", MITOSIS,
    "During anaphase the sister chromatids separate.", "prophase", "metaphase", "anaphase", "telophase",
)  # fmt: skip
THIRD = replace(FIRST, id="item-3", stem="Which process needs no energy?")
ITEMS = (FIRST, SECOND)


@dataclass
class Rounds:
    """Implements agent.deps.LearnerQuizzes; two tries an item. `refusal` is raised by `start`."""

    items: list[Item] = field(default_factory=lambda: list(ITEMS))
    refusal: StudyError | None = None
    overdue: Due = field(default_factory=lambda: Due(0, "all your books"))
    started: list[tuple[Mode, Wanted, Scope, Origin]] = field(default_factory=list)
    seconds: list[int | None] = field(default_factory=list)
    reviewed: list[Scope] = field(default_factory=list)
    answers: dict[str, list[str]] = field(default_factory=dict)
    settled: set[str] = field(default_factory=set)
    skipped: set[str] = field(default_factory=set)
    more: dict[Level, Item] = field(default_factory=lambda: {"same": THIRD})

    async def start(
        self, mode: Mode, wanted: Wanted, scope: Scope, origin: Origin, seconds: int | None = None
    ) -> Started:
        if self.refusal:
            raise self.refusal
        self.started.append((mode, wanted, scope, origin))
        self.seconds.append(seconds)
        return Started("quiz-1", wanted.count, "all your books")

    async def at_hand(self, quiz_id: str, item_id: str = "") -> AtHand | None:
        waiting = [one for one in self.items if one.id not in self.settled]
        named = [one for one in waiting if one.id == item_id]
        found = next(iter(named or [one for one in waiting if one.id not in self.skipped]), None)
        if quiz_id != "quiz-1" or found is None:
            return None
        number = self.items.index(found) + 1
        return AtHand(quiz_id, found.id, number, found.kind, found.stem, tuple(o.text for o in found.options))

    async def answer(self, quiz_id: str, item_id: str, answer: str) -> Answered:
        found = self._item(item_id)
        if expected := marking.expected(found, answer):
            raise NotAnAnswer(expected)
        given = self.answers.setdefault(item_id, [])
        given.append(answer)
        marked = marking.mark(found, answer)
        if marked.verdict is not Verdict.CORRECT and len(given) < 2:
            return Answered(marked.verdict, marked.explanation, settled=False)
        return self._settled(found, marked.verdict, marked.explanation)

    async def hint(self, quiz_id: str, item_id: str) -> str:
        return self._item(item_id).hint

    async def reveal(self, quiz_id: str, item_id: str) -> Answered:
        return self._settled(self._item(item_id), None, "")

    async def skip(self, quiz_id: str, item_id: str) -> None:
        self.skipped.add(item_id)

    async def another(self, quiz_id: str, item_id: str, level: Level) -> str:
        if level not in self.more:
            raise NotFound("Your books support no such question.")
        self.items.append(self.more[level])
        return self.more[level].id

    async def due(self, scope: Scope) -> Due:
        self.reviewed.append(scope)
        return self.overdue

    def _item(self, item_id: str) -> Item:
        return next(one for one in self.items if one.id == item_id)

    def _settled(self, found: Item, verdict: Verdict | None, explanation: str) -> Answered:
        self.settled.add(found.id)
        return Answered(verdict, explanation, True, found.answer, found.rationale, found.evidence)
