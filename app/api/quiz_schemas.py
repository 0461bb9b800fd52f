"""What quizzes and reviews send and receive; nothing here holds an answer before it may be known."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints

from app.api.schemas import DOCUMENT_ID, THREAD_ID, Body, Scoped
from app.persistence.quizzes import Asked, Loaded, TopicScore
from app.persistence.reviews import Due
from app.persistence.tables import Mark, Quiz
from app.quizzes import DueList, Feedback, Report, Result, Reviewed, TopicResult
from app.writing import Order, Questions, Step
from tools.marking import chosen_options
from tools.questions.types import Difficulty, Evidence, Item, Kind, Marked, Mode, Option, Verdict, Wanted
from tools.types import QuizState
from tools.wording import terms
from tools.words import stems

QUIZ_ID = "0f343b0931126a20f133d67c2b018a3b"
ITEM_ID = "6f1ed002ab5595859014ebf0951522d9"
STEM = "What is the diffusion of water across a semipermeable membrane called?"

Topic = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=300, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")
]
Answer = Annotated[str, StringConstraints(max_length=8000)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)]
Count = Annotated[int, Field(ge=1, le=100, strict=True, examples=[10])]


class Wish(Scoped):
    """What to ask about; without a topic the questions spread over the scope."""

    topic: Topic | None = Field(default=None, examples=["mitosis"])
    count: Count = 25

    def wanted(self, difficulty: Difficulty | None = None, kinds: Sequence[Kind] = ()) -> Wanted:
        return Wanted(self.count, self.topic or None, tuple(dict.fromkeys(kinds)), difficulty)


class GenerateRequest(Wish):
    mode: Mode = Field(default=Mode.PRACTICE, description="quiz: the answers come in a key at the end")


class GenerateReply(BaseModel):
    response: str = Field(description="Markdown", examples=[f"1. {STEM}"])
    timestamp: str = Field(description="ISO 8601 with zone", examples=["2026-03-02T09:40:00+00:00"])


class QuizRequest(Wish):
    mode: Mode = Field(default=Mode.QUIZ)
    difficulty: Difficulty | None = Field(default=None, description="Left out: mixed.", examples=["hard"])
    kinds: list[Kind] | None = Field(default=None, max_length=20, description="Left out: mixed.")
    seconds: int | None = Field(default=None, ge=10, le=86_400, description="Time allowed for a quiz.", examples=[None])
    questions: Questions = Field(default=Questions.NEW, description="new, or again: your mistakes, or what is due")
    thread_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")] | None = Field(
        default=None, description="The conversation it belongs to.", examples=[THREAD_ID]
    )
    wait: bool = Field(default=True, description="false: reply at once, the questions come while it is `writing`")

    @property
    def order(self) -> Order:
        wanted = self.wanted(self.difficulty, self.kinds or ())
        return Order(self.mode, wanted, self.scope, self.thread_id, self.seconds, self.questions)


class OptionOut(BaseModel):
    id: str = Field(examples=["5d41402abc"])
    text: str = Field(examples=["Osmosis"])


class ItemOut(BaseModel):
    """A question as it is asked."""

    id: str = Field(examples=[ITEM_ID])
    kind: Kind
    stem: str = Field(examples=[STEM])
    options: list[OptionOut] = Field(description="In the order to show; none where an answer is typed.")
    difficulty: Difficulty
    topic: str = Field(description="Empty where it would tell the answer.", examples=["Passive Transport"])

    @classmethod
    def of(cls, item: Item) -> "ItemOut":
        options = [OptionOut(id=option.id, text=option.text) for option in item.options]
        return cls(
            id=item.id,
            kind=item.kind,
            stem=item.stem,
            options=options,
            difficulty=item.difficulty,
            topic=_untelling(item),
        )


class AskedOut(ItemOut):
    """A question in a quiz, and what the learner did with it so far."""

    answer: str | None = Field(description="The latest answer.", examples=[None])
    attempts: int = Field(examples=[0])
    flagged: bool = Field(examples=[False])
    skipped: bool = Field(examples=[False])
    reported: bool = Field(description="It no longer counts.", examples=[False])

    @classmethod
    def from_asked(cls, asked: Asked) -> "AskedOut":
        return cls(
            **ItemOut.of(asked.item).model_dump(),
            answer=asked.last.answer if asked.last else None,
            attempts=len(asked.attempts),
            flagged=asked.row.flagged,
            skipped=asked.row.skipped,
            reported=asked.reported,
        )


class QuizSummary(BaseModel):
    id: str = Field(examples=[QUIZ_ID])
    mode: Mode
    state: QuizState = Field(examples=["open"])
    topic: str | None = Field(examples=["mitosis"])
    scope_label: str = Field(examples=["Spring 2026 › Biology"])
    thread_id: str | None = Field(examples=[None])
    requested: int = Field(examples=[10])
    delivered: int = Field(examples=[7])
    reason: str | None = Field(
        description="Why fewer were delivered than requested.", examples=["Biology supports 7 questions."]
    )
    created_at: datetime
    finished_at: datetime | None

    @classmethod
    def of(cls, quiz: Quiz, delivered: int) -> "QuizSummary":
        return cls(**_summary(quiz, delivered))


class EvidenceOut(BaseModel):
    """Where a question rests; the quote is empty until the question has been explained."""

    document_id: str = Field(examples=[DOCUMENT_ID])
    book: str = Field(examples=["Biology"])
    filename: str = Field(examples=["biology.pdf"])
    page_index: int = Field(examples=[230])
    page_label: str = Field(examples=["212"])
    page_kind: str = Field(examples=["page"])
    quote: str = Field(examples=["Water moves across a semipermeable membrane by osmosis."])
    view_url: str = Field(examples=[f"/view/{DOCUMENT_ID}/230?start=118&end=173"])

    @classmethod
    def of(cls, evidence: Evidence, *, explained: bool = True) -> "EvidenceOut":
        page = f"/view/{evidence.document_id}/{evidence.page_index}"
        return cls(
            document_id=evidence.document_id,
            book=evidence.book,
            filename=evidence.filename,
            page_index=evidence.page_index,
            page_label=evidence.page_label,
            page_kind=evidence.page_kind,
            quote=evidence.quote if explained else "",
            view_url=f"{page}?start={evidence.start}&end={evidence.end}" if explained else page,
        )


class Accepted(BaseModel):
    """A quiz tells nothing about an answer before its end."""

    accepted: Literal[True] = True


class ExplainedOption(OptionOut):
    rationale: str = Field(examples=["Osmosis is the diffusion of water."])


class PointOut(BaseModel):
    """A point of an open question: what the book says, and where the answer says it."""

    text: str = Field(examples=["cohesion holds the molecules together"])
    quote: str = Field(examples=["Cohesion holds water molecules together."])
    made: bool
    where: str = Field(description="The words of the answer that make it.", examples=["They stick together."])

    @classmethod
    def all_of(cls, mark: Mark | None) -> "list[PointOut]":
        points = mark.points if mark else []
        return [cls(text=point["text"], quote=point["quote"], made=made, where=where) for point, made, where in points]


class FeedbackOut(BaseModel):
    """After an answer in practice. Until it is settled, the right answer stays hidden and another try is welcome."""

    verdict: Verdict | None = Field(description="None when you gave up without an answer.", examples=["wrong"])
    score: float = Field(examples=[0.0])
    explanation: str = Field(examples=["That is not the right option. Try again."])
    hint: str | None = Field(examples=["Think of what happens to water."])
    evidence: list[EvidenceOut]
    attempt: int = Field(examples=[1])
    settled: bool = Field(examples=[False])
    key: str | None = Field(description="The right option's id or wording, once settled.", examples=[None])
    options: list[ExplainedOption] = Field(description="Why each is right or wrong, once settled.")
    points: list[PointOut] = Field(description="For an open question, once settled.")

    @classmethod
    def of(cls, feedback: Feedback) -> "FeedbackOut":
        item, mark, settled = feedback.asked.item, feedback.mark, feedback.settled
        wrong = mark is None or mark.verdict != Verdict.CORRECT
        return cls(
            verdict=Verdict(mark.verdict) if mark else None,
            score=mark.score if mark else 0.0,
            explanation=explained(item, mark) if settled else f"{mark.explanation if mark else ''} Try again.".strip(),
            hint=item.hint if wrong else None,
            evidence=[EvidenceOut.of(item.evidence, explained=settled)],
            attempt=feedback.attempt.attempt if feedback.attempt else 0,
            settled=settled,
            key=item.key[0] if settled else None,
            options=[_explained(option) for option in item.options] if settled else [],
            points=PointOut.all_of(mark) if settled else [],
        )


class QuizOut(QuizSummary):
    """A quiz with its questions in order."""

    seconds_left: int | None = Field(description="None without a time limit.", examples=[None])
    current: int = Field(description="Index of the first question without an answer.", examples=[0])
    items: list[AskedOut]
    explained: dict[str, FeedbackOut] = Field(description="In practice: by question, what was said to its last answer.")

    @classmethod
    def from_loaded(cls, loaded: Loaded, seconds_left: int | None, feedback: dict[str, Feedback]) -> "QuizOut":
        todo = (at for at, one in enumerate(loaded.asked) if not one.attempts and not one.row.revealed)
        return cls(
            **_summary(loaded.quiz, len(loaded.asked)),
            seconds_left=seconds_left,
            current=next(todo, len(loaded.asked)),
            items=[AskedOut.from_asked(one) for one in loaded.asked],
            explained={item_id: FeedbackOut.of(one) for item_id, one in feedback.items()},
        )


class QuizList(BaseModel):
    """Newest first."""

    quizzes: list[QuizSummary]


class AnswerRequest(Body):
    item_id: Annotated[str, StringConstraints(max_length=64)] = Field(examples=[ITEM_ID])
    answer: Answer = Field(description="An option's id, letter or words, or what is typed.", examples=["osmosis"])
    attempt: int | None = Field(
        default=None,
        ge=1,
        le=1000,
        description="Its number, if you count: sent twice, it is one attempt.",
        examples=[1],
    )


class PlaceChange(Body):
    """Fields that are left out stay as they are."""

    flagged: bool | None = Field(default=None, examples=[True])
    skipped: bool | None = Field(default=None, examples=[None])


class Hint(BaseModel):
    hint: str = Field(examples=["Think of what happens to water."])


class ReportRequest(Body):
    reason: Reason = Field(default="", examples=["Two options are right."])


class ChallengeRequest(Body):
    reason: Reason = Field(default="", description="Why you think the mark is wrong.", examples=["That is a synonym."])


class AnotherRequest(Body):
    step: Step = Field(default=Step.SAME, description="same, easier or harder")


class MarkOut(BaseModel):
    verdict: Verdict
    score: float = Field(examples=[0.5])
    explanation: str = Field(examples=["Marked again with the same result."])
    points: list[PointOut] = Field(description="For an open question.")

    @classmethod
    def of(cls, mark: Mark) -> "MarkOut":
        points = PointOut.all_of(mark)
        return cls(verdict=Verdict(mark.verdict), score=mark.score, explanation=mark.explanation, points=points)


class Challenged(BaseModel):
    """The first mark and the one that counts now; both are kept."""

    first: MarkOut
    again: MarkOut


class TopicOut(BaseModel):
    topic: str = Field(examples=["Passive Transport"])
    score: float = Field(description="From 0 to 1.", examples=[0.5])
    correct: int = Field(examples=[1])
    total: int = Field(examples=[2])
    read_again: list[EvidenceOut] = Field(description="The evidence of what was not right.")

    @classmethod
    def of(cls, topic: TopicResult, results: Sequence[Result]) -> "TopicOut":
        here = [one for one in results if one.asked.item.topic == topic.topic and (one.score or 0) < 1]
        missed = [EvidenceOut.of(one.asked.item.evidence) for one in here if one.score is not None]
        return cls(topic=topic.topic, score=topic.score, correct=topic.correct, total=topic.total, read_again=missed)


class ResultOut(BaseModel):
    """A question of a finished quiz with everything that was held back."""

    id: str = Field(examples=[ITEM_ID])
    kind: Kind
    stem: str = Field(examples=[STEM])
    options: list[ExplainedOption]
    key: str = Field(description="The right option's id, or the best wording.", examples=["osmosis"])
    accepted: list[str] = Field(description="The answer, then other terms that are right, too.", examples=[["osmosis"]])
    rationale: str = Field(examples=["Osmosis is the diffusion of water."])
    evidence: list[EvidenceOut]
    answer: str | None = Field(description="Yours, as you gave it.", examples=["diffusion"])
    answer_text: str | None = Field(description="Yours in words.", examples=["diffusion"])
    verdict: Verdict | None = Field(description="None when there is no answer.")
    score: float | None = Field(description="None where it does not count.", examples=[0.0])
    explanation: str = Field(examples=["That is not what the book says."])
    difficulty: Difficulty
    topic: str = Field(examples=["Passive Transport"])
    flagged: bool = Field(examples=[False])
    reported: bool = Field(examples=[False])
    marks: list[MarkOut] = Field(description="All marks of the last answer; a challenge adds one.")

    @classmethod
    def of(cls, result: Result) -> "ResultOut":
        asked, item = result.asked, result.asked.item
        answer = asked.last.answer if asked.last else None
        marks = [mark for mark in asked.marks if asked.last and mark.attempt == asked.last.attempt]
        return cls(
            id=item.id,
            kind=item.kind,
            stem=item.stem,
            options=[_explained(option) for option in item.options],
            key=item.key[0],
            accepted=accepted(item),
            rationale=item.rationale,
            evidence=[EvidenceOut.of(item.evidence)],
            answer=answer,
            answer_text=_in_words(item, answer),
            verdict=result.verdict,
            score=result.score,
            explanation=explained(item, asked.mark),
            difficulty=item.difficulty,
            topic=item.topic,
            flagged=asked.row.flagged,
            reported=asked.reported,
            marks=[MarkOut.of(mark) for mark in marks],
        )


class ReportOut(BaseModel):
    id: str = Field(examples=[QUIZ_ID])
    mode: Mode
    score: float = Field(description="From 0 to 1.", examples=[0.7])
    correct: int = Field(examples=[7])
    total: int = Field(description="Questions that count.", examples=[10])
    by_topic: list[TopicOut]
    items: list[ResultOut]
    finished_at: datetime | None

    @classmethod
    def of(cls, report: Report) -> "ReportOut":
        return cls(
            id=report.quiz.id,
            mode=Mode(report.quiz.mode),
            score=report.score,
            correct=report.correct,
            total=report.total,
            by_topic=[TopicOut.of(topic, report.results) for topic in report.topics],
            items=[ResultOut.of(result) for result in report.results],
            finished_at=report.quiz.finished_at,
        )


class DueOut(ItemOut):
    due: datetime
    lapses: int = Field(description="How often it was forgotten.", examples=[0])
    book: str = Field(examples=["Biology"])

    @classmethod
    def from_due(cls, one: Due) -> "DueOut":
        book = one.item.evidence.book
        return cls(**ItemOut.of(one.item).model_dump(), due=one.card.due, lapses=one.card.lapses, book=book)


class LeechOut(DueOut):
    """Forgotten so often that it waits: read its page again, then review it to take it up."""

    evidence: list[EvidenceOut]

    @classmethod
    def from_due(cls, one: Due) -> "LeechOut":
        return cls(**DueOut.from_due(one).model_dump(), evidence=[EvidenceOut.of(one.item.evidence, explained=False)])


class DueReply(BaseModel):
    """The most overdue first; `count` is how many are due in all."""

    due: list[DueOut]
    count: int = Field(examples=[3])
    leeches: list[LeechOut]
    next_due: datetime | None = Field(description="When the next one falls due.")
    scope_label: str = Field(examples=["all your books"])

    @classmethod
    def of(cls, found: DueList) -> "DueReply":
        return cls(
            due=[DueOut.from_due(one) for one in found.due],
            count=found.count,
            leeches=[LeechOut.from_due(one) for one in found.leeches],
            next_due=found.next_due,
            scope_label=found.label,
        )


class ReviewRequest(Body):
    """An answer to be marked, or your own rating; `due` as it was shown keeps a double click from counting twice."""

    answer: Answer | None = Field(default=None, examples=["osmosis"])
    rating: Literal["again", "hard", "good", "easy"] | None = Field(default=None, examples=[None])
    due: datetime | None = Field(default=None, examples=[None])


class ReviewReply(BaseModel):
    item_id: str = Field(examples=[ITEM_ID])
    due: datetime = Field(description="When it comes back.")
    lapses: int = Field(examples=[0])
    leech: bool = Field(description="Set aside until you take it up again.", examples=[False])
    verdict: Verdict | None
    explanation: str
    key: str = Field(examples=["osmosis"])
    evidence: list[EvidenceOut]

    @classmethod
    def of(cls, reviewed: Reviewed) -> "ReviewReply":
        item, card, marked = reviewed.item, reviewed.card, reviewed.marked
        return cls(
            item_id=item.id,
            due=card.due,
            lapses=card.lapses,
            leech=card.suspended,
            verdict=marked.verdict if marked else None,
            explanation=explained(item, marked),
            key=item.key[0],
            evidence=[EvidenceOut.of(item.evidence)],
        )


class WeakTopic(BaseModel):
    topic: str = Field(examples=["Passive Transport"])
    score: float = Field(description="From 0 to 1.", examples=[0.4])
    answers: int = Field(examples=[5])
    read_again: list[EvidenceOut]

    @classmethod
    def of(cls, one: TopicScore) -> "WeakTopic":
        missed = [EvidenceOut.of(evidence) for evidence in one.missed[:5]]
        return cls(topic=one.topic, score=round(one.score / one.total, 4), answers=one.total, read_again=missed)


class Topics(BaseModel):
    """The weakest first."""

    topics: list[WeakTopic]


def accepted(item: Item) -> list[str]:
    return [option.text for option in item.options if option.id in item.key] or terms(item.key)


def explained(item: Item, mark: Mark | Marked | None) -> str:
    """The worked explanation: what the marking says, the right answer, and why."""
    said = mark.explanation if mark else "You gave no answer."
    if mark and mark.verdict == Verdict.CORRECT:
        return f"{said} {item.rationale}".strip()
    return f"{said} The answer is “{item.answer}”. {item.rationale}".strip()


def _explained(option: Option) -> ExplainedOption:
    return ExplainedOption(id=option.id, text=option.text, rationale=option.rationale)


def _in_words(item: Item, answer: str | None) -> str | None:
    """The option that an answer names, whichever way, or else the answer itself."""
    chosen = chosen_options(item.options, answer) if answer and item.options else []
    return chosen[0].text if len(chosen) == 1 else answer


def _summary(quiz: Quiz, delivered: int) -> dict[str, Any]:
    names = (
        "id",
        "mode",
        "state",
        "topic",
        "scope_label",
        "thread_id",
        "requested",
        "reason",
        "created_at",
        "finished_at",
    )
    return {name: getattr(quiz, name) for name in names} | {"delivered": delivered}


def _untelling(item: Item) -> str:
    """The topic, or nothing when it would tell the answer."""
    if item.kind is Kind.TRUE_FALSE:
        return item.topic
    answers = [stems(text) for text in accepted(item)]
    return "" if any(words and words <= stems(item.topic) for words in answers) else item.topic
