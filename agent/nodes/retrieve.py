"""Search the scope, and judge whether what was found supports an answer."""

from dataclasses import replace
from typing import Literal

from langgraph.runtime import Runtime

from agent import scoping
from agent.deps import Deps, Search
from agent.events import Status
from agent.nodes.wait import has_time_left
from agent.state import Turn, scope_of
from agent.words import shown
from tools import outline, overview, refusal, spelling
from tools.errors import InvalidRequest, NotFound, OutsideScope
from tools.outline import Reference
from tools.types import Found, ResolvedScope, Scope

HITS = 8
"""So many are judged, however many the answer is to rest on."""
_RERANKED = 24
"""So many are put into a better order."""
_CHAPTER = 60
"""So many passages of a chapter are looked at to sum it up."""
_LONGEST_QUERY = 4000


async def retrieve(state: Turn, runtime: Runtime[Deps]) -> Turn:
    """Search what the question may be answered from: the scope, or the book of it that is named."""
    deps = runtime.context
    before = deps.clock()
    question = state["decision"].standalone
    whole = resolved = await _resolve(scope_of(state), deps)
    found, confidence, outside = Found(question), 0.0, ""
    try:
        question, book = await scoping.without_book(question, scope_of(state), deps)
        resolved = book or resolved
    except OutsideScope as error:
        outside = scoping.outside(error)
    if resolved.document_ids and not outside:
        runtime.stream_writer(Status(f"Searching {shown(resolved.label)}…"))
        found, confidence = await searched(question, resolved, deps)
        found = await _best(found, deps) if confidence >= refusal.THRESHOLD else found
    took = round(1000 * (deps.clock() - before))
    return {
        "whole": whole,
        "resolved": resolved,
        "outside": outside,
        "found": found,
        "confidence": confidence,
        "supported": confidence >= refusal.THRESHOLD,
        "times": {**state["times"], "retrieve": took},
    }


async def searched(question: str, resolved: ResolvedScope, deps: Deps) -> tuple[Found, float]:
    """What the scope holds for a question, and the confidence that it supports an answer."""
    summary = overview.request(question)
    chapter, rest = outline.split(question)
    if chapter and (inside := await _in_chapter(chapter, rest, summary, resolved, deps)):
        return inside
    if summary is None:
        return await best_spelling(question[:_LONGEST_QUERY], resolved, deps.search, _reach(deps))
    if chapter and not summary.topic:
        return Found(question), 0.0
    found = await deps.search(summary.query, resolved, _reach(deps))
    kept = summary.narrowed(found)
    return kept if kept.hits else found, max(refusal.SURE, refusal.confidence(found)) if kept.hits else 0.0


async def _in_chapter(
    chapter: Reference, rest: str, summary: overview.Request | None, resolved: ResolvedScope, deps: Deps
) -> tuple[Found, float] | None:
    """The same within the chapters that a question names by number; None when there are none."""
    summary = overview.request(f"{chapter} {rest}") if summary else None
    if summary and not summary.topic:
        found = await deps.in_chapter(chapter, "", resolved, _CHAPTER)
        return (overview.spread(found, max(HITS, deps.passages)), refusal.SURE) if found else None
    found = await deps.in_chapter(chapter, rest[:_LONGEST_QUERY], resolved, _reach(deps))
    return (found, refusal.confidence(found)) if found else None


async def best_spelling(question: str, resolved: ResolvedScope, search: Search, k: int = HITS) -> tuple[Found, float]:
    """Search once more where a word seems misspelt, and keep what fits better."""
    found = await search(question, resolved, k)
    right = spelling.corrections(found)
    if not right:
        return found, refusal.confidence(found)
    again = await search(spelling.corrected(question, right), resolved, k)
    return max(((one, refusal.confidence(one)) for one in (found, again)), key=lambda scored: scored[1])


def _reach(deps: Deps) -> int:
    return max(HITS, deps.passages, _RERANKED if deps.rerank else 0)


async def _best(found: Found, deps: Deps) -> Found:
    """What the answer rests on."""
    ordered = await deps.rerank(found.question, found) if deps.rerank else found
    return replace(ordered, hits=ordered.hits[: deps.passages])


async def _resolve(scope: Scope, deps: Deps) -> ResolvedScope:
    """A scope whose book is gone holds nothing; it is never widened to the rest of the library."""
    try:
        return await deps.library.resolve(scope)
    except (InvalidRequest, NotFound):
        return ResolvedScope(deps.library.learner, frozenset(), "the chosen books")


def after_retrieve(state: Turn, runtime: Runtime[Deps]) -> Literal["answer", "wait", "refuse"]:
    """Answer what is supported; else wait for a file that may support it, while there is time."""
    if state["supported"]:
        return "answer"
    if state["outside"]:
        return "refuse"
    return "wait" if has_time_left(state, runtime.context.clock()) else "refuse"
