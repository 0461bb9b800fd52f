"""Learners' browsers at the chat as it is served: what they send over socket and HTTP, and all that they are shown."""

import asyncio
import re
import socket
import threading
import time
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import uuid4

import chainlit.data
import httpx
import pytest
import socketio
import uvicorn
from chainlit.auth import create_jwt
from chainlit.auth.cookie import _auth_cookie_name as COOKIE
from chainlit.user import User
from fastapi import FastAPI

T = TypeVar("T")
WAIT_SECONDS = 120
QUIET_EVENT = "fetch_favorites"
"""Nothing answers it but its acknowledgement, which comes after all that was sent before."""


@dataclass(frozen=True)
class Served:
    """An app on loopback, with the loop in which it runs."""

    url: str
    loop: asyncio.AbstractEventLoop

    async def inside(self, work: Coroutine[Any, Any, T]) -> T:
        """Await something in the server's own loop."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self.loop))


@contextmanager
def served(app: FastAPI) -> Iterator[Served]:
    """Its start-up is the caller's, who may have put parts of the test into it."""
    with socket.create_server(("127.0.0.1", 0)) as port, asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="critical", access_log=False))
        thread = threading.Thread(target=lambda: runner.run(server.serve([port])))
        loop = runner.get_loop()
        thread.start()
        while thread.is_alive() and not server.started:
            time.sleep(0.01)
        yield Served(f"http://127.0.0.1:{port.getsockname()[1]}", loop)
        server.should_exit = True
        thread.join()


@contextmanager
def a_data_layer_of_its_own() -> Iterator[None]:
    """Chainlit makes its data layer once in a process; here it is one for each test that serves the chat."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chainlit.data, "_data_layer", None)
        patch.setattr(chainlit.data, "_data_layer_initialized", False)
        yield


@dataclass
class Browser:
    """One learner's, with a session of its own and everything that was sent to it."""

    server: Served
    learner: str
    session: str = field(default_factory=lambda: str(uuid4()))
    seen: list[tuple[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._cookie = {"Cookie": f"{COOKIE}={create_jwt(User(identifier=self.learner))}"}
        self._socket = socketio.AsyncClient(reconnection=False)
        self._socket.on("*", lambda event, *data: self.seen.append((event, data)))

    async def open(self, thread_id: str | None = None) -> None:
        """Connect as the page does. Raises socketio.exceptions.ConnectionError when it is refused."""
        auth = {"sessionId": self.session, "clientType": "webapp", "threadId": thread_id}
        await self._socket.connect(
            self.server.url,
            headers=dict(self._cookie),
            auth=auth,
            transports=["websocket"],
            socketio_path="/ws/socket.io",
        )
        await self.send("connection_successful")

    async def send(self, event: str, *data: Any) -> None:
        """Until all that it led to has ended and been received."""
        running = await self.server.inside(_tasks())
        await self._socket.call(event, data, timeout=WAIT_SECONDS)
        await self._settle(running)

    async def ask(self, method: str, url: str, **parts: Any) -> httpx.Response:
        """A request of the page's."""
        running = await self.server.inside(_tasks())
        async with httpx.AsyncClient(base_url=self.server.url, headers=self._cookie, timeout=WAIT_SECONDS) as http:
            reply = await http.request(method, url, **parts)
            await self._settle(running)
        return reply

    async def _settle(self, running: set[asyncio.Task[Any]]) -> None:
        await self.server.inside(_end_of_all_but(running))
        await self._socket.call(QUIET_EVENT, timeout=WAIT_SECONDS)

    async def close(self) -> None:
        """Leave the page."""
        await self._socket.disconnect()


@asynccontextmanager
async def browsing(server: Served, learner: str, thread_id: str | None = None) -> AsyncIterator[Browser]:
    """A page that is open."""
    browser = Browser(server, learner)
    try:
        await browser.open(thread_id)
        yield browser
    finally:
        await browser.close()


async def _tasks() -> set[asyncio.Task[Any]]:
    return asyncio.all_tasks()


async def _end_of_all_but(running: set[asyncio.Task[Any]]) -> None:
    async with asyncio.timeout(WAIT_SECONDS):
        while begun := [task for task in asyncio.all_tasks() - running if _is_work(task)]:
            await asyncio.wait(begun)


def _is_work(task: asyncio.Task[Any]) -> bool:
    """Not this one, nor one of an open line, which begin anew with each packet."""
    coroutine: Any = task.get_coro()
    return task is not asyncio.current_task() and not re.search(
        r"\W(engineio|asyncio)\W", coroutine.cr_code.co_filename
    )
