"""What all tables share: moments in UTC, and what Python's types are in the database."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, DateTime, Dialect, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase


def now() -> datetime:
    """In UTC."""
    return datetime.now(UTC)


class PlainText(TypeDecorator[str]):
    """PostgreSQL takes no character zero: another one stands in its place, and no offset moves."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """None stays None."""
        return value.replace("\0", "\ufffd") if value else value


class UtcDateTime(TypeDecorator[datetime]):
    """SQLite forgets the zone of a time stamp, PostgreSQL tells it in the server's; every one of ours is UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """None stays None."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """What Python's types are in every table."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        dict[str, Any]: JSON,
        list[Any]: JSON,
        str: PlainText,
    }
