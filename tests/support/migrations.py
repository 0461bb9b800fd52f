"""Going back to the schema of an earlier version, to see what becomes of its rows."""

from alembic import command
from alembic.config import Config

from app.persistence.db import MIGRATIONS, Database, schema_change


def downgrade(database: Database, revision: str) -> None:
    """Take the schema back; `migrate` brings it forward again."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.engine.connect() as connection, schema_change(connection):
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
