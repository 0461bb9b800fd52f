"""Wait for this chat's uploads that are still being read, visibly and not for ever."""

from typing import Literal

from langgraph.runtime import Runtime

from agent.deps import Deps
from agent.events import Waiting
from agent.rules import names_a_file
from agent.state import Route, Turn, scope_of
from agent.words import shown
from tools.types import JobState, Progress

GRACE = 6.0
"""Seconds any question waits for a file that is being read; once for each file."""
PATIENCE = 20.0
"""Seconds a question waits that names a file, or that nothing else answers."""
_POLL = 0.3
_UNFINISHED = (JobState.QUEUED, JobState.RUNNING)


async def wait(state: Turn, runtime: Runtime[Deps]) -> Turn:
    """On the second visit the ready books have turned out not to answer, so the wait goes on."""
    deps = runtime.context
    insists = "pending" in state or names_a_file(state["question"])
    waited = state.get("waited", [])
    until = state["started"] + (PATIENCE if insists else GRACE)
    said: list[Progress] = []
    pending = await _unfinished(deps, state)
    while deps.clock() < until and _is_worth_waiting(pending, [] if insists else waited):
        if pending != said:
            runtime.stream_writer(_waiting(pending))
            said = pending
        await deps.sleep(_POLL)
        pending = await _unfinished(deps, state)
    unfinished = [upload.document_id for upload in pending]
    return {"pending": [how_far(upload) for upload in pending], "waited": unfinished}


def _is_worth_waiting(pending: list[Progress], waited: list[str]) -> bool:
    """Whether a file is still being read that was not waited for before."""
    return any(upload.document_id not in waited for upload in pending)


def after_wait(state: Turn) -> Literal["retrieve", "ask"]:
    """Retrieve for an answer; questions find their passages themselves."""
    return "retrieve" if state["decision"].route is Route.ANSWER else "ask"


def has_time_left(state: Turn, clock: float) -> bool:
    """Whether a file is still being read, and the question may wait for it."""
    return bool(state.get("pending")) and clock < state["started"] + PATIENCE


def how_far(progress: Progress) -> str:
    """`notes.pdf is still being read (4 of 10 pages)`."""
    name = shown(progress.filename)
    if progress.state is JobState.QUEUED or not progress.total:
        return f"{name} is still waiting to be read"
    return f"{name} is still being read ({progress.done} of {progress.total} pages)"


async def _unfinished(deps: Deps, state: Turn) -> list[Progress]:
    scope = scope_of(state)
    uploads = await deps.library.uploads()
    return [u for u in uploads if u.state in _UNFINISHED and scope.has_upload(u.document_id)]


def _waiting(pending: list[Progress]) -> Waiting:
    names = tuple(shown(progress.filename) for progress in pending)
    return Waiting(names, "; ".join(how_far(progress) for progress in pending) + ".")
