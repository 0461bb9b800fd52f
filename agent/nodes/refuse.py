"""Say that the books in scope do not answer, and which other book does."""

import asyncio

from langgraph.runtime import Runtime

from agent.deps import Deps
from agent.events import Token
from agent.state import Reply, Turn
from agent.words import shown
from tools import refusal
from tools.errors import NoDocuments
from tools.types import ResolvedScope

_HITS = 8
_MOST_BOOKS = 3


async def refuse(state: Turn, runtime: Runtime[Deps]) -> Turn:
    text = await _words(state, runtime.context)
    runtime.stream_writer(Token(text))
    return {"reply": Reply(text, refused=True)}


async def _words(state: Turn, deps: Deps) -> str:
    resolved = state["resolved"]
    if not resolved.document_ids:
        return str(NoDocuments())
    text = f"I searched {shown(resolved.label)} and found nothing that answers this, so I would rather not guess."
    others = await _who_knows(state["decision"].standalone, resolved, deps)
    if others:
        names = " and ".join(f"“{shown(name)}”" for name in others)
        return f"{text} {names} may hold it: choose that book, or say “use all my books”, and ask again."
    return text


async def _who_knows(question: str, resolved: ResolvedScope, deps: Deps) -> list[str]:
    """The learner's other books that support an answer by the same test, best first."""
    others = await deps.library.elsewhere(resolved)
    if not others:
        return []
    everything = frozenset[str]().union(*(scope.document_ids for _, scope in others))
    found = await deps.search(question, ResolvedScope(resolved.owner_id, everything, "your other books"), _HITS)
    likely = list(dict.fromkeys(hit.passage.document_id for hit in found.hits))
    candidates = [book for document in likely for book in others if document in book[1].document_ids]
    candidates = list(dict(candidates).items())[:_MOST_BOOKS]
    results = await asyncio.gather(*(deps.search(question, scope, _HITS) for _, scope in candidates))
    return [name for (name, _), result in zip(candidates, results, strict=True) if refusal.supports(result)]
