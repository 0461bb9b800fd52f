"""Search the scope, and judge whether what was found supports an answer."""

from typing import Literal

from langgraph.runtime import Runtime

from agent.deps import Deps, Search
from agent.events import Status
from agent.nodes.wait import has_time_left
from agent.state import Turn, scope_of
from agent.words import shown
from tools import overview, refusal, spelling
from tools.errors import InvalidRequest, NotFound
from tools.types import Found, ResolvedScope, Scope

HITS = 8
_LONGEST_QUERY = 4000


async def retrieve(state: Turn, runtime: Runtime[Deps]) -> Turn:
    deps = runtime.context
    before = deps.clock()
    question = state["decision"].standalone
    resolved = await _resolve(scope_of(state), deps)
    found, confidence = Found(question), 0.0
    if resolved.document_ids:
        runtime.stream_writer(Status(f"Searching {shown(resolved.label)}…"))
        found, confidence = await searched(question, resolved, deps.search)
    took = round(1000 * (deps.clock() - before))
    return {
        "resolved": resolved,
        "found": found,
        "confidence": confidence,
        "supported": confidence >= refusal.THRESHOLD,
        "times": {**state["times"], "retrieve": took},
    }


async def searched(question: str, resolved: ResolvedScope, search: Search) -> tuple[Found, float]:
    """What the scope holds for a question, and the confidence that it supports an answer."""
    summary = overview.request(question)
    if summary is None:
        return await _best_spelling(question[:_LONGEST_QUERY], resolved, search)
    found = await search(summary.query, resolved, HITS)
    kept = summary.narrowed(found)
    return kept if kept.hits else found, max(refusal.THRESHOLD, refusal.confidence(found)) if kept.hits else 0.0


async def _best_spelling(question: str, resolved: ResolvedScope, search: Search) -> tuple[Found, float]:
    """Search once more where a word seems misspelt, and keep what fits better."""
    found = await search(question, resolved, HITS)
    right = spelling.corrections(found)
    if not right:
        return found, refusal.confidence(found)
    again = await search(spelling.corrected(question, right), resolved, HITS)
    return max(((one, refusal.confidence(one)) for one in (found, again)), key=lambda scored: scored[1])


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
