"""Every error leaves in one shape, with the right status and one sentence."""

import errno
import logging
from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from tools.errors import StorageFull, StudyError

log = logging.getLogger("studyrag.api")

REASONS = {
    "missing": "is missing",
    "extra_forbidden": "is not a field of this request",
    "string_too_short": "is empty",
    "string_pattern_mismatch": "holds characters that it may not hold",
    "string_unicode": "is not valid text",
    "model_attributes_type": "is not a JSON object",
}
HTTP_CODES = {
    400: ("invalid_request", "I do not understand that request."),
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "That cannot be done at this address."),
    413: ("too_large", "That request is larger than the limit."),
}


class ErrorBody(BaseModel):
    """The one shape of every error."""

    status: str = Field(default="error", examples=["error"])
    code: str = Field(examples=["not_found"])
    message: str = Field(examples=["That document is not in your library."])
    fallback_used: bool = Field(
        default=False, description="True when a simpler way was tried in place of the one that failed."
    )
    retry_after: int | None = Field(default=None, description="Seconds after which another try makes sense.")


ERRORS: dict[int | str, dict[str, Any]] = {
    404: {"model": ErrorBody, "description": "It does not exist, or is not yours."},
    409: {"model": ErrorBody, "description": "That cannot be done in the present state."},
    413: {"model": ErrorBody, "description": "The request is larger than the limit."},
    422: {"model": ErrorBody, "description": "The request, or the file in it, could not be understood."},
    429: {"model": ErrorBody, "description": "Too many requests in a minute."},
    500: {"model": ErrorBody, "description": "Something went wrong on our side."},
    503: {"model": ErrorBody, "description": "A part of the product is restarting or busy."},
}


def error_body(code: str, message: str, retry_after: int | None = None) -> dict[str, Any]:
    """An ErrorBody as JSON; `retry_after` in seconds, None when trying again does not help."""
    return ErrorBody(
        status="error", code=code, message=message, fallback_used=False, retry_after=retry_after
    ).model_dump()


def error_response(status: int, code: str, message: str, retry_after: int | None = None) -> JSONResponse:
    """An ErrorBody that no cache keeps; `retry_after` becomes a header, too."""
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": str(retry_after)} if retry_after is not None else {})
    return JSONResponse(error_body(code, message, retry_after), status, headers)


def study_error(error: StudyError) -> JSONResponse:
    """What the error says, with its own status and code."""
    return error_response(error.status, error.code, str(error), error.retry_after)


def unexpected(error: Exception) -> StudyError:
    """What a learner may know of an error; the rest of one that is not ours goes to the log."""
    if isinstance(error, StudyError):
        return error
    if _disk_is_full(error):
        return StorageFull()
    log.error("unexpected error", exc_info=error)
    return StudyError()


def _disk_is_full(error: BaseException | None) -> bool:
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)


def add_error_handlers(app: FastAPI) -> None:
    """Give every error of a route the shape of ErrorBody, the unforeseen ones as well."""
    app.add_exception_handler(StudyError, _on_error)
    app.add_exception_handler(OSError, _on_error)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(Exception, _on_crash)


async def _on_error(request: Request, error: Exception) -> JSONResponse:
    return study_error(unexpected(error))


async def _on_crash(request: Request, error: Exception) -> JSONResponse:
    """The server logs the error itself."""
    return study_error(StudyError())


async def _on_invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    return error_response(422, "invalid_request", sentence(error.errors()))


async def _on_http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    if _disk_is_full(error.__cause__):  # while the body was being read
        return study_error(StorageFull())
    code, message = HTTP_CODES.get(error.status_code, ("http_error", str(error.detail)))
    response = error_response(error.status_code, code, message)
    response.headers.update(error.headers or {})
    return response


def sentence(problems: Sequence[Any]) -> str:
    """The first problem of a request in words, naming its field."""
    if not problems:
        return "I do not understand that request."
    problem = problems[0]
    if problem["type"] == "json_invalid":
        return "The body of this request is not valid JSON."
    field = ".".join(part for part in problem["loc"][1:] if isinstance(part, str))
    name = f"The field “{field}”" if field else "The body of this request"
    if "UploadFile" in problem["msg"]:
        return f"{name} is not a file."
    reason = REASONS.get(problem["type"])
    return f"{name} {reason}." if reason else f"{name} is not right: {_lowered(problem['msg'])}."


def _lowered(message: str) -> str:
    message = message.removeprefix("Value error, ").rstrip(".")
    return message[:1].lower() + message[1:]
