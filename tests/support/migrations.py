"""Going back to the schema of an earlier version, to see what becomes of its rows."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from app.persistence.db import MIGRATIONS, Database, schema_change


@contextmanager
def whole(database: Database) -> Iterator[Connection]:
    """All rows and the schema itself, in one transaction: as a migration has them."""
    with database.engine.connect() as connection, schema_change(connection):
        yield connection


def downgrade(database: Database, revision: str) -> None:
    """Take the schema back; `migrate` brings it forward again."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with whole(database) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
