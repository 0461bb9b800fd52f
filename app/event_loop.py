"""An event loop in a thread of its own, for threads that have coroutines to run."""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, Self


class EventLoop:
    """`with EventLoop() as loop:` runs until the end of the block; clients that belong to a loop can be kept in it."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_up, self._over = threading.Event(), asyncio.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._is_up.wait()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()

    def start(self, work: Coroutine[Any, Any, None]) -> Future[None]:
        """Run it beside the others."""
        assert self._loop is not None
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Run it beside the others and wait for its end. Raises what it raises."""
        self.start(work).result()

    def _run(self) -> None:
        with self._runner:
            self._loop = self._runner.get_loop()
            self._is_up.set()
            self._runner.run(self._until_over())

    async def _until_over(self) -> None:
        await self._over.wait()
