"""Spaced repetition: what is due, and what became of it."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from fsrs import Rating

from app.api.deps import ID, Owner, ServicesDep, TurnsDep
from app.api.review_schemas import DueReply, ReviewReply, ReviewRequest, Topics, WeakTopic
from tools.errors import InvalidRequest
from tools.types import Scope

router = APIRouter(prefix="/api/review", tags=["review"])


def _scope(
    active_semester: Annotated[str | None, Query(max_length=255)] = None,
    active_subject: Annotated[str | None, Query(max_length=255)] = None,
    active_books: Annotated[list[str] | None, Query(max_length=255, description="May be repeated.")] = None,
) -> Scope:
    return Scope(active_semester or None, active_subject or None, tuple(active_books or ()))


async def _within(
    named: Annotated[Scope, Depends(_scope)],
    owner: Owner,
    services: ServicesDep,
    turns: TurnsDep,
    thread_id: Annotated[
        str | None,
        Query(pattern=ID, description="A conversation: its own files count, too, and its scope if none is named."),
    ] = None,
) -> tuple[Scope, str | None]:
    if thread_id is None or named != Scope():
        return named, thread_id
    conversation = await asyncio.to_thread(services.threads.known, owner, thread_id)
    return await turns.scope(conversation), thread_id


Within = Annotated[tuple[Scope, str | None], Depends(_within)]


@router.get("/due")
async def due(
    owner: Owner, services: ServicesDep, within: Within, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> DueReply:
    """Questions that are due now, over all your books or within a scope; without their answers."""
    return DueReply.of(await services.reviews.due(owner, *within, limit=limit))


@router.get("/topics")
async def topics(owner: Owner, services: ServicesDep, within: Within) -> Topics:
    """How well you know each topic, the weakest first, with the pages to read again."""
    found = await services.reviews.topics(owner, *within)
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
        await services.reviews.review(owner, item_id, answer=body.answer, rating=rating, due=body.due)
    )
