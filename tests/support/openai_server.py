"""An OpenAI-compatible server on loopback that replies as scripted and remembers what it was asked."""

import base64
import hashlib
import json
import re
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, Self

DIMENSIONS = 32


@dataclass(frozen=True, slots=True)
class Reply:
    """One scripted reply. The default is a good one; each field after `token_delay` makes it go wrong in one way."""

    text: str = ""
    tool_calls: tuple[tuple[str, str], ...] = ()
    """(function name, arguments as JSON)."""
    finish_reason: str = "stop"
    usage: bool = True
    first_delay: float = 0.0
    token_delay: float = 0.0
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    error: Mapping[str, object] = field(default_factory=lambda: {"message": "scripted failure", "type": "scripted"})
    hang: Literal["", "before", "headers", "tokens"] = ""
    """Say nothing more, before any byte, after the headers, or after the tokens."""
    cut: Literal["", "clean", "abrupt"] = ""
    """End the stream after the tokens without a finish reason: in good order, or by dropping the connection."""
    raw: bytes | None = None
    """The body as it is, such as JSON that is none."""


@dataclass(frozen=True, slots=True)
class Request:
    """What reached the server."""

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]
    port: int = 0
    """The client's; requests on one connection share it."""

    @property
    def model(self) -> str:
        return str(self.body.get("model", ""))

    @property
    def text(self) -> str:
        """All that the model was told, for a test to look into."""
        return "\n".join(str(message.get("content")) for message in self.body.get("messages", ()))


Script = Reply | Sequence[Reply] | Callable[[Request], Reply]


class OpenAIServer:
    """`with OpenAIServer(script) as server:`, then `server.url` is the api_base and `server.requests` what was asked.

    The script is one reply for all requests, a list (its last reply repeats), or a function of the request.
    """

    def __init__(self, script: Script = Reply("ok"), port: int = 0) -> None:
        self.script = script
        self.requests: list[Request] = []
        self.stopping = threading.Event()
        self._lock = threading.Lock()
        self._http = _Server(("127.0.0.1", port), _handler(self))
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def asked(self, model: str) -> list[Request]:
        return [request for request in self.requests if request.model == model]

    def next_reply(self, request: Request) -> Reply:
        with self._lock:
            self.requests.append(request)
            number = len(self.requests) - 1
        match self.script:
            case Reply():
                return self.script
            case Sequence():
                return self.script[min(number, len(self.script) - 1)]
            case _:
                return self.script(request)


