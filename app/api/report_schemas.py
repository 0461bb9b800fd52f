"""What is told of a quiz once it is over."""

from collections import Counter
from datetime import datetime

from pydantic import BaseModel, Field

from app.api.item_schemas import (
    ITEM_ID,
    QUIZ_ID,
    STEM,
    EvidenceOut,
    ExplainedOption,
    PointOut,
    accepted,
    explained,
    explained_options,
)
from app.persistence.answers import AskedItem
from app.quizzes import Report
from tools.answers.options import chosen_options
from tools.questions.types import Difficulty, Item, Kind, Marked, Mode, Verdict
from tools.scores import Outcome, Result, TopicScore


class MarkOut(BaseModel):
    """How one answer was marked once."""

    verdict: Verdict
    score: float = Field(examples=[0.5])
    explanation: str = Field(examples=["Marked again with the same result."])
    points: list[PointOut] = Field(description="For an open question.")

    @classmethod
    def of(cls, mark: Marked) -> "MarkOut":
        """A mark as it is told."""
        points = PointOut.all_of(mark)
        return cls(verdict=mark.verdict, score=mark.score, explanation=mark.explanation, points=points)


class Challenged(BaseModel):
    """The first mark and the one that counts now; both are kept."""

    first: MarkOut
    again: MarkOut


class TopicOut(BaseModel):
    """How one topic of a quiz went."""

    topic: str = Field(examples=["Passive Transport"])
    score: float = Field(description="From 0 to 1.", examples=[0.5])
    correct: int = Field(examples=[1])
    total: int = Field(examples=[2])
    read_again: list[EvidenceOut] = Field(description="The evidence of what was not right.")

    @classmethod
    def of(cls, topic: TopicScore) -> "TopicOut":
        """A topic with the pages to read again."""
        read_again = [EvidenceOut.of(evidence) for evidence in topic.missed]
        return cls(
            topic=topic.topic, score=topic.score, correct=topic.correct, total=topic.total, read_again=read_again
        )


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
    outcome: Outcome = Field(description="What became of it, in one word.", examples=["wrong"])
    missed: bool = Field(description="It is worth reading again.", examples=[True])
    marks: list[MarkOut] = Field(description="All marks of the answer that counts; a challenge adds one.")

    @classmethod
    def of(cls, asked: AskedItem, result: Result) -> "ResultOut":
        """An item with what counts of it."""
        item, given = asked.item, result.given or asked.record.last
        answer = given.answer if given else None
        marks = given.marks if given else ()
        return cls(
            id=item.id,
            kind=item.kind,
            stem=item.stem,
            options=explained_options(item),
            key=item.key[0],
            accepted=accepted(item),
            rationale=item.rationale,
            evidence=[EvidenceOut.of(item.evidence)],
            answer=answer,
            answer_text=_in_words(item, answer),
            verdict=result.verdict,
            score=result.score,
            explanation=explained(item, marks[-1] if marks else None),
            difficulty=item.difficulty,
            topic=item.topic,
            flagged=asked.row.flagged,
            reported=asked.record.reported,
            outcome=result.outcome,
            missed=result.is_missed,
            marks=[MarkOut.of(mark) for mark in marks],
        )


class ReportOut(BaseModel):
    """How a finished quiz went."""

    id: str = Field(examples=[QUIZ_ID])
    mode: Mode
    score: float = Field(description="From 0 to 1.", examples=[0.7])
    correct: int = Field(examples=[7])
    total: int = Field(description="Questions that count.", examples=[10])
    outcomes: dict[Outcome, int] = Field(
        description="How many questions had each outcome, reported ones left out.",
        examples=[{"correct": 7, "wrong": 2, "none": 1}],
    )
    by_topic: list[TopicOut]
    items: list[ResultOut]
    finished_at: datetime | None

    @classmethod
    def of(cls, report: Report) -> "ReportOut":
        """With everything that was held back."""
        quiz, asked = report.loaded.quiz, report.loaded.asked
        told = zip(asked, report.scored, strict=True)
        counted = Counter(
            scored.result.outcome for one, scored in zip(asked, report.scored, strict=True) if not one.record.reported
        )
        return cls(
            id=quiz.id,
            mode=Mode(quiz.mode),
            score=report.score.score,
            correct=report.score.correct,
            total=report.score.total,
            outcomes=dict(counted),
            by_topic=[TopicOut.of(topic) for topic in report.topics],
            items=[ResultOut.of(one, scored.result) for one, scored in told],
            finished_at=quiz.finished_at,
        )


def _in_words(item: Item, answer: str | None) -> str | None:
    """The option that an answer names, whichever way, or else the answer itself."""
    chosen = chosen_options(item.options, answer) if answer and item.options else []
    return chosen[0].text if len(chosen) == 1 else answer
