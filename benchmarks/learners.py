"""Learners at once in the chat, over its socket, with the built-in tutor: `python -m benchmarks.learners`.

Each learner has a conversation of their own and asks a question every thirty seconds. What is printed is what the
learners saw and what it cost; more of them, more web processes or more time: `--learners 300 --webs 2 --seconds 600`.
"""

import argparse
import asyncio
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import aiohttp
import httpx
import psutil
import yaml

from app.supervisor import quiet_environment
from benchmarks.product import documents, over, questions
from tests.support.chroma import free_port
from tests.support.product import ROOT, Product, until

FLOORS = Path(__file__).with_name("floors.yaml")
EVERY = 30.0
"""Seconds between two questions of one learner."""
PATIENCE = 60.0
SLOT = 0.02
"""Arrivals are spread out: a browser that connects is not what is measured."""


@dataclass
class Seen:
    """What the learners saw; times in milliseconds."""

    first: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def row(self, seconds: float) -> str:
        """Turns a second, first token and whole answer at the median and the 95th percentile, errors."""
        cells = [f"{len(self.whole) / seconds:6.1f}"]
        for times in (self.first, self.whole):
            cuts = statistics.quantiles(times, n=20) if len(times) > 1 else [float("nan")] * 19
            cells.append(f"{statistics.median(times or [float('nan')]):6.0f} / {cuts[-1]:6.0f}")
        return "  ".join([*cells, f"{len(self.errors):4d}"])


