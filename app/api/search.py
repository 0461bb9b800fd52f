"""Retrieval alone."""

from fastapi import APIRouter

from app.api.chat_schemas import PassageOut, SearchReply, SearchRequest
from app.api.deps import Owner, ServicesDep
from tools.errors import InvalidRequest, NoDocuments

router = APIRouter(prefix="/api", tags=["search"])


@router.post("/search")
def search(body: SearchRequest, owner: Owner, services: ServicesDep) -> SearchReply:
    """The passages of the scope that fit the question best, without an answer."""
    query = body.query.strip()
    limit = services.settings.max_question_chars
    if not query:
        raise InvalidRequest("The field “query” is empty. Say what to search for.")
    if len(query) > limit:
        raise InvalidRequest(f"The field “query” has {len(query):,} characters; the limit is {limit:,}.")
    scope = services.library.resolve(owner, body.scope)
    if not scope.document_ids:
        raise NoDocuments(scope.unread)
    found = services.searches.search(query, scope, body.k)
    return SearchReply(passages=[PassageOut.of(hit.passage, hit.score) for hit in found.hits], degraded=found.degraded)
