"""Which request something is done for: told from the door through the queue and the reader down to the model."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import uuid4

_WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}")
_request: ContextVar[str] = ContextVar("_request", default="")


def request_id() -> str:
    """The id of what is being done; empty outside of any request."""
    return _request.get()


@contextmanager
def correlated(proposed: str | None = None) -> Iterator[str]:
    """Within the block all belongs to the proposed id, or to a new one where that is none that a log can hold."""
    id_ = _checked(proposed)
    token = _request.set(id_)
    try:
        yield id_
    finally:
        _request.reset(token)


def correlate(proposed: str | None) -> None:
    """As `correlated`, for what has no end of its own: until something else is begun in this thread or task."""
    _request.set(_checked(proposed))


def _checked(proposed: str | None) -> str:
    return proposed if proposed and _WELL_FORMED.fullmatch(proposed) else uuid4().hex
