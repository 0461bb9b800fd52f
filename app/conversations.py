"""A learner's conversation, and what the tutor remembers of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from agent.graph import checkpoint_serializer
from app.settings import Settings
from tools.types import Learner

_KEYS_HAVE_OWNERS = 1


@dataclass(frozen=True, slots=True)
class Conversation:
    """The id comes from a browser and may be anybody's: only together with its owner does it name a conversation."""

    learner: Learner
    id: str

    @property
    def memory(self) -> str:
        """Under which key the tutor remembers it."""
        return f"{self.learner.id}:{self.id}"


@asynccontextmanager
async def memories_of(settings: Settings, first_learner: Learner) -> AsyncIterator[BaseCheckpointSaver[str]]:
    """What the tutor remembers, beside everything else: in the data folder, or in the database that is configured."""
    if settings.database_url:
        from app.persistence import checkpoints

        async with checkpoints.memories(settings.database_url, checkpoint_serializer()) as saver:
            yield saver
    else:
        async with memories(settings.data_dir / "conversations.sqlite3", first_learner) as saver:
            yield saver


@asynccontextmanager
async def memories(path: Path, first_learner: Learner) -> AsyncIterator[AsyncSqliteSaver]:
    """What the tutor remembers, in a file; what an earlier version kept there was its one learner's."""
    async with AsyncSqliteSaver.from_conn_string(str(path)) as saver:
        saver.serde = checkpoint_serializer()
        await saver.setup()
        await _give_keys_owners(saver, first_learner)
        yield saver


async def _give_keys_owners(saver: AsyncSqliteSaver, learner: Learner) -> None:
    async with saver.conn.execute("PRAGMA user_version") as found:
        row = await found.fetchone()
    if row is not None and row[0] >= _KEYS_HAVE_OWNERS:
        return
    for table in ("checkpoints", "writes"):
        keyed = f"UPDATE {table} SET thread_id = ? || ':' || thread_id WHERE instr(thread_id, ':') = 0"
        await saver.conn.execute(keyed, (learner.id,))
    await saver.conn.execute(f"PRAGMA user_version = {_KEYS_HAVE_OWNERS}")
    await saver.conn.commit()
