"""One log for each process: for people or as JSON, with the request's id, without learners' words or secrets."""

import logging
import os
import re
import sys
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import IO

from pythonjsonlogger.json import JsonFormatter

from app.settings import LogFormat
from tools.correlation import request_id
from tools.discretion import told

OURS = ("studyrag", "app", "agent", "ingestion", "tools", "chainlit_app")
MASK = "***"
_SECRET_NAME = re.compile(r"(KEY|TOKEN|SECRET|PASSWORD|DSN)$")
_IN_ADDRESS = re.compile(r"(?<=://)[^/\s:@]*:[^/\s@]+(?=@)")
_SHORTEST_SECRET = 8

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class _Discreet(logging.Formatter):
    """Errors without their words, and nothing that is a secret of this process."""

    mask: Callable[[str], str] = staticmethod(str)

    def formatException(self, ei: ExcInfo) -> str:
        """The traceback without what learners said."""
        return told(ei[1]) if ei[1] else ""

    def format(self, record: logging.LogRecord) -> str:
        """One entry; its error is told anew, since another handler may have told more of it."""
        record.exc_text = None
        return self.mask(super().format(record))


class _Readable(_Discreet):
    """For the eyes of whoever runs it."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s%(request)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """One entry, with the beginning of the request's id where there is one."""
        id_ = getattr(record, "request_id", "")
        record.request = f" [{id_[:12]}]" if id_ else ""
        return super().format(record)


class _Structured(_Discreet, JsonFormatter):
    """One JSON object a line."""

    def __init__(self, role: str) -> None:
        JsonFormatter.__init__(
            self,
            "{levelname}{name}{message}{request_id}",
            style="{",
            rename_fields={"levelname": "level", "name": "logger"},
            static_fields={"process": role},
            timestamp="time",
        )


def configure(log_format: LogFormat, role: str, stream: IO[str] | None = None) -> None:
    """Send what all loggers of this process say to `stream`, by default to standard error."""
    formatter = _Structured(role) if log_format == "json" else _Readable()
    formatter.mask = masking(os.environ)
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(formatter)
    handler.addFilter(_with_request)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(logging.INFO)


def masking(environment: Mapping[str, str]) -> Callable[[str], str]:
    """What hides the secrets of an environment in a text, and the passwords of any address."""
    named = {value for name, value in environment.items() if _SECRET_NAME.search(name.upper())}
    secrets = sorted((value for value in named if len(value) >= _SHORTEST_SECRET), key=len, reverse=True)
    known = re.compile("|".join(map(re.escape, secrets))) if secrets else None

    def mask(text: str) -> str:
        hidden = known.sub(MASK, text) if known else text
        return _IN_ADDRESS.sub(f"{MASK}:{MASK}", hidden)

    return mask


def _with_request(record: logging.LogRecord) -> bool:
    record.request_id = request_id()
    return True
