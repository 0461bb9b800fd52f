"""What was asked and answered, and the numbered citations of a conversation."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from app.api.chat_schemas import History, KeptCitation, QueryOut
from app.api.deps import ID, CitationNumber, Owner, ServicesDep, ThreadId
from tools.errors import NotFound

router = APIRouter(prefix="/api", tags=["history"])


@router.get("/query/history")
def history(
    owner: Owner,
    services: ServicesDep,
    thread_id: Annotated[str | None, Query(pattern=ID, description="One conversation only.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> History:
    """Questions with answers, passages, scores and timings, newest first."""
    rows = services.queries.history(owner, thread_id=thread_id, limit=limit, offset=offset)
    return History(queries=[QueryOut.of(row) for row in rows])


@router.get("/query/{query_id}")
def query(query_id: Annotated[str, Path(pattern=ID)], owner: Owner, services: ServicesDep) -> QueryOut:
    """One question with its answer and how it was found."""
    return QueryOut.of(services.queries.get(owner, query_id))


@router.get("/threads/{thread_id}/citations/{n}")
def citation(thread_id: ThreadId, n: CitationNumber, owner: Owner, services: ServicesDep) -> KeptCitation:
    """A citation by its number; it stays when its document is removed."""
    row = services.queries.citation(owner, thread_id, n)
    try:
        services.library.document(owner, row.document_id)
    except NotFound:
        return KeptCitation.of(row, source_removed=True)
    return KeptCitation.of(row, source_removed=False)
