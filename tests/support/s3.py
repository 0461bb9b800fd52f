"""A server that speaks S3 on loopback, and a way to it that fails on demand."""

import os
import subprocess
import sys
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

import httpx
import pytest

from app.storage.copies import Copies
from app.storage.s3 import Bucket, S3Storage
from tests.support.chroma import free_port

NOT_PASSED_ON = {"connection", "content-length", "date", "server", "transfer-encoding"}
KEYS = {"access_key_id": "ada", "secret_access_key": "byron"}


class S3Server:
    """`with S3Server() as server:` answers at `server.url`; what is in it is gone with it."""

    def __init__(self) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        command = [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
        self.client: Any = Bucket("", self.url, **KEYS).client(self.url)
        """Looks into the buckets past the product."""
        self._process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ)
        )

    def __enter__(self) -> Self:
        while not self._answers():
            if self._process.poll() is not None:
                raise RuntimeError("the S3 server did not start")
            time.sleep(0.05)
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()
        self._process.kill()
        self._process.wait()

    def bucket(self, name: str, url: str = "", **more: str) -> Bucket:
        """A new bucket, reached directly or at another address."""
        self.client.create_bucket(Bucket=name)
        return Bucket(name, url or self.url, **KEYS, **more)

    def _answers(self) -> bool:
        try:
            return httpx.get(self.url, timeout=2).status_code > 0
        except httpx.TransportError:
            return False


@dataclass
class Faults:
    """What goes wrong on the way to the server: nothing, until one of these is set."""

    url: str = ""
    status: int = 0
    """Answer this instead of asking."""
    code: str = ""
    cut_after: int = -1
    """Break off the answers to the next `cuts` reads after so many bytes."""
    cuts: int = 0
    flip: bool = False
    """Change a byte of what is sent."""
    asked: list[str] = field(default_factory=list)

    def heal(self) -> None:
        self.status, self.code, self.cut_after, self.cuts, self.flip = 0, "", -1, 0, False
        self.asked.clear()


@pytest.fixture(scope="session")
def s3() -> Iterator[S3Server]:
    """One server for all tests that ask for it; each makes a bucket of its own."""
    with S3Server() as server:
        yield server


@pytest.fixture(scope="session")
def _way(s3: S3Server) -> Iterator[Faults]:
    faults = Faults()
    with ThreadingHTTPServer(("127.0.0.1", 0), type("Way", (_Way,), {"target": s3.url, "faults": faults})) as server:
        faults.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield faults
        server.shutdown()
        thread.join()


@pytest.fixture
def faults(_way: Faults) -> Iterator[Faults]:
    """A way to the server at `faults.url`."""
    _way.heal()
    yield _way
    _way.heal()


def s3_storage(bucket: Bucket, folder: Path, room: int = 1 << 30) -> S3Storage:
    return S3Storage(bucket, Copies(folder / "copies", room))


class _Way(BaseHTTPRequestHandler):
    """Asks the server on behalf of whoever asks here."""

    target: str
    faults: Faults

    def _forward(self) -> None:
        faults, body = self.faults, self.rfile.read(int(self.headers.get("Content-Length", 0)))
        faults.asked.append(f"{self.command} {self.path}")
        if faults.status:
            self._reply(faults.status, {}, f"<Error><Code>{faults.code}</Code></Error>".encode())
            return
        if faults.flip and body:
            body = bytes([body[0] ^ 1]) + body[1:]
        if not _is_as_sent(body, self.headers.get("x-amz-checksum-sha256")):
            self._reply(400, {}, b"<Error><Code>BadDigest</Code></Error>")
            return
        asked = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
        reply = httpx.request(self.command, f"{self.target}{self.path}", headers=asked, content=body, timeout=60)
        self._reply(reply.status_code, dict(reply.headers), reply.content)

    def _reply(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name in headers.keys() - NOT_PASSED_ON:
            self.send_header(name, headers[name])
        self.send_header(
            "Content-Length", headers.get("content-length", "0") if self.command == "HEAD" else str(len(body))
        )
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(self._cut(body))

    def _cut(self, body: bytes) -> bytes:
        if self.command != "GET" or not self.faults.cuts or len(body) <= self.faults.cut_after:
            return body
        self.faults.cuts -= 1
        self.close_connection = True
        return body[: self.faults.cut_after]

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _forward

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


def _is_as_sent(body: bytes, checksum: str | None) -> bool:
    """What S3 itself looks at, and the server behind does not."""
    return checksum is None or b64encode(sha256(body).digest()).decode() == checksum
