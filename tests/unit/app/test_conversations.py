"""What the tutor remembers belongs to a learner's conversation, also what an earlier version remembered."""

from pathlib import Path

from langgraph.checkpoint.base import empty_checkpoint

from app.conversations import Conversation, memories
from app.wiring import LOCAL_LEARNER
from tests.support.learners import ADA, BOB


async def test_what_was_remembered_before_conversations_had_owners_is_the_first_learners(tmp_path: Path) -> None:
    path = tmp_path / "conversations.sqlite3"
    async with memories(path, LOCAL_LEARNER) as saver:
        await saver.aput(_named("old"), empty_checkpoint(), {}, {})
        await saver.aput_writes(
            {"configurable": {**_named("old")["configurable"], "checkpoint_id": "1"}}, [("a", 1)], "t"
        )
        await saver.conn.execute("PRAGMA user_version = 0")
        await saver.conn.commit()
    for _ in range(2):  # twice changes nothing
        async with memories(path, LOCAL_LEARNER) as saver:
            assert await saver.aget(_named(Conversation(LOCAL_LEARNER, "old").memory)) is not None
            assert await saver.aget(_named("old")) is None
            async with saver.conn.execute("SELECT DISTINCT thread_id FROM writes") as found:
                assert list(await found.fetchall()) == [("local:old",)]


def test_two_learners_remember_apart_what_they_named_the_same() -> None:
    assert Conversation(ADA, "t").memory != Conversation(BOB, "t").memory


def _named(key: str) -> dict[str, dict[str, str]]:
    return {"configurable": {"thread_id": key, "checkpoint_ns": ""}}
