"""What spaced repetition sends and receives."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from app.api.item_schemas import ITEM_ID, Answer, EvidenceOut, ItemOut, explained
from app.api.schemas import Body
from app.persistence.reviews import DueItem
from app.reviews import DueList, Review
from tools.questions.types import Verdict
from tools.scores import TopicScore


class DueOut(ItemOut):
    """A question that is due."""

    due: datetime
    lapses: int = Field(description="How often it was forgotten.", examples=[0])
    book: str = Field(examples=["Biology"])

    @classmethod
    def from_due(cls, one: DueItem) -> "DueOut":
        """A question to be reviewed, as it is asked."""
        card = one.card
        return cls(**dict(ItemOut.of(one.item)), due=card.due, lapses=card.lapses, book=one.item.evidence.book)


class LeechOut(DueOut):
    """Forgotten so often that it waits: read its page again, then review it to take it up."""

    evidence: list[EvidenceOut]

    @classmethod
    def from_due(cls, one: DueItem) -> "LeechOut":
        """With the page to read again, and not the words."""
        return cls(**dict(DueOut.from_due(one)), evidence=[EvidenceOut.of(one.item.evidence, explained=False)])


class DueReply(BaseModel):
    """The most overdue first; `count` is how many are due in all."""

    due: list[DueOut]
    count: int = Field(examples=[3])
    leeches: list[LeechOut]
    next_due: datetime | None = Field(description="When the next one falls due.")
    scope_label: str = Field(examples=["all your books"])

    @classmethod
    def of(cls, found: DueList) -> "DueReply":
        """What is due, without answers."""
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
    """A question after its review, explained."""

    item_id: str = Field(examples=[ITEM_ID])
    due: datetime = Field(description="When it comes back.")
    lapses: int = Field(examples=[0])
    leech: bool = Field(description="Set aside until you take it up again.", examples=[False])
    verdict: Verdict | None
    explanation: str
    key: str = Field(examples=["osmosis"])
    evidence: list[EvidenceOut]

    @classmethod
    def of(cls, review: Review) -> "ReviewReply":
        """What came of a review."""
        item, card, marked = review.item, review.card, review.marked
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
    """How well a topic is known, over all quizzes and rounds."""

    topic: str = Field(examples=["Passive Transport"])
    score: float = Field(description="From 0 to 1.", examples=[0.4])
    correct: int = Field(description="Answers that were right without help.", examples=[2])
    answers: int = Field(examples=[5])
    read_again: list[EvidenceOut]

    @classmethod
    def of(cls, one: TopicScore) -> "WeakTopic":
        """With the first few pages to read again."""
        missed = [EvidenceOut.of(evidence) for evidence in one.missed[:5]]
        return cls(topic=one.topic, score=one.score, correct=one.correct, answers=one.total, read_again=missed)


class Topics(BaseModel):
    """The weakest first."""

    topics: list[WeakTopic]
