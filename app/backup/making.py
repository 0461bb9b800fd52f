"""Making a backup while the product goes on."""

import gzip
import logging
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, select

from app.backup import memories, rows
from app.backup.manifest import File, Manifest, Rows
from app.backup.places import repository_at
from app.backup.repository import Repository
from app.conversations import memories_of
from app.persistence.db import Database, Service
from app.persistence.tables import Document
from app.wiring import LOCAL_LEARNER, Services
from tools.errors import NotFound

log = logging.getLogger("studyrag.backup")


async def back_up_to(services: Services, target: str) -> Manifest:
    """One backup more, and those beyond `STUDYRAG_BACKUP_KEEP` less."""
    repository, moment = repository_at(services.settings, target), datetime.now(UTC)
    made = await back_up(services, repository, moment)
    repository.prune(services.settings.backup_keep, moment)
    return made


async def back_up(services: Services, repository: Repository, moment: datetime) -> Manifest:
    """Everything as it is at one moment; files and memories may be some seconds younger. Raises StudyError."""
    name = repository.begin(moment)
    with ExitStack() as written:
        with snapshot(services.database) as connection:
            dumped = {
                table.name: _dumped(written.enter_context(repository.temporary()), rows.lines(connection, table))
                for table in rows.tables(connection, rows.table_names())
            }
            originals = connection.execute(select(Document.storage_key, Document.sha256))
            named = {key: sha256 for key, sha256 in originals if key}
        tables = {table: _kept(repository, dump) for table, dump in dumped.items()}
    files, missing = _files(services, repository, named)
    manifest = Manifest(
        created_at=moment,
        revision=_revision(services.database),
        tables=tables,
        memories=await _memories(services, repository),
        files=files,
        missing=missing,
    )
    repository.finish(name, manifest)
    return manifest


@contextmanager
def snapshot(database: Database) -> Iterator[Connection]:
    """The rows as they are now, whatever is written meanwhile."""
    if database.engine.dialect.name != "sqlite":
        database = Database(database.engine.execution_options(isolation_level="REPEATABLE READ"))
    with database.service_session(Service.INSTALLATION) as session:
        connection = session.connection()
        if database.engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN")  # else each look would see another moment
        yield connection


def _revision(database: Database) -> str:
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


@dataclass(frozen=True, slots=True)
class _Dump:
    path: Path
    rows: int


def _dumped(path: Path, lines: Iterable[bytes]) -> _Dump:
    """The lines, packed, in a file."""
    count = 0
    with path.open("wb") as file, gzip.GzipFile("", "wb", 6, file, mtime=0) as packed:
        for line in lines:
            packed.write(line)
            count += 1
    return _Dump(path, count)


def _kept(repository: Repository, dump: _Dump) -> Rows:
    return Rows(digest=repository.keep(dump.path), rows=dump.rows)


def _files(services: Services, repository: Repository, named: dict[str, str]) -> tuple[list[File], list[str]]:
    """Originals, also those that no row names yet. Images of pages are left out: they can be drawn again."""
    listed = {key for key in services.storage.list("users") if key.split("/")[2:3] != ["pages"]}
    files, missing = [], []
    for key in sorted(listed | named.keys()):
        try:
            files.append(File(key=key, digest=_file(services, repository, key, named.get(key, ""))))
        except NotFound:
            missing.append(key)
    if missing:
        log.warning("%d originals that rows name are not there, so the backup is without them", len(missing))
    return files, missing


def _file(services: Services, repository: Repository, key: str, digest: str) -> str:
    """The digest of an object that lies in the repository now."""
    if repository.has(digest):
        return digest
    with services.storage.local_copy(key) as path:
        return repository.keep(path)


async def _memories(services: Services, repository: Repository) -> Rows:
    async with memories_of(services.settings, LOCAL_LEARNER) as saver:
        lines = [line async for line in memories.lines(saver)]
    with repository.temporary() as path:
        return _kept(repository, _dumped(path, lines))
