"""An error as a log may hold it: what kind it is and where it happened, without words that may be a learner's."""

import traceback
from collections.abc import Iterator

PLAIN = (ImportError, AttributeError, NameError, TypeError, NotImplementedError)
"""Their messages speak of the program; those of all others may quote a question, a file's name or a book."""


def told(error: BaseException) -> str:
    """The traceback of an error and of what led to it, the oldest first."""
    return "\n".join("".join(_part(one)).rstrip("\n") for one in _chain(error))


def _chain(error: BaseException) -> list[BaseException]:
    chain: list[BaseException] = []
    at: BaseException | None = error
    while at is not None and at not in chain:
        chain.append(at)
        at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)
    return chain[::-1]


def _part(error: BaseException) -> Iterator[str]:
    yield "Traceback (most recent call last):\n"
    yield from traceback.format_tb(error.__traceback__)
    yield f"{type(error).__module__}.{type(error).__qualname__}{_message(error)}\n"


def _message(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f": {error.strerror}"
    return f": {error}" if isinstance(error, PLAIN) else ""
