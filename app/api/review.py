"""Spaced repetition: what is due, and what became of it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from fsrs import Rating

from app.api.deps import ID, Owner, ServicesDep
from app.api.quiz_schemas import DueReply, ReviewReply, ReviewRequest, Topics, WeakTopic
from tools.errors import InvalidRequest
from tools.types import Scope

router = APIRouter(prefix="/api/review", tags=["review"])


def _scope(
    active_semester: Annotated[str | None, Query(max_length=255)] = None,
    active_subject: Annotated[str | None, Query(max_length=255)] = None,
    active_books: Annotated[list[str] | None, Query(max_length=255, description="May be repeated.")] = None,
) -> Scope:
    return Scope(active_semester or None, active_subject or None, tuple(active_books or ()))


Within = Annotated[Scope, Depends(_scope)]


@router.get("/due")
async def due(
    owner: Owner, services: ServicesDep, scope: Within, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> DueReply:
    """Questions that are due now, over all your books or within a scope; without their answers."""
    return DueReply.of(await services.quizzes.due(owner, scope, limit=limit))


@router.get("/topics")
async def topics(owner: Owner, services: ServicesDep, scope: Within) -> Topics:
    """How well you know each topic, the weakest first, with the pages to read again."""
    found = await services.quizzes.topics(owner, scope)
    return Topics(topics=[WeakTopic.of(one) for one in found])


@router.post("/{item_id}")
async def review(
    item_id: Annotated[str, Path(pattern=ID)], body: ReviewRequest, owner: Owner, services: ServicesDep
) -> ReviewReply:
    """Review a question by an answer, which is marked, or by your own rating; returns when it comes back."""
    if body.answer is None and body.rating is None:
        raise InvalidRequest("Send an “answer”, or a “rating”: again, hard, good or easy.")
    rating = Rating[body.rating.capitalize()] if body.rating else None
    return ReviewReply.of(
        await services.quizzes.review(owner, item_id, answer=body.answer, rating=rating, due=body.due)
    )