def embedding(text: str) -> list[float]:
    """A unit vector of the text's words: equal words, equal direction, the same on every machine."""
    vector = [0.0] * DIMENSIONS
    for word in re.findall(r"\w+", text.lower()) or [""]:
        vector[hashlib.sha256(word.encode()).digest()[0] % DIMENSIONS] += 1.0
    length = sum(value * value for value in vector) ** 0.5
    return [value / length for value in vector]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        self._idle = threading.Condition(self._guard)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._guard:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        with self._idle:
            self._open.discard(request)
            self._idle.notify_all()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that left is no news."""

    def server_close(self) -> None:
        super().server_close()
        with self._idle:
            for connection in self._open:
                _hang_up(connection)
            self._idle.wait_for(lambda: not self._open, timeout=5)


def _hang_up(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


def _handler(server: OpenAIServer) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        owner = server

    return Handler


class _Handler(BaseHTTPRequestHandler):
    owner: OpenAIServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    """Or else each small chunk waits for the acknowledgement of the one before, up to 40 ms."""

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers.get("content-length", 0))) or b"{}")
        headers = {key.lower(): value for key, value in self.headers.items()}
        request = Request(self.path, headers, body, self.client_address[1])
        reply = self.owner.next_reply(request)
        if reply.hang == "before":
            self._wait_for_the_end()
        elif reply.status != 200:
            self._send_json({"error": dict(reply.error)}, reply)
        elif reply.raw is not None:
            self._send(reply.raw, "application/json", reply)
        elif self.path.endswith("/embeddings"):
            self._send_json(_embeddings(request), reply)
        elif not self.path.endswith("/chat/completions"):
            self._send_json({"error": {"message": f"no such path: {self.path}"}}, Reply(status=404))
        elif body.get("stream"):
            self._stream(request, reply)
        else:
            self.owner.stopping.wait(reply.first_delay)
            self._send_json(_completion(request, reply), reply)

    def do_GET(self) -> None:
        """What is listed stands in the script, byte by byte."""
        headers = {key.lower(): value for key, value in self.headers.items()}
        reply = self.owner.next_reply(Request(self.path, headers, {}, self.client_address[1]))
        self._send(reply.raw or b"{}", "application/json", reply)

    def _send_json(self, body: Mapping[str, object], reply: Reply) -> None:
        self._send(json.dumps(body).encode(), "application/json", reply)

    def _send(self, body: bytes, content_type: str, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in {"content-type": content_type, "content-length": str(len(body)), **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _stream(self, request: Request, reply: Reply) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        if reply.hang == "headers":
            return self._wait_for_the_end()
        self.owner.stopping.wait(reply.first_delay)
        for delta in _deltas(reply):
            self._event(_chunk(request, delta))
            self.owner.stopping.wait(reply.token_delay)
        if reply.hang == "tokens":
            return self._wait_for_the_end()
        return self._end(request, reply)

    def _end(self, request: Request, reply: Reply) -> None:
        if reply.cut == "abrupt":
            self.close_connection = True
            return _hang_up(self.connection)
        if not reply.cut:
            self._event(_chunk(request, {}, reply.finish_reason))
            if reply.usage and (request.body.get("stream_options") or {}).get("include_usage"):
                self._event({**_chunk(request, {}), "choices": [], "usage": _usage(request, reply)})
            return self._write(b"data: [DONE]\n\n", last=True)
        return self._write(last=True)

    def _event(self, body: Mapping[str, object]) -> None:
        self._write(b"data: " + json.dumps(body).encode() + b"\n\n")

    def _write(self, data: bytes = b"", *, last: bool = False) -> None:
        """`[DONE]` takes the end of the body with it: a client that closes there keeps only a finished connection."""
        chunk = b"%x\r\n%b\r\n" % (len(data), data) if data else b""
        self.wfile.write(chunk + b"0\r\n\r\n" * last)

    def _wait_for_the_end(self) -> None:
        self.close_connection = True
        self.owner.stopping.wait()


def _deltas(reply: Reply) -> Iterator[dict[str, object]]:
    if reply.tool_calls:
        yield {"role": "assistant", "tool_calls": _tool_calls(reply)}
    for n, token in enumerate(re.findall(r"\s*\S+\s*$|\s*\S+", reply.text)):
        yield {"content": token} if n else {"role": "assistant", "content": token}


def _tool_calls(reply: Reply) -> list[dict[str, object]]:
    return [
        {"index": n, "id": f"call-{n}", "type": "function", "function": {"name": name, "arguments": arguments}}
        for n, (name, arguments) in enumerate(reply.tool_calls)
    ]


def _chunk(request: Request, delta: Mapping[str, object], finish_reason: str | None = None) -> dict[str, object]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
    return {**_envelope(request, "chat.completion.chunk"), "choices": [choice]}


def _completion(request: Request, reply: Reply) -> dict[str, object]:
    message: dict[str, object] = {"role": "assistant", "content": reply.text or None}
    if reply.tool_calls:
        message["tool_calls"] = _tool_calls(reply)
    choice = {"index": 0, "message": message, "finish_reason": None if reply.cut else reply.finish_reason}
    usage = {"usage": _usage(request, reply)} if reply.usage else {}
    return {**_envelope(request, "chat.completion"), "choices": [choice], **usage}


def _envelope(request: Request, kind: str) -> dict[str, object]:
    return {"id": "chatcmpl-scripted", "object": kind, "created": 1, "model": request.model}


def _usage(request: Request, reply: Reply) -> dict[str, int]:
    asked, said = len(request.text.split()), len(reply.text.split())
    return {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said}


def _embeddings(request: Request) -> dict[str, object]:
    texts = request.body["input"]
    texts = [texts] if isinstance(texts, str) else texts
    packed = request.body.get("encoding_format") == "base64"
    vectors = [_packed(embedding(text)) if packed else embedding(text) for text in texts]
    data = [{"object": "embedding", "index": n, "embedding": vector} for n, vector in enumerate(vectors)]
    words = sum(len(text.split()) for text in texts)
    usage = {"prompt_tokens": words, "total_tokens": words}
    return {"object": "list", "model": request.model, "data": data, "usage": usage}


def _packed(vector: Sequence[float]) -> str:
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()
