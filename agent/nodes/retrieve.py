"""Search the scope, and judge whether what was found supports an answer."""

from typing import Literal

from langgraph.runtime import Runtime

from agent.deps import Deps
from agent.events import Status
from agent.nodes.wait import has_time_left
from agent.state import Turn, scope_of
from agent.words import shown
from tools import refusal
from tools.errors import InvalidRequest, NotFound
from tools.types import Found, ResolvedScope, Scope

HITS = 8


async def retrieve(state: Turn, runtime: Runtime[Deps]) -> Turn:
    deps = runtime.context
    before = deps.clock()
    question = state["decision"].standalone
    resolved = await _resolve(scope_of(state), deps)
    found = Found(question)
    if resolved.document_ids:
        runtime.stream_writer(Status(f"Searching {shown(resolved.label)}…"))
        found = await deps.search(question, resolved, HITS)
    took = round(1000 * (deps.clock() - before))
    return {
        "resolved": resolved,
        "found": found,
        "confidence": refusal.confidence(found),
        "supported": refusal.supports(found),
        "times": {**state["times"], "retrieve": took},
    }


async def _resolve(scope: Scope, deps: Deps) -> ResolvedScope:
    """A scope whose book is gone holds nothing; it is never widened to the rest of the library."""
    try:
        return await deps.library.resolve(scope)
    except (InvalidRequest, NotFound):
        return ResolvedScope("", frozenset(), "the chosen books")


def after_retrieve(state: Turn, runtime: Runtime[Deps]) -> Literal["answer", "wait", "refuse"]:
    if state["supported"]:
        return "answer"
    return "wait" if has_time_left(state, runtime.context.clock()) else "refuse"
