"""The rows of the database as lines of JSON, the same whether SQLite or Postgres holds them."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, DateTime, LargeBinary, MetaData, Table, func, insert, select, text
from sqlalchemy.types import TypeEngine

from app.persistence.tables import Base

LEFT_OUT = ("processes", "key_claims")
"""Who is alive, and what is under way, this moment."""
AT_ONCE = 500


def table_names() -> set[str]:
    """The tables that a backup holds."""
    return set(Base.metadata.tables).difference(LEFT_OUT)


def tables(connection: Connection, names: Collection[str]) -> list[Table]:
    """Those of these tables that there are, as this database has them, each behind those that it refers to."""
    metadata = MetaData()
    metadata.reflect(connection, only=lambda name, _: name in names)
    return [table for table in metadata.sorted_tables if table.name in names]


def lines(connection: Connection, table: Table) -> Iterator[bytes]:
    """One for each row, in the order of the key, so that the same rows are the same bytes."""
    rows = connection.execution_options(yield_per=AT_ONCE).execute(select(table).order_by(*table.primary_key))
    names = list(rows.keys())
    for row in rows:
        yield json.dumps(dict(zip(names, map(_plain, row), strict=True)), ensure_ascii=False).encode() + b"\n"


def fill(connection: Connection, table: Table, written: Iterable[bytes]) -> int:
    """Insert the rows of these lines; returns how many."""
    zone = None if connection.dialect.name == "sqlite" else UTC
    readers = {column.name: reader for column in table.columns if (reader := _reader(column.type, zone))}
    rows = (_read(json.loads(line), readers) for line in written)
    count = 0
    while some := list(islice(rows, AT_ONCE)):
        connection.execute(insert(table), some)
        count += len(some)
    if connection.dialect.name == "postgresql":
        _number_on(connection, table)
    return count


def _plain(value: Any) -> Any:
    match value:
        case bytes() | memoryview():
            return b64encode(value).decode()
        case datetime():
            return (value if value.tzinfo else value.replace(tzinfo=UTC)).isoformat()
    return value


def _reader(kind: TypeEngine[Any], zone: Any) -> Callable[[str], Any] | None:
    """What makes a column's value of what `_plain` made of it; None where that is the same."""
    if isinstance(kind, LargeBinary):
        return b64decode
    if isinstance(kind, DateTime):
        return lambda written: datetime.fromisoformat(written).astimezone(UTC).replace(tzinfo=zone)
    return None


def _read(row: dict[str, Any], readers: dict[str, Callable[[str], Any]]) -> dict[str, Any]:
    return {
        name: readers[name](value) if value is not None and name in readers else value for name, value in row.items()
    }


def _number_on(connection: Connection, table: Table) -> None:
    """Numbers that the database gives go on behind those that were inserted."""
    for column in table.primary_key:
        sequence = connection.scalar(
            text("SELECT pg_get_serial_sequence(:table, :column)"), {"table": f'"{table.name}"', "column": column.name}
        )
        if sequence:
            last = connection.scalar(select(func.max(column))) or 1
            connection.execute(select(func.setval(sequence, last)))
