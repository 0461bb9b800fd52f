"""What the tutor remembers of conversations, in lines that any of LangGraph's checkpointers can be filled from."""

import json
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Iterable
from itertools import groupby
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver, CheckpointTuple

Saver = BaseCheckpointSaver[Any]


async def lines(saver: Saver) -> AsyncIterator[bytes]:
    """The last state of each conversation; how it came about is not needed to go on."""
    seen: set[tuple[str, str]] = set()
    async for found in saver.alist(None):
        place = found.config["configurable"]
        if (key := (place["thread_id"], place["checkpoint_ns"])) not in seen:
            seen.add(key)
            yield json.dumps(_written(saver, found)).encode() + b"\n"


async def fill(saver: Saver, written: Iterable[bytes]) -> None:
    """Remember this, and nothing else any more."""
    for thread_id in {found.config["configurable"]["thread_id"] async for found in saver.alist(None)}:
        await saver.adelete_thread(thread_id)
    for line in written:
        await _put(saver, json.loads(line))


def _written(saver: Saver, found: CheckpointTuple) -> dict[str, Any]:
    place = found.config["configurable"]
    writes = [(task, channel, _packed(saver, value)) for task, channel, value in found.pending_writes or ()]
    return {
        "thread_id": place["thread_id"],
        "checkpoint_ns": place["checkpoint_ns"],
        "checkpoint": _packed(saver, found.checkpoint),
        "metadata": _packed(saver, found.metadata),
        "writes": writes,
    }


async def _put(saver: Saver, line: dict[str, Any]) -> None:
    checkpoint = _unpacked(saver, line["checkpoint"])
    place: RunnableConfig = {"configurable": {"thread_id": line["thread_id"], "checkpoint_ns": line["checkpoint_ns"]}}
    metadata = _unpacked(saver, line["metadata"])
    kept = await saver.aput(place, checkpoint, metadata, checkpoint["channel_versions"])
    for task, writes in groupby(line["writes"], lambda write: write[0]):
        await saver.aput_writes(kept, [(channel, _unpacked(saver, value)) for _, channel, value in writes], task)


def _packed(saver: Saver, value: Any) -> list[str]:
    kind, packed = saver.serde.dumps_typed(value)
    return [kind, b64encode(packed).decode()]


def _unpacked(saver: Saver, packed: list[str]) -> Any:
    return saver.serde.loads_typed((packed[0], b64decode(packed[1])))