class Learner:
    """One open chat, spoken to as the browser does: Engine.IO 4 and Socket.IO 5 on one WebSocket."""

    def __init__(self, http: aiohttp.ClientSession, address: str, seen: Seen) -> None:
        self._http, self._address, self._seen = http, address, seen
        self._asked = 0.0
        self._has_token = False
        self._is_over = asyncio.Event()

    async def study(self, asked: list[str], begins: float, ends: float) -> None:
        """Connect, then ask one question after the other until the end."""
        await asyncio.sleep(max(0.0, begins - time.monotonic()))
        url = f"{self._address.replace('http', 'ws', 1)}/ws/socket.io/?EIO=4&transport=websocket"
        try:
            async with self._http.ws_connect(url, compress=15, max_msg_size=0) as socket:
                listening = asyncio.create_task(self._listen(socket))
                await self._greet(socket)
                at = time.monotonic() + random.uniform(0, EVERY)
                for question in asked:
                    if at > ends:
                        break
                    await asyncio.sleep(max(0.0, at - time.monotonic()))
                    await self._ask(socket, question)
                    at += EVERY
                await asyncio.sleep(max(0.0, ends - time.monotonic()))
                listening.cancel()
        except (aiohttp.ClientError, TimeoutError) as error:
            self._seen.errors.append(repr(error))

    async def _greet(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        who = {"clientType": "webapp", "sessionId": str(uuid4()), "threadId": "", "userEnv": "{}", "chatProfile": ""}
        await socket.send_str(f"40{json.dumps(who)}")
        await asyncio.wait_for(self._is_over.wait(), PATIENCE)
        await socket.send_str('42["connection_successful"]')

    async def _ask(self, socket: aiohttp.ClientWebSocketResponse, question: str) -> None:
        message = {"id": str(uuid4()), "name": "You", "type": "user_message", "output": question}
        message["createdAt"] = "2026-01-01T00:00:00.000Z"
        self._is_over.clear()
        self._has_token, self._asked = False, time.monotonic()
        await socket.send_str(f"42{json.dumps(['client_message', {'message': message, 'fileReferences': []}])}")
        try:
            await asyncio.wait_for(self._is_over.wait(), PATIENCE)
        except TimeoutError:
            self._seen.errors.append("no answer")

    async def _listen(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for frame in socket:
            said = frame.data
            if said == "2":
                await socket.send_str("3")
            elif said.startswith("40"):
                self._is_over.set()
            elif said.startswith(('42["stream_start"', '42["stream_token"')):
                self._token()
            elif said.startswith('42["task_end"') and self._has_token:
                self._seen.whole.append(1000 * (time.monotonic() - self._asked))
                self._has_token = False
                self._is_over.set()
            elif said.startswith("44"):
                self._seen.errors.append(said)

    def _token(self) -> None:
        if not self._has_token:
            self._has_token = True
            self._seen.first.append(1000 * (time.monotonic() - self._asked))


@contextmanager
def webs(product: Product, count: int) -> Iterator[list[tuple[str, psutil.Process]]]:
    """Addresses and processes: the product's own web process, and more of them on the same data."""
    own = product.children()["app.web"]
    found, more = [(product.address, own)], []
    for _ in range(count - 1):
        port = free_port()
        environment = {**own.environ(), **quiet_environment(), "PORT": str(port)}
        more.append(subprocess.Popen([sys.executable, "-m", "app.web"], cwd=ROOT, env=environment))
        address = f"http://127.0.0.1:{port}"
        until(lambda address=address: _answers(address))  # type: ignore[misc]
        found.append((address, psutil.Process(more[-1].pid)))
    try:
        yield found
    finally:
        for process in more:
            process.terminate()
            process.wait()


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/health/ready", timeout=30).is_success
    except httpx.TransportError:
        return False


async def crowd(addresses: list[str], learners: int, seconds: float) -> Seen:
    """So many learners, spread over the web processes, for so long after the last has come."""
    seen, asked = Seen(), questions()
    start = time.monotonic()
    ends = start + learners * SLOT + seconds
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar, connector=aiohttp.TCPConnector(limit=0)) as http:
        for address in addresses:
            async with http.post(f"{address}/auth/header") as reply:
                reply.raise_for_status()
        chats = [Learner(http, addresses[n % len(addresses)], seen) for n in range(learners)]
        questions_of = [random.Random(n).sample(asked, len(asked)) for n in range(learners)]
        await asyncio.gather(*(chat.study(questions_of[n], start + n * SLOT, ends) for n, chat in enumerate(chats)))
    return seen


def spent(process: psutil.Process) -> float:
    """Seconds of processor time so far."""
    times = process.cpu_times()
    return float(times.user + times.system)


def measure(folder: Path, learners: int, web_processes: int, seconds: float) -> dict[str, float]:
    """Print one row; returns what has a floor."""
    with Product.start(folder) as product:
        for name, content in documents()[:1]:
            document = product.upload(name, content, name)
            until(lambda job=document["job_id"]: over(product, job))  # type: ignore[misc]
        with webs(product, web_processes) as running:
            asyncio.run(crowd([address for address, _ in running], 2, 5))  # everything is loaded once
            before, own = sum(spent(process) for _, process in running), time.process_time()
            memory = sum(process.memory_info().rss for _, process in running) / 2**20
            seen = asyncio.run(crowd([address for address, _ in running], learners, seconds))
            cost = sum(spent(process) for _, process in running) - before
            grown = sum(process.memory_info().rss for _, process in running) / 2**20
            turns = max(1, len(seen.whole))
            print(f"{learners:8d}  {web_processes:4d}  {seen.row(seconds + learners * SLOT)}  "
                  f"{1000 * cost / turns:8.1f}  {1000 * (time.process_time() - own) / turns:6.1f}  "
                  f"{memory:5.0f} → {grown:5.0f}")  # fmt: skip
            for error in sorted(set(seen.errors))[:5]:
                print(f"          {error}")
    p95 = statistics.quantiles(seen.first, n=20)[-1] if len(seen.first) > 1 else float("inf")
    return {"first_token_p95_ms": p95, "errors": len(seen.errors), "turn_cpu_ms": 1000 * cost / turns}


def main() -> int:
    """Print the figures; 1 when a floor is missed."""
    options = argparse.ArgumentParser()
    options.add_argument("--learners", type=int, default=100)
    options.add_argument("--webs", type=int, default=1)
    options.add_argument("--seconds", type=float, default=60)
    chosen = options.parse_args()
    floors = yaml.safe_load(FLOORS.read_text("utf-8"))["learners"]
    print("learners  webs  turns/s    first token ms     whole answer ms  errors  web ms/turn  client  web memory MB")
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder), chosen.learners, chosen.webs, chosen.seconds)
    missed = [f"{name}: {figures[name]:.0f}, at most {most}" for name, most in floors.items() if figures[name] > most]
    print("\n".join(missed))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
