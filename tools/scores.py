"""What answers are worth: the one home of the rules that lead from attempts and marks to scores, topics and review.

An answer's mark is its last one: a challenge replaces what was said first. An answer that was given after the key was
shown never counts, nor does anything about a question that was reported.

============================  =====================================  ==========================================
                              quiz, once it is over                  practice
============================  =====================================  ==========================================
the answer that decides       the last                               the first right one within the tries of its
                                                                     kind, else the last of them
help: a hint, a further try   there is none                          halves what the answer is worth
nobody can tell if it holds   does not count                         does not count
shown without an answer       cannot be                              counts 0: given up
no answer                     counts 0, says nothing of the learner  does not count
============================  =====================================  ==========================================

The *score* of a quiz and of its topics is the mean of what counts. What a learner *knows* of a topic is the mean over
all quizzes and rounds of what says something of the learner. A *mistake* is a question whose latest such result was
wrong, partly right or given up; help makes no mistake of a right answer. *Review* hears of an item once for each quiz
or round: right is good, right with help or partly right is hard, wrong or given up is again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from fsrs import Rating

from tools.questions import kinds
from tools.questions.types import Evidence, Item, Kind, Marked, Mode, Verdict

_HELPED = 0.5


class Outcome(StrEnum):
    """What became of a question, as a learner is told it."""

    CORRECT = "correct"
    HELPED = "helped"
    PARTLY = "partly"
    WRONG = "wrong"
    CANNOT_TELL = "cannot_tell"
    NONE = "none"
    UNTRIED = "untried"


@dataclass(frozen=True, slots=True)
class Given:
    """One answer with its marks, the first one first; `number` counts from 1."""

    number: int
    answer: str
    hinted: bool = False
    after_key: bool = False
    marks: tuple[Marked, ...] = ()

    @property
    def mark(self) -> Marked | None:
        """The mark that counts."""
        return self.marks[-1] if self.marks else None


@dataclass(frozen=True, slots=True)
class Record:
    """What a learner did with one item of a quiz or round, oldest answer first; `revealed`: the key was shown."""

    mode: Mode
    kind: Kind
    is_over: bool = False
    given: tuple[Given, ...] = ()
    revealed: bool = False
    reported: bool = False

    @property
    def last(self) -> Given | None:
        """The latest answer, whether it counts or not."""
        return self.given[-1] if self.given else None


@dataclass(frozen=True, slots=True)
class Result:
    """What counts of an item: `score` is None where nothing does, `tells` whether it says what the learner knows."""

    outcome: Outcome
    score: float | None = None
    tells: bool = False
    given: Given | None = None
    rating: Rating | None = None

    @property
    def verdict(self) -> Verdict | None:
        """The verdict on the answer that decides."""
        return self.given.mark.verdict if self.given and self.given.mark else None

    @property
    def is_missed(self) -> bool:
        """Whether there is something to read again."""
        return self.score is not None and self.score < 1

    @property
    def is_mistake(self) -> bool:
        """Whether the question should be asked again as one that the learner got wrong."""
        return self.tells and self.outcome in (Outcome.WRONG, Outcome.PARTLY, Outcome.NONE)


@dataclass(frozen=True, slots=True)
class Scored:
    """An item with its result: what scores are added up from."""

    item: Item
    result: Result


@dataclass(frozen=True, slots=True)
class TopicScore:
    """How a learner did on a topic: a share from 0 to 1, and the evidence of what was not quite right."""

    topic: str
    score: float
    correct: int
    total: int
    missed: tuple[Evidence, ...]


def is_settled(record: Record) -> bool:
    """Whether a practice item has had its tries, so that it may be explained."""
    return record.revealed or len(_tries(record)) >= kinds.of(record.kind).tries or any(map(_ends, _tries(record)))


def is_told(record: Record) -> bool:
    """Whether an item may be explained: in a quiz once that is over."""
    return record.is_over if record.mode is Mode.QUIZ else is_settled(record)


def is_done(record: Record) -> bool:
    """Whether there is nothing left to do with an item."""
    if record.reported or record.mode is Mode.PRACTICE:
        return record.reported or is_settled(record)
    return bool(record.last and record.last.answer)


def deciding(record: Record) -> Given | None:
    """The answer that decides; none where there is no answer that counts."""
    if record.mode is Mode.QUIZ:
        return record.last if record.last and record.last.answer else None
    tried = [one for one in _tries(record) if one.marks]
    return next(filter(_ends, tried), tried[-1] if tried else None)


def unmarked(record: Record) -> list[Given]:
    """The answers that may decide and have no mark yet."""
    may_decide = _tries(record) if record.mode is Mode.PRACTICE else [one for one in [deciding(record)] if one]
    return [one for one in may_decide if one.mark is None and one.answer]


def result(record: Record) -> Result:
    """What counts of what was done with an item."""
    found = _result(record)
    return Result(found.outcome, given=found.given) if record.reported else found


def rating_of(verdict: Verdict, *, helped: bool = False) -> Rating | None:
    """What an answer says about memory; None when nobody can tell."""
    match verdict:
        case Verdict.CORRECT:
            return Rating.Hard if helped else Rating.Good
        case Verdict.PARTLY:
            return Rating.Hard
        case Verdict.WRONG:
            return Rating.Again
        case Verdict.CANNOT_TELL:
            return None


def scored(answered: Iterable[tuple[Item, Record]]) -> list[Scored]:
    """Items with what counts of them."""
    return [Scored(item, result(record)) for item, record in answered]


def total(scored: Iterable[Scored]) -> TopicScore:
    """The score over all topics, which is that of no topic."""
    return _topic("", [one for one in scored if one.result.score is not None])


def by_topic(scored: Iterable[Scored]) -> list[TopicScore]:
    """The score of each topic, in the order in which they come first."""
    counted = [one for one in scored if one.result.score is not None]
    topics = dict.fromkeys(one.item.topic for one in counted)
    return [_topic(topic, [one for one in counted if one.item.topic == topic]) for topic in topics]


def known(scored: Sequence[Scored]) -> list[TopicScore]:
    """How well the learner knows each topic, the weakest first; `scored` runs over all quizzes, oldest first."""
    return sorted(by_topic(one for one in reversed(scored) if one.result.tells), key=lambda topic: topic.score)


def mistakes(scored: Sequence[Scored]) -> list[Item]:
    """The questions to be asked again, the latest first; `scored` runs over all quizzes, oldest first."""
    latest: dict[str, Scored] = {}
    for one in scored:
        if one.result.tells:
            latest.pop(one.item.id, None)
            latest[one.item.id] = one
    return [one.item for one in reversed(latest.values()) if one.result.is_mistake]


def _tries(record: Record) -> tuple[Given, ...]:
    return tuple(one for one in record.given if not one.after_key)[: kinds.of(record.kind).tries]


def _ends(given: Given) -> bool:
    return given.mark is not None and given.mark.verdict in (Verdict.CORRECT, Verdict.CANNOT_TELL)


def _result(record: Record) -> Result:
    given = deciding(record)
    if given is None:
        return _without_answer(record)
    if given.mark is None or given.mark.verdict is Verdict.CANNOT_TELL:
        return Result(Outcome.CANNOT_TELL, given=given)
    helped = record.mode is Mode.PRACTICE and (given.hinted or given.number > 1)
    verdict, score = given.mark.verdict, given.mark.score * (_HELPED if helped else 1)
    outcome = Outcome.HELPED if helped and verdict is Verdict.CORRECT else Outcome(verdict)
    return Result(outcome, score, tells=True, given=given, rating=rating_of(verdict, helped=helped))


def _without_answer(record: Record) -> Result:
    if record.mode is Mode.QUIZ:
        return Result(Outcome.NONE, 0.0) if record.is_over else Result(Outcome.UNTRIED)
    return Result(Outcome.NONE, 0.0, tells=True, rating=Rating.Again) if record.revealed else Result(Outcome.UNTRIED)


def _topic(topic: str, counted: Sequence[Scored]) -> TopicScore:
    scores = [one.result.score or 0.0 for one in counted]
    missed = dict.fromkeys(one.item.evidence for one in counted if one.result.is_missed)
    share = round(sum(scores) / len(scores), 4) if scores else 0.0
    return TopicScore(topic, share, sum(score == 1 for score in scores), len(scores), tuple(missed))
