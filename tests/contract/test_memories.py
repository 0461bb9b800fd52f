"""What the tutor remembers of a conversation, on both databases."""

import asyncio
from operator import add
from pathlib import Path
from typing import Annotated, TypedDict

import pytest
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph

from app.conversations import memories_of
from app.settings import Settings
from app.wiring import LOCAL_LEARNER
from tests.support.databases import BOTH

pytestmark = BOTH


class Said(TypedDict):
    words: Annotated[list[str], add]


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return Settings.model_validate({"STUDYRAG_DATA_DIR": tmp_path, "database_url": database_url})


async def say(saver: BaseCheckpointSaver[str], thread_id: str, *words: str) -> list[str]:
    """All that was said so far."""
    graph = StateGraph(Said).add_node("hear", lambda _: {}).add_edge(START, "hear").add_edge("hear", END)
    config = {"configurable": {"thread_id": thread_id}}
    said = await graph.compile(checkpointer=saver).ainvoke({"words": list(words)}, config)
    heard: list[str] = said["words"]
    return heard


async def test_a_conversation_goes_on_after_a_restart(settings: Settings) -> None:
    async with memories_of(settings, LOCAL_LEARNER) as saver:
        await say(saver, "local:t", "osmosis", "a zero \0")
    async with memories_of(settings, LOCAL_LEARNER) as saver:
        assert await say(saver, "local:t", "why?") == ["osmosis", "a zero \0", "why?"]
        assert await say(saver, "local:u", "algae") == ["algae"]


async def test_what_is_forgotten_is_gone(settings: Settings) -> None:
    async with memories_of(settings, LOCAL_LEARNER) as saver:
        for thread in ("local:t", "local:u"):
            await say(saver, thread, "osmosis")
        await saver.adelete_thread("local:t")
        assert await saver.aget_tuple({"configurable": {"thread_id": "local:t"}}) is None
        assert await say(saver, "local:u", "again") == ["osmosis", "again"]


async def test_many_talk_at_once(settings: Settings) -> None:
    async with memories_of(settings, LOCAL_LEARNER) as saver:
        said = await asyncio.gather(*(say(saver, f"local:{n}", f"word {n}") for n in range(20)))
    assert said == [[f"word {n}"] for n in range(20)]
