"""The database: one engine a process, short transactions, PostgreSQL, or SQLite with one writer and many readers."""

import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import ColumnElement, Connection, Engine, Table, create_engine, event, func, select, text, true
from sqlalchemy.dialects.postgresql import insert as insert_postgres
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Session, SessionTransaction, sessionmaker

from app.persistence import postgres
from tools.errors import StorageFull, StudyError
from tools.types import Learner

MIGRATIONS = Path(__file__).parent / "migrations"
_SCHEMA_LOCK = 7_364_829_105
"""Any number: who changes the schema holds the lock of this name."""


def connect(url: str) -> Engine:
    """An engine for `sqlite:///…` or `postgresql+psycopg://…`."""
    if not url.startswith("sqlite"):
        return postgres.engine_of(url)
    # What an error quotes of a statement goes into logs: its values are learners' words.
    engine = create_engine(url, pool_size=20, max_overflow=20, hide_parameters=True)
    event.listen(engine, "connect", _tune_sqlite)
    return engine


def _tune_sqlite(connection: Any, _record: object) -> None:
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "busy_timeout=15000",
        "mmap_size=268435456",
        "cache_size=-8000",
    ):
        connection.execute(f"PRAGMA {pragma}")
    # SQLite's own knows ASCII only, so that a search for “ökologie” would not find “Ökologie”.
    connection.create_function("lower", 1, _lower, deterministic=True)


def _lower(value: object) -> object:
    return unicodedata.normalize("NFC", value).casefold() if isinstance(value, str) else value


class CannotMigrate(CommandError):
    """What stands in the way, in a sentence for an operator."""


def migrate(engine: Engine) -> None:
    """Bring the schema to this version, or not at all; running it again changes nothing. Raises CannotMigrate."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.connect() as connection:
        if _is_current(connection, config):
            return
        connection.rollback()
        with schema_change(connection):
            config.attributes["connection"] = connection
            _upgrade(config)
            if connection.dialect.name == "postgresql":
                from app.persistence.checkpoints import migrate_checkpoints

                migrate_checkpoints(connection)


def _upgrade(config: Config) -> None:
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise CannotMigrate(
            "The data was written by a newer StudyRAG: install that version, or use another data folder or database."
        ) from error


def _is_current(connection: Connection, config: Config) -> bool:
    heads = tuple(ScriptDirectory.from_config(config).get_heads())
    if MigrationContext.configure(connection).get_current_heads() != heads:
        return False
    if connection.dialect.name == "sqlite":
        return True
    from app.persistence.checkpoints import are_current

    return are_current(connection)


@contextmanager
def schema_change(connection: Connection) -> Iterator[None]:
    """A transaction that holds changes of the schema as well, by one process at a time."""
    if connection.dialect.name == "sqlite":
        with _sqlite_schema_change(connection):
            yield
    else:
        from app.persistence.row_security import lifted

        with connection.begin():
            _refuse_other_encodings(connection)
            connection.execute(select(func.pg_advisory_xact_lock(_SCHEMA_LOCK)))
            with lifted(connection):
                yield


def _refuse_other_encodings(connection: Connection) -> None:
    encoding = connection.scalar(text("SHOW server_encoding"))
    if encoding != "UTF8":
        raise CannotMigrate(f"The database is encoded in {encoding}: create one with ENCODING 'UTF8'.")


@contextmanager
def _sqlite_schema_change(connection: Connection) -> Iterator[None]:
    """A table that gives way to its new form must not take along what refers to it: that is looked at in the end."""
    connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise IntegrityError("PRAGMA foreign_key_check", None, ValueError(f"broken references: {broken[:3]}"))
        connection.commit()
    finally:
        connection.rollback()
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")


class Service(StrEnum):
    """What works across learners. Everything else that touches the database does so for one learner."""

    SIGN_IN = "sign in"
    """Finds out who somebody is, and makes them known."""
    WORKER = "worker"
    """Takes up work by its id, before it knows whose it is, and reports how far it is."""
    WATCHDOG = "watchdog"
    """Looks for work and processes that died."""
    OPERATOR = "operator"
    """Counts what all learners do, and names none."""
    INSTALLATION = "installation"
    """Facts about this installation, and changes that concern all of it."""


@dataclass(frozen=True, slots=True)
class Sessions:
    """The database as one learner, or one service, may use it."""

    database: "Database"
    owner: Learner | Service

    def session(self) -> AbstractContextManager[Session]:
        """One transaction, as those of the database."""
        if isinstance(self.owner, Service):
            return self.database.service_session(self.owner)
        return self.database.session_of(self.owner)

    @property
    def owner_id(self) -> str:
        """Whose the rows are that are made with it. Raises TypeError for a service, which owns nothing."""
        if isinstance(self.owner, Service):
            raise TypeError(f"the service “{self.owner}” owns no rows")
        return self.owner.id

    def owns(self, column: InstrumentedAttribute[str]) -> ColumnElement[bool]:
        """The condition that a row is this learner's; a service sees everybody's."""
        return true() if isinstance(self.owner, Service) else column == self.owner.id


class Database:
    """Every session says for whom it works, in `session.info["owner"]`: row level security goes there."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._sessions = sessionmaker(engine, expire_on_commit=False)
        if engine.dialect.name == "postgresql":
            event.listen(self._sessions, "after_begin", _begin_as_owner)

    def session_of(self, learner: Learner) -> AbstractContextManager[Session]:
        """One transaction of a learner: committed at the end, rolled back on error.

        Raises StorageFull when the disk is full, and DatabaseUnavailable when the server is away.
        """
        return self._session(learner)

    def service_session(self, service: Service) -> AbstractContextManager[Session]:
        """One transaction that may see the rows of every learner, in the name of what does so."""
        return self._session(service)

    def of(self, owner: Learner | Service) -> Sessions:
        """The sessions of a learner or a service, for what works for nobody else."""
        return Sessions(self, owner)

    @contextmanager
    def _session(self, owner: Learner | Service) -> Iterator[Session]:
        try:
            with self._sessions.begin() as session:
                session.info["owner"] = owner
                yield session
        except NoConnection as error:
            raise postgres.DatabaseUnavailable(retry_after=2) from error
        except DBAPIError as error:
            told = _told(error)
            if told is None:
                raise
            raise told from error


def _begin_as_owner(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    owner = session.info["owner"]
    postgres.work_as(connection, None if isinstance(owner, Service) else owner.id)


def _told(error: DBAPIError) -> StudyError | None:
    if isinstance(error.orig, sqlite3.Error):
        return StorageFull() if "disk is full" in str(error) else None
    return postgres.told(error)


def take_turns(session: Session, learner: Learner) -> None:
    """From here to its end, no other transaction of this learner that asks for it; SQLite writes by turns anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtext(learner.id))))


def insert_if_new(session: Session, table: type[DeclarativeBase] | Table[Any]) -> Any:
    """A statement for rows to insert that leaves out those whose unique keys are taken."""
    insert = insert_sqlite if session.get_bind().dialect.name == "sqlite" else insert_postgres
    return insert(table).on_conflict_do_nothing()


def is_taken(error: IntegrityError) -> bool:
    """Whether a unique key was violated, rather than a reference or a column that must not be empty."""
    cause = error.orig
    if isinstance(cause, sqlite3.IntegrityError):
        return cause.sqlite_errorcode in (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
    return getattr(cause, "sqlstate", None) == "23505"
