"""Say that the books in scope do not answer, and which other book does."""

import asyncio
from collections.abc import Sequence

from langgraph.runtime import Runtime

from agent.deps import Deps
from agent.events import Token
from agent.nodes.retrieve import searched
from agent.state import Turn, TurnReply
from agent.words import shown
from tools import outline, overview, refusal
from tools.errors import NoDocuments
from tools.language import language_of
from tools.types import Found, ResolvedScope

_MOST_BOOKS = 3


async def refuse(state: Turn, runtime: Runtime[Deps]) -> Turn:
    """Tell why there is no answer."""
    text = await _words(state, runtime.context)
    runtime.stream_writer(Token(text))
    return {"reply": TurnReply(text, refused=True)}


async def _words(state: Turn, deps: Deps) -> str:
    resolved = state["resolved"]
    if state["outside"]:
        return state["outside"]
    if not resolved.document_ids:
        return str(NoDocuments([shown(name) for name in resolved.unread]))
    question = state["decision"].standalone
    text = f"I searched {shown(resolved.label)} and found nothing that answers this, so I would rather not guess."
    text += _hint(question, state["found"])
    others = await _who_knows(question, resolved, deps)
    if others:
        names = " and ".join(f"“{shown(name)}”" for name in others)
        return f"{text} {names} may hold it: choose that book, or say “use all my books”, and ask again."
    return text


def _hint(question: str, found: Found) -> str:
    """What the learner could do, where the question itself shows it."""
    chapter, _ = outline.split(question)
    if chapter and overview.request(question):
        return f" I find no {chapter} there."
    asked = language_of(question)
    held = language_of(" ".join(hit.passage.text for hit in found.hits))
    if asked and held and asked != held:
        return f" Your question seems to be in {asked}, and what I searched is in {held}: try it in {held}."
    return ""


async def _who_knows(question: str, resolved: ResolvedScope, deps: Deps) -> list[str]:
    """The learner's other books that support an answer by the same test, best first."""
    others = await deps.library.elsewhere(resolved)
    if not others:
        return []
    everything = frozenset[str]().union(*(scope.document_ids for _, scope in others))
    found, _ = await searched(question, ResolvedScope(resolved.learner, everything, "your other books"), deps)
    candidates = _holding(found, others)[:_MOST_BOOKS]
    results = await asyncio.gather(*(searched(question, scope, deps) for _, scope in candidates))
    sure = [confidence >= refusal.SURE for _, confidence in results]
    return [name for (name, _), is_sure in zip(candidates, sure, strict=True) if is_sure]


def _holding(found: Found, books: Sequence[tuple[str, ResolvedScope]]) -> list[tuple[str, ResolvedScope]]:
    """The books in which the passages stand, in the order of these."""
    likely = dict.fromkeys(hit.passage.document_id for hit in found.hits)
    return list(dict(book for document in likely for book in books if document in book[1].document_ids).items())
