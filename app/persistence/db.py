"""The database: one engine a process, short transactions, SQLite tuned for one writer and many readers."""

import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.dialects.postgresql import insert as insert_postgres
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

from tools.errors import StorageFull

MIGRATIONS = Path(__file__).parent / "migrations"


def connect(url: str) -> Engine:
    """An engine for `sqlite:///…` or `postgresql+psycopg://…`."""
    engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite"), pool_size=20, max_overflow=20)
    if engine.dialect.name == "sqlite":
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


def migrate(engine: Engine) -> None:
    """Bring the schema to this version, or not at all; running it again changes nothing."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.connect() as connection:
        if MigrationContext.configure(connection).get_current_heads() == tuple(_heads(config)):
            return
        connection.rollback()
        with schema_change(connection):
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def _heads(config: Config) -> list[str]:
    return ScriptDirectory.from_config(config).get_heads()


@contextmanager
def schema_change(connection: Connection) -> Iterator[None]:
    """A transaction that holds changes of the schema as well, by one process at a time."""
    if connection.dialect.name == "sqlite":
        with _sqlite_schema_change(connection):
            yield
    else:
        with connection.begin():
            yield


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


class Database:
    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._sessions = sessionmaker(engine, expire_on_commit=False)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """One transaction: committed at the end, rolled back on error. Raises StorageFull when the disk is full."""
        try:
            with self._sessions.begin() as session:
                yield session
        except OperationalError as error:
            if "disk is full" in str(error):
                raise StorageFull from error
            raise


def insert_if_new(session: Session, table: type[DeclarativeBase]) -> Any:
    """A statement for rows to insert that leaves out those whose unique keys are taken."""
    insert = insert_sqlite if session.get_bind().dialect.name == "sqlite" else insert_postgres
    return insert(table).on_conflict_do_nothing()


def is_taken(error: IntegrityError) -> bool:
    """Whether a unique key was violated, rather than a reference or a column that must not be empty."""
    cause = error.orig
    if isinstance(cause, sqlite3.IntegrityError):
        return cause.sqlite_errorcode in (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
    return getattr(cause, "sqlstate", None) == "23505"
