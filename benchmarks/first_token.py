"""What a turn adds to the chat model's own time to first token: `python -m benchmarks.first_token`.

The model is scripted to think for a fixed time, and so is the search, whose own time benchmarks/search.py measures.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import yaml
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from agent.events import Token
from agent.graph import Graph, build_graph, checkpoint_serializer
from agent.turn import run_turn
from tests.support.models import ScriptedChat
from tests.support.study import deps

FLOORS = Path(__file__).with_name("floors.yaml")
THINKING = 0.1
TURNS = 100


async def think() -> None:
    """What the scripted model takes before it says anything."""
    await asyncio.sleep(THINKING)


async def first_token(graph: Graph, turn: int) -> float:
    """Milliseconds until the first token, without the model's own."""
    chat = ScriptedChat(lines=[["Water ", "moves [1]."]], before_first_token=think)
    given = replace(deps(chat=chat, thread=f"thread-{turn % 5}"), clock=time.monotonic, sleep=asyncio.sleep)
    started = time.perf_counter()
    taken = 0.0
    async for event in run_turn(graph, "What is osmosis?", given):
        if isinstance(event, Token) and not taken:
            taken = time.perf_counter() - started
    return 1000 * (taken - THINKING)


async def measure() -> list[float]:
    """Milliseconds of each turn after a first one that is not counted."""
    with tempfile.TemporaryDirectory() as folder:
        async with AsyncSqliteSaver.from_conn_string(str(Path(folder) / "conversations.sqlite3")) as checkpointer:
            checkpointer.serde = checkpoint_serializer()
            await checkpointer.setup()
            graph = build_graph(checkpointer)
            await first_token(graph, 0)
            return [await first_token(graph, turn) for turn in range(TURNS)]


def main() -> None:
    """Print the figures; ends with an error above the floor."""
    limit = yaml.safe_load(FLOORS.read_text("utf-8"))["first_token"]["added_p95_ms"]
    added = asyncio.run(measure())
    p95 = statistics.quantiles(added, n=20)[-1]
    print(f"added to the first token, without the search: median {statistics.median(added):.1f} ms, p95 {p95:.1f} ms")
    if p95 > limit:
        sys.exit(f"more than {limit} ms")


if __name__ == "__main__":
    main()
