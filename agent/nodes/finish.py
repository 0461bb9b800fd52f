"""Close the turn: notices, history, and the last event."""

from langgraph.runtime import Runtime

from agent.deps import Deps
from agent.events import Done, Trace
from agent.state import Exchange, Route, Turn, scope_of
from agent.words import shown
from tools.types import Degraded, Found, JobState, Progress

REMEMBERED = 12
EXCHANGE_CHARS = 2000
_WITHOUT = {
    Degraded.VECTORS: "Part of the search index did not answer, so I searched by words alone.",
    Degraded.UNMEASURED: "The embedding model was not measured on your books yet, so I searched by words alone.",
    Degraded.EMBEDDER: "The embedding model did not answer, so I searched by words alone.",
    Degraded.RERANKER: "The ranking service did not answer, so the passages are in my own order.",
}


async def finish(state: Turn, runtime: Runtime[Deps]) -> Turn:
    """Add what the learner should know once, remember the exchange, and send Done."""
    deps = runtime.context
    uploads = await deps.library.uploads()
    told = set(state.get("told", []))
    news = [u for u in uploads if u.document_id not in told and _notice(u, state)]
    notices = [*state.get("notices", []), *_unread(state), *(_notice(u, state) for u in news)]
    if deps.is_crowded and state["reply"].citations:
        notices.append("Many are asking at the moment, so this answer rests on fewer passages than usual.")
    runtime.stream_writer(_done(state, tuple(notices)))
    return {
        "history": remembered(state.get("history", []), _exchange(state)),
        "told": [*state.get("told", []), *(u.document_id for u in news)],
    }


def remembered(history: list[Exchange], exchange: Exchange) -> list[Exchange]:
    """The history with one more exchange, and the oldest gone when there are too many."""
    return [*history, exchange][-REMEMBERED:]


def _exchange(state: Turn) -> Exchange:
    """Talk and library commands leave an empty exchange: it can be forgotten again, but nothing refers to it."""
    if about := state["reply"].about:
        return Exchange(question=about[:EXCHANGE_CHARS], answer=state["reply"].text[:EXCHANGE_CHARS])
    if state["decision"].route is not Route.ANSWER:
        return Exchange(question="", answer="")
    return Exchange(question=state["decision"].standalone[:EXCHANGE_CHARS], answer=state["reply"].text[:EXCHANGE_CHARS])


def _unread(state: Turn) -> list[str]:
    return [f"{far}, so it is not used yet." for far in state.get("pending", [])]


def _notice(upload: Progress, state: Turn) -> str:
    """What the learner should know once of a file dropped into this chat."""
    name = shown(upload.filename)
    if upload.state is JobState.FAILED:
        return f"{name} could not be read: {upload.error or 'the reason is unknown.'}"
    if upload.state is not JobState.READY or not _is_outside(upload.document_id, state):
        return ""
    say = "“use all my books”" if scope_of(state).chat_files else "`/scope with files`"
    return f"{name} lies outside the scope you chose; say {say} to include it."


def _is_outside(document_id: str, state: Turn) -> bool:
    """Whether a search left a file out; one that was still being read then is no such file."""
    is_read = document_id not in state.get("waited", [])
    return "whole" in state and is_read and document_id not in state["whole"].document_ids


def _done(state: Turn, notices: tuple[str, ...]) -> Done:
    reply = state["reply"]
    found = state.get("found", Found(""))
    if found.degraded:
        notices = (*notices, _WITHOUT[found.degraded])
    resolved = state.get("resolved")
    decision = state["decision"]
    label = resolved.label if resolved else ""
    untraced = _untraced(state)
    return Done(
        answer=reply.text,
        citations=reply.citations,
        confidence=0.0 if untraced and not reply.citations else state.get("confidence", 0.0),
        refused=reply.refused,
        model=reply.model,
        notices=(*notices, *untraced),
        trace=Trace(decision.route, decision.standalone, label, found.hits, state["times"]),
        dropped_citations=reply.dropped,
        tokens=reply.tokens,
        quiz_id=reply.quiz_id,
    )


def _untraced(state: Turn) -> list[str]:
    """What a model claimed without a page to show for it."""
    reply = state["reply"]
    if state["decision"].route is not Route.ANSWER or reply.refused:
        return []
    if not reply.citations:
        return ["Nothing in this answer could be traced to a page of your books, so do not rely on it."]
    if reply.dropped:
        what = "One citation" if reply.dropped == 1 else f"{reply.dropped} citations"
        return [f"{what} could not be found in your books and {'was' if reply.dropped == 1 else 'were'} removed."]
    return []
