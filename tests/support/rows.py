"""A row for every table, whatever it holds: made from the tables themselves, so that a new one has its row at once."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Table, insert, inspect, select

from app.persistence.tables import Base

MADE: dict[type, Any] = {str: "x", int: 1, bool: True, float: 0.5, datetime: datetime(2026, 1, 1, tzinfo=UTC),
                         bytes: bytes([0, 0, 1, 0])}  # fmt: skip


def fill(connection: Connection, owner_id: str = "ada") -> None:
    """One row for each table; each refers to those above it."""
    made: dict[str, Any] = {}
    for table in Base.metadata.sorted_tables:
        row = {column.name: _value(table, column, owner_id, made) for column in table.columns}
        connection.execute(insert(table), row)
        made |= {f"{table.name}.{name}": value for name, value in row.items()}


def _value(table: Table, column: Any, owner_id: str, made: dict[str, Any]) -> Any:
    for key in column.foreign_keys:
        return made[key.target_fullname]
    if table.name == "learners" and column.name == "id":
        return owner_id
    kind = getattr(column.type, "impl_instance", column.type).python_type
    return {} if kind is object else table.name[:10] if kind is str else MADE[kind]


def keys(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """The primary keys of the rows of every table that the database has now."""
    known = inspect(connection).get_table_names()
    return {
        table.name: sorted(map(tuple, connection.execute(select(*table.primary_key.columns))))
        for table in Base.metadata.sorted_tables
        if table.name in known
    }
