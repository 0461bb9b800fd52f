"""What quizzes send and receive; what is told after the end is in report_schemas."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from app.api.item_schemas import (
    ITEM_ID,
    QUIZ_ID,
    STEM,
    Answer,
    EvidenceOut,
    ExplainedOption,
    ItemOut,
    PointOut,
    explained,
    explained_options,
)
from app.api.schemas import THREAD_ID, Body, Scoped, ScopedInChat
from app.orders import LevelStep, Order, Questions
from app.persistence.answers import AskedItem, Loaded
from app.persistence.tables import Quiz
from app.quizzes import AnswerFeedback
from tools import scores
from tools.questions.types import Difficulty, Item, Kind, Marked, Mode, Verdict, Wanted
from tools.types import QuizState

Topic = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=300, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")
]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)]
Count = Annotated[int, Field(ge=1, le=100, strict=True, examples=[10])]


class QuestionsRequest(Scoped):
    """What to ask about; without a topic the questions spread over the scope."""

    topic: Topic | None = Field(default=None, examples=["mitosis"])
    count: Count = 10

    def wanted(self, difficulty: Difficulty | None = None, kinds: Sequence[Kind] = ()) -> Wanted:
        """The wish in the words of the pipeline."""
        return Wanted(self.count, self.topic or None, tuple(dict.fromkeys(kinds)), difficulty)


class GenerateRequest(QuestionsRequest):
    """Questions as one text."""

    count: Count = 25
    mode: Mode = Field(default=Mode.PRACTICE, description="quiz: the answers come in a key at the end")


class GenerateReply(BaseModel):
    """The questions as one text."""

    response: str = Field(description="Markdown", examples=[f"1. {STEM}"])
    timestamp: str = Field(description="ISO 8601 with zone", examples=["2026-03-02T09:40:00+00:00"])


class QuizRequest(QuestionsRequest, ScopedInChat):
    """A quiz or practice round to be written."""

    mode: Mode = Field(default=Mode.QUIZ)
    difficulty: Difficulty | None = Field(default=None, description="Left out: mixed.", examples=["hard"])
    kinds: list[Kind] | None = Field(default=None, max_length=20, description="Left out: mixed.")
    seconds: int | None = Field(default=None, ge=10, le=86_400, description="Time allowed for a quiz.", examples=[None])
    questions: Questions = Field(default=Questions.NEW, description="new, or again: your mistakes, or what is due")
    thread_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")] | None = Field(
        default=None,
        description="The conversation it belongs to; its scope holds if none is named.",
        examples=[THREAD_ID],
    )
    wait: bool = Field(default=True, description="false: reply at once, the questions come while it is `writing`")

    @property
    def order(self) -> Order:
        """The quiz that is asked for."""
        wanted = self.wanted(self.difficulty, self.kinds or ())
        return Order(self.mode, wanted, self.scope, self.thread_id, self.seconds, self.questions)


class AskedOut(ItemOut):
    """A question in a quiz, and what the learner did with it so far."""

    answer: str | None = Field(description="The latest answer.", examples=[None])
    attempts: int = Field(examples=[0])
    flagged: bool = Field(examples=[False])
    skipped: bool = Field(examples=[False])
    reported: bool = Field(description="It no longer counts.", examples=[False])

    @classmethod
    def from_asked(cls, asked: AskedItem) -> "AskedOut":
        """With what the learner did, and nothing of what came of it."""
        record, row = asked.record, asked.row
        return cls(
            **dict(ItemOut.of(asked.item, told=scores.is_told(record))),
            answer=record.last.answer if record.last else None,
            attempts=len(record.given),
            flagged=row.flagged,
            skipped=row.skipped,
            reported=record.reported,
        )


class QuizSummary(BaseModel):
    """A quiz without its questions."""

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
        """`delivered` counts its questions."""
        names = [name for name in QuizSummary.model_fields if name != "delivered"]
        return cls(**{name: getattr(quiz, name) for name in names}, delivered=delivered)


class AnswerAccepted(BaseModel):
    """A quiz tells nothing about an answer before its end."""

    accepted: Literal[True] = True


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

    counts: bool = Field(description="False for an answer that was given after the key was shown.", examples=[True])

    @classmethod
    def of(cls, feedback: AnswerFeedback) -> "FeedbackOut":
        """Key, reasons and quote only where the item is settled."""
        item, mark, given, settled = feedback.asked.item, feedback.mark, feedback.given, feedback.settled
        is_right = mark is not None and mark.verdict is Verdict.CORRECT
        return cls(
            verdict=mark.verdict if mark else None,
            score=mark.score if mark else 0.0,
            explanation=_said(item, mark, settled=settled),
            hint=None if is_right else item.hint,
            evidence=[EvidenceOut.of(item.evidence, explained=settled)],
            attempt=given.number if given else 0,
            settled=settled,
            key=item.key[0] if settled else None,
            options=explained_options(item) if settled else [],
            points=PointOut.all_of(mark) if settled else [],
            counts=not (given and given.after_key),
        )


class QuizOut(QuizSummary):
    """A quiz with its questions in order."""

    seconds_left: int | None = Field(description="None without a time limit.", examples=[None])
    current: int = Field(description="Index of the first question that is not done.", examples=[0])
    done: int = Field(description="Questions that are answered; in practice those that are settled.", examples=[0])
    items: list[AskedOut]
    explained: dict[str, FeedbackOut] = Field(
        description="In practice: by question, what was said to the answer that counts."
    )

    @classmethod
    def from_loaded(cls, loaded: Loaded, seconds_left: int | None, feedback: dict[str, AnswerFeedback]) -> "QuizOut":
        """The quiz as it stands."""
        done = [scores.is_done(one.record) for one in loaded.asked]
        return cls(
            **dict(QuizSummary.of(loaded.quiz, len(loaded.asked))),
            seconds_left=seconds_left,
            current=done.index(False) if False in done else len(done),
            done=sum(done),
            items=[AskedOut.from_asked(one) for one in loaded.asked],
            explained={item_id: FeedbackOut.of(one) for item_id, one in feedback.items()},
        )


class QuizList(BaseModel):
    """Newest first."""

    quizzes: list[QuizSummary]


class AnswerRequest(Body):
    """An answer to one question."""

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
    """A help that does not name the answer."""

    hint: str = Field(examples=["Think of what happens to water."])


class ReportRequest(Body):
    """What is wrong with a question."""

    reason: Reason = Field(default="", examples=["Two options are right."])


class ChallengeRequest(Body):
    """Why a mark should be looked at again."""

    reason: Reason = Field(default="", description="Why you think the mark is wrong.", examples=["That is a synonym."])


class AnotherRequest(Body):
    """How hard the next question like this should be."""

    step: LevelStep = Field(default=LevelStep.SAME, description="same, easier or harder")


def _said(item: Item, mark: Marked | None, *, settled: bool) -> str:
    return explained(item, mark) if settled else f"{mark.explanation if mark else ''} Try again.".strip()
