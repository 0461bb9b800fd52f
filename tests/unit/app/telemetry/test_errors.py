"""Errors as Sentry gets them: over the wire, with the request and without words."""

import gzip
import json
import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import sentry_sdk

from app.telemetry.errors import report_errors
from tools.correlation import correlated

SAID = "my private diary"


@pytest.fixture
def envelopes() -> Iterator[tuple[str, list[bytes]]]:
    """A DSN on loopback, and what is sent to it."""
    taken: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            taken.append(gzip.decompress(body) if self.headers.get("content-encoding") == "gzip" else body)
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: Any) -> None:
            """Nothing to say."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://key@127.0.0.1:{server.server_port}/1", taken
    sentry_sdk.get_client().close(timeout=0)
    sentry_sdk.init()
    server.shutdown()
    server.server_close()


def test_an_error_arrives_with_its_request_and_its_place_and_no_words(envelopes: tuple[str, list[bytes]]) -> None:
    dsn, taken = envelopes
    report_errors(dsn, "web")
    log = logging.getLogger("studyrag.test.errors")
    log.warning("a warning is none")
    with correlated("request-of-mine"):
        try:
            raise ValueError(SAID)
        except ValueError:
            log.exception("the question %s failed", SAID)
    sentry_sdk.flush(60)
    sent = b"".join(taken).decode()
    assert SAID not in sent
    (event,) = (json.loads(line) for line in sent.splitlines() if '"platform"' in line)
    assert event["tags"]["request_id"] == "request-of-mine"
    assert event["exception"]["values"][0]["type"] == "ValueError"
    assert event["logentry"]["message"] == "the question %s failed"
