"""The review cards of each learner: what was remembered, and what is due."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fsrs import Rating
from sqlalchemy import Select, and_, func, select
from sqlalchemy.exc import IntegrityError

from app.persistence.db import Database
from app.persistence.question_items import item_of
from app.persistence.tables import QuestionItem, ReviewCard, ReviewLog
from tools import review
from tools.questions.types import Item
from tools.types import Learner


@dataclass(frozen=True, slots=True)
class DueItem:
    """A question with its card."""

    item: Item
    card: ReviewCard


class ReviewStore:
    """Cards and the log of what was reviewed."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def review(self, learner: Learner, item_id: str, rating: Rating, at: datetime, source: str) -> ReviewCard:
        """Count one review; the same `source` counts once, however often it is sent."""
        try:
            with self.database.session_of(learner) as session:
                session.add(
                    ReviewLog(owner_id=learner.id, item_id=item_id, source=source, rating=int(rating), reviewed_at=at)
                )
                session.flush()
                row = session.get(ReviewCard, (learner.id, item_id))
                known = _reviewed(row) if row else review.new_card(at)
                after = review.review(known, rating, at)
                kept = session.merge(
                    ReviewCard(
                        owner_id=learner.id,
                        item_id=item_id,
                        due=after.due,
                        lapses=after.lapses,
                        suspended=after.suspended,
                        body=dict(after.body),
                    )
                )
        except IntegrityError:
            with self.database.session_of(learner) as session:
                return session.get_one(ReviewCard, (learner.id, item_id))
        return kept

    def card(self, learner: Learner, item_id: str) -> ReviewCard | None:
        """None for a question that was never reviewed."""
        with self.database.session_of(learner) as session:
            return session.get(ReviewCard, (learner.id, item_id))

    def due(self, learner: Learner, document_ids: Collection[str], at: datetime, limit: int) -> list[DueItem]:
        """What is due in these documents, the most overdue first; leeches and reported questions left out."""
        query = self._cards(learner, document_ids).where(ReviewCard.due <= at, ReviewCard.suspended.is_(False))
        return self._read(learner, query.order_by(ReviewCard.due).limit(limit))

    def count_due(self, learner: Learner, document_ids: Collection[str], at: datetime) -> int:
        """How many are due in these documents, counted as `due` lists them."""
        query = self._cards(learner, document_ids).where(ReviewCard.due <= at, ReviewCard.suspended.is_(False))
        with self.database.session_of(learner) as session:
            return session.scalar(select(func.count()).select_from(query.subquery())) or 0

    def next_due(self, learner: Learner, document_ids: Collection[str], at: datetime) -> datetime | None:
        """When the next question falls due that is not due yet."""
        query = self._cards(learner, document_ids).where(ReviewCard.due > at, ReviewCard.suspended.is_(False))
        found = self._read(learner, query.order_by(ReviewCard.due).limit(1))
        return found[0].card.due if found else None

    def leeches(self, learner: Learner, document_ids: Collection[str]) -> list[DueItem]:
        """What was forgotten so often that it waits until the learner takes it up again."""
        query = self._cards(learner, document_ids).where(ReviewCard.suspended.is_(True))
        return self._read(learner, query.order_by(ReviewCard.due))

    def _cards(self, learner: Learner, document_ids: Collection[str]) -> Select[tuple[ReviewCard, dict[str, Any]]]:
        here = and_(QuestionItem.id == ReviewCard.item_id, QuestionItem.owner_id == ReviewCard.owner_id)
        return (
            select(ReviewCard, QuestionItem.body)
            .join(QuestionItem, here)
            .where(ReviewCard.owner_id == learner.id, QuestionItem.document_id.in_(document_ids))
            .where(QuestionItem.reported.is_(None))
        )

    def _read(self, learner: Learner, query: Select[tuple[ReviewCard, dict[str, Any]]]) -> list[DueItem]:
        with self.database.session_of(learner) as session:
            return [DueItem(item_of(body), card) for card, body in session.execute(query)]


def _reviewed(row: ReviewCard) -> review.Reviewed:
    return review.Reviewed(row.due, row.body, row.lapses, row.suspended)
