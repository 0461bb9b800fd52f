"""A server on loopback that takes traces the way LangSmith does, and keeps them to be looked at."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from uuid import UUID

import pytest

PATIENCE = 60
BEGAN = "2026-01-01T00:00:00Z"
PROJECT_ID = str(UUID(int=7))
PROJECT = {"tenant_id": str(UUID(int=1)), "start_time": BEGAN, "reference_dataset_id": None}


@dataclass
class LangSmithServer:
    """`runs` and `feedback` by id, as they arrived; `status` and `delay` (seconds) spoil the answers.

    `limits` is what it tells of itself: less than LangSmith does.
    """

    runs: dict[str, dict[str, Any]] = field(default_factory=dict)
    feedback: dict[str, dict[str, Any]] = field(default_factory=dict)
    datasets: dict[str, dict[str, Any]] = field(default_factory=dict)
    examples: list[dict[str, Any]] = field(default_factory=list)
    projects: list[dict[str, Any]] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    received: list[bytes] = field(default_factory=list)
    limits: dict[str, Any] = field(default_factory=lambda: {"use_multipart_endpoint": True})
    status: int = 200
    delay: float = 0.0

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def until(self, true: Callable[[Self], object]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not true(self):
            assert time.monotonic() < deadline, f"waited in vain; {len(self.runs)} runs came"
            time.sleep(0.02)

    def run(self, name: str) -> dict[str, Any]:
        """The one run of that name."""
        (found,) = (run for run in self.runs.values() if run["name"] == name)
        return found

    def take(self, path: str, media_type: str, body: bytes) -> Any:
        """What the body says, by where it was sent; returns the answer."""
        self.received.append(body)
        if path == "/runs/multipart":
            return self._parts(media_type, body)
        said = json.loads(body)
        match path:
            case "/runs/batch":
                self.runs.update({run["id"]: run for run in said["post"]})
            case "/feedback":
                self.feedback[said["id"]] = said
            case "/datasets":
                return self._dataset(said)
            case "/sessions":
                return self._project(said)
            case "/examples/bulk":
                self.examples += said
                return said
        return {}

    def known(self, path: str) -> Any:
        """What is read of the server."""
        match path.split("?")[0]:
            case "/info":
                return {"version": "0.0.0", "batch_ingest_config": self.limits}
            case "/datasets":
                return [one for name, one in self.datasets.items() if f"name={name}" in path]
            case "/examples":
                return [{**one, "dataset_id": str(UUID(int=1)), "created_at": BEGAN} for one in self.examples]
            case "/sessions":
                return [{**PROJECT, "name": "studyrag", "id": PROJECT_ID}]
        return {"id": str(UUID(int=1)), "tenant_handle": "-", "display_name": "-"}

    def _project(self, wanted: dict[str, Any]) -> dict[str, Any]:
        made = {**PROJECT, **wanted}
        self.projects.append(made)
        return made

    def _dataset(self, wanted: dict[str, Any]) -> dict[str, Any]:
        made = {**wanted, "id": str(UUID(int=len(self.datasets) + 1)), "created_at": BEGAN}
        self.datasets[wanted["name"]] = made
        return made

    def _parts(self, media_type: str, body: bytes) -> dict[str, Any]:
        """Each run is a part of its own, and its inputs, outputs and the like are further ones."""
        message = BytesParser().parsebytes(b"Content-Type: " + media_type.encode() + b"\r\n\r\n" + body)
        for part in message.walk():
            name = part.get_param("name", header="content-disposition")
            if not name:
                continue
            kind, id_, *below = str(name).split(".")
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            kept = (self.feedback if kind == "feedback" else self.runs).setdefault(id_, {})
            said = json.loads(content)
            kept.update({below[0]: said} if below else said)
        return {}


def _handler(server: LangSmithServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(server.known(self.path))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            server.keys.add(self.headers.get("x-api-key", ""))
            time.sleep(server.delay)
            if server.status != 200:
                return self._answer({"detail": "out of order"})
            return self._answer(server.take(self.path, self.headers["content-type"], body))

        do_PATCH = do_POST

        def _answer(self, said: Any) -> None:
            body = json.dumps(said).encode()
            self.send_response(server.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """The tests look at what came."""

    return Handler


@pytest.fixture
def langsmith() -> Iterator[LangSmithServer]:
    """A server of one test's own."""
    with LangSmithServer() as server:
        yield server
