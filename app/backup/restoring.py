"""The way back from a backup."""

import gzip
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Table, exists, select

from app.backup import memories, rows
from app.backup.manifest import Manifest
from app.backup.repository import Repository, UnusableBackup
from app.conversations import memories_of
from app.persistence.db import MIGRATIONS, Database, Service, schema_change
from app.persistence.tables import Document, Process, Query, Quiz, now
from app.wiring import LOCAL_LEARNER, Services
from tools.errors import Conflict

IN_USE = "There is a library already: say --over to put the backup in its place."
RUNNING = "StudyRAG is running on this database: stop all of its processes first."
ALIVE = timedelta(seconds=60)


async def restore(services: Services, repository: Repository, name: str, over: bool) -> Manifest:
    """Put everything back: files first, then all rows in one transaction, so that it can be begun again at any point.

    Raises Conflict when the product runs or there is a library, and UnusableBackup before any row is changed.
    """
    manifest = repository.manifest(name)
    _refuse_newer(manifest)
    if _is_running(services):
        raise Conflict(RUNNING)
    if not over and _is_in_use(services.database):
        raise Conflict(IN_USE)
    before = _keys(services.database)
    with ExitStack() as fetched:
        packed = {
            table: fetched.enter_context(repository.fetched(kept.digest)) for table, kept in manifest.tables.items()
        }
        remembered = fetched.enter_context(repository.fetched(manifest.memories.digest))
        _put_files(services, repository, manifest)
        _put_rows(services.database, manifest, packed)
        async with memories_of(services.settings, LOCAL_LEARNER) as saver:
            with gzip.open(remembered) as lines:
                await memories.fill(saver, lines)
    for key in before - {file.key for file in manifest.files}:
        services.storage.delete(key)
    return manifest


def _is_running(services: Services) -> bool:
    """Whether anybody gave a sign of life in the last minute and is not known to be dead."""
    services.processes.bury()
    with services.database.service_session(Service.INSTALLATION) as session:
        return bool(session.scalar(select(exists().where(Process.heartbeat_at > now() - ALIVE))))


def _is_in_use(database: Database) -> bool:
    with database.service_session(Service.INSTALLATION) as session:
        return any(session.scalar(select(exists().select_from(table))) for table in (Document, Query, Quiz))


def _keys(database: Database) -> set[str]:
    """Where the originals of today lie."""
    with database.service_session(Service.INSTALLATION) as session:
        return set(filter(None, session.scalars(select(Document.storage_key))))


def _put_files(services: Services, repository: Repository, manifest: Manifest) -> None:
    for file in manifest.files:
        with repository.fetched(file.digest) as path, path.open("rb") as content:
            services.storage.put(file.key, content)


def _migrations() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def _refuse_newer(manifest: Manifest) -> None:
    try:
        ScriptDirectory.from_config(_migrations()).get_revision(manifest.revision)
    except CommandError as error:
        raise UnusableBackup("A newer StudyRAG made this backup: install that version, or take another one.") from error


def _put_rows(database: Database, manifest: Manifest, packed: Mapping[str, Path]) -> None:
    """By way of the schema that they were written with."""
    config = _migrations()
    with database.engine.connect() as connection, schema_change(connection):
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        command.upgrade(config, manifest.revision)
        found = rows.tables(connection, manifest.tables)
        for table in reversed(found):
            connection.execute(table.delete())  # what a migration put there
        for table in found:
            _fill(connection, table, packed[table.name], manifest.tables[table.name].rows)
        command.upgrade(config, "head")


def _fill(connection: Connection, table: Table, packed: Path, count: int) -> None:
    with gzip.open(packed) as lines:
        if rows.fill(connection, table, lines) != count:
            raise UnusableBackup
