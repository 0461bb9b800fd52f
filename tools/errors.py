"""What can go wrong, worded for the learner: the docstring is the sentence, the class says whether to try again."""

import inspect
from collections.abc import Iterator, Sequence


class StudyError(Exception):
    """Something went wrong on our side. Please try again."""

    code = "internal_error"
    status = 500
    retryable = False

    def __init__(self, message: str | None = None, *, retry_after: int | None = None) -> None:
        super().__init__(message or inspect.cleandoc(type(self).__doc__ or ""))
        self.retry_after = retry_after

    @property
    def is_ours(self) -> bool:
        """Whether it went wrong on our side, rather than cannot be done as asked."""
        return self.status >= 500


def of_code(code: str, message: str) -> StudyError:
    """An error as another process told it; a plain one when there is no such type here."""
    kind = next((kind for kind in _kinds(StudyError) if kind.code == code), StudyError)
    error = kind.__new__(kind)
    StudyError.__init__(error, message)
    return error


def _kinds(kind: type[StudyError]) -> Iterator[type[StudyError]]:
    yield kind
    for narrower in kind.__subclasses__():
        yield from _kinds(narrower)


class NotFound(StudyError):
    """That does not exist in your library."""

    code = "not_found"
    status = 404


class InvalidRequest(StudyError):
    """I do not understand that request."""

    code = "invalid_request"
    status = 422


class OutsideScope(InvalidRequest):
    """That is outside the scope."""

    def __init__(self, name: str, scope: str) -> None:
        """`name` was asked for; `scope` names what may be used."""
        super().__init__(f"“{name}” is outside this conversation's scope, {scope}: choose it as the scope to use it.")
        self.name = name
        self.scope = scope


class NotAnAnswer(InvalidRequest):
    """That is no answer to this question."""

    code = "not_an_answer"


class NotSignedIn(StudyError):
    """Please sign in first."""

    code = "not_signed_in"
    status = 401


class Conflict(StudyError):
    """That cannot be done in the present state."""

    code = "conflict"
    status = 409


class TooLarge(StudyError):
    """That is larger than the limit."""

    code = "too_large"
    status = 413


class NoDocuments(StudyError):
    """There is nothing to search in this scope yet: choose a book or upload one."""

    code = "empty_scope"
    status = 409

    def __init__(self, unread: Sequence[str] = ()) -> None:
        """`unread` names the files of the scope that are still being read."""
        if not unread:
            super().__init__()
            return
        names = " and ".join(f"“{name}”" for name in unread[:2])
        more = f" and {len(unread) - 2} more" if len(unread) > 2 else ""
        verb = "is" if len(unread) == 1 else "are"
        super().__init__(f"{names}{more} {verb} still being read. Please ask again in a moment.", retry_after=5)


class UnreadableDocument(StudyError):
    """I could not read that file. Is it a text PDF, DOCX, PPTX, HTML, Markdown, EPUB or TXT?"""

    code = "unreadable_document"
    status = 422


class StorageFull(StudyError):
    """The disk is full, so nothing could be saved. Free some space and try again."""

    code = "storage_full"
    status = 507
    retryable = True


class StorageUnavailable(StudyError):
    """The store of the files does not answer. Nothing is lost; please try again in half a minute."""

    code = "storage_unavailable"
    status = 503
    retryable = True

    def __init__(self, message: str | None = None, *, retry_after: int | None = 30) -> None:
        """Stores come back by themselves, so there is always a time to try again."""
        super().__init__(message, retry_after=retry_after)


class LockedFile(StudyError):
    """This file is encrypted with a key that the server does not have. Its operator must set STUDYRAG_STORAGE_KEY."""

    code = "locked_file"
    status = 503


class DamagedFile(StudyError):
    """This file is not stored as it was uploaded. Please upload it again."""

    code = "damaged_file"
    status = 500


class IndexUnavailable(StudyError):
    """The search index is restarting. Please try again in a moment."""

    code = "index_unavailable"
    status = 503
    retryable = True


class ModelBusy(StudyError):
    """The model is busy. Please ask again in a moment."""

    code = "model_busy"
    status = 503
    retryable = True


class ModelFailed(StudyError):
    """The model did not give a usable answer."""

    code = "model_failed"
    status = 502


class ModelBudgetSpent(ModelFailed):
    """Today's budget for the chat model is used up; it starts anew at midnight (UTC)."""

    code = "model_budget_spent"
    status = 429
