"""What stands in a log: the request, JSON where it is wanted, and nothing that should not be known."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from app.settings import LogFormat
from app.telemetry.logs import configure, masking
from tools.correlation import correlated

log = logging.getLogger("studyrag.test")
KEY = "abc-0123456789"
SAID = "my private diary"


@pytest.fixture(autouse=True)
def _loggers_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level


def logged(log_format: LogFormat) -> str:
    stream = io.StringIO()
    configure(log_format, "web", stream)
    with correlated("request-12345678"):
        try:
            raise ValueError(SAID)
        except ValueError:
            log.exception("the model at https://me:hunter2@example.org refused %s", KEY, extra={"milliseconds": 7})
    return stream.getvalue()


def test_json_holds_the_request_and_each_extra_field_and_one_line_is_one_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_PROVIDER_API_KEY", KEY)
    (line,) = logged("json").splitlines()
    entry = json.loads(line)
    assert entry["request_id"] == "request-12345678"
    assert (entry["level"], entry["logger"], entry["process"]) == ("ERROR", "studyrag.test", "web")
    assert entry["milliseconds"] == 7
    assert entry["message"] == "the model at https://***:***@example.org refused ***"
    assert "builtins.ValueError" in entry["exc_info"]
    assert SAID not in line


def test_the_readable_form_says_the_same_for_people(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_PROVIDER_API_KEY", KEY)
    text = logged("text")
    assert "ERROR   studyrag.test [request-1234] the model at https://***:***@example.org refused ***" in text
    assert "builtins.ValueError" in text
    assert SAID not in text


def test_libraries_are_heard_from_warnings_on_and_we_from_remarks_on() -> None:
    stream = io.StringIO()
    configure("text", "web", stream)
    for name in ("httpx", "studyrag.test", "ingestion.partition.reader"):
        logging.getLogger(name).info("hello from %s", name)
    assert "httpx" not in stream.getvalue()
    assert stream.getvalue().count("hello from") == 2


def test_only_what_is_long_enough_to_be_a_secret_is_hidden() -> None:
    mask = masking({"API_KEY": "on", "OTHER_TOKEN": "long-enough", "PATH": "/usr/bin/long"})
    assert mask("on long-enough /usr/bin/long") == "on *** /usr/bin/long"
