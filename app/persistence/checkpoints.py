"""What the tutor remembers, on PostgreSQL: LangGraph's checkpointer beside our own tables."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from langgraph.checkpoint.postgres.base import MIGRATIONS
from langgraph.checkpoint.serde.base import SerializerProtocol
from psycopg import AsyncConnection, AsyncCursor
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool
from sqlalchemy import Connection, inspect, text

from app.persistence.postgres import CONNECTION, PATIENCE_SECONDS, SERVICE_ROLE

CONNECTIONS = 10
_WAIT_SECONDS = 10.0
_AS_SERVICE = f"SELECT set_config('role', '{SERVICE_ROLE}', true)"
_VERSIONS = text("SELECT v FROM checkpoint_migrations")
_MIGRATED = text("INSERT INTO checkpoint_migrations (v) VALUES (:v)")


class Memories(AsyncPostgresSaver):
    """Each call is a transaction in the service's role, on a connection of its own: behind a pooler nothing lasts
    longer, and the package's own lock would make all conversations of a process wait for each other."""

    conn: AsyncConnectionPool[AsyncConnection[DictRow]]

    @asynccontextmanager
    async def _cursor(self, *, pipeline: bool = False) -> AsyncIterator[AsyncCursor[DictRow]]:
        async with (
            self.conn.connection() as connection,
            connection.pipeline(),
            connection.transaction(),
            connection.cursor(binary=True, row_factory=dict_row) as cursor,
        ):
            await cursor.execute(_AS_SERVICE)
            yield cursor


@asynccontextmanager
async def memories(url: str, serializer: SerializerProtocol) -> AsyncIterator[Memories]:
    """The checkpointer of this process; the tables are there since `migrate`."""
    pool: AsyncConnectionPool[AsyncConnection[DictRow]] = AsyncConnectionPool(
        url.replace("postgresql+psycopg://", "postgresql://", 1),
        min_size=1,
        max_size=CONNECTIONS,
        timeout=_WAIT_SECONDS,
        reconnect_timeout=PATIENCE_SECONDS,
        check=AsyncConnectionPool.check_connection,
        kwargs={**CONNECTION, "autocommit": True, "row_factory": dict_row},
        open=False,
    )
    async with pool:
        yield Memories(pool, serde=serializer)


def are_current(connection: Connection) -> bool:
    """Whether the tables are those of the package that is installed."""
    return _done(connection) == len(MIGRATIONS)


def migrate_checkpoints(connection: Connection) -> None:
    """What the package's `setup` does, within our transaction and its lock: two processes at once are safe."""
    for version in range(_done(connection), len(MIGRATIONS)):
        connection.exec_driver_sql(MIGRATIONS[version].replace("CONCURRENTLY", ""))
        connection.execute(_MIGRATED, {"v": version})


def _done(connection: Connection) -> int:
    if not inspect(connection).has_table("checkpoint_migrations"):
        return 0
    return max(connection.scalars(_VERSIONS), default=-1) + 1
