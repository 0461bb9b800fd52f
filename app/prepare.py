"""`python -m app.prepare`: checks the pipeline settings, brings database and built-in model up to date."""

import logging
import sys

from sqlalchemy.exc import SQLAlchemyError

from app.persistence.db import CannotMigrate, connect, migrate
from app.pipeline_config import CONFIG, UnusableConfig, load
from app.settings import Settings


def main() -> int:
    """The exit code; what stands in the way is a sentence on standard output."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    settings = Settings()
    try:
        load(CONFIG)
    except UnusableConfig as error:
        print(error)
        return 1
    try:
        migrate(connect(settings.database))
    except CannotMigrate as error:
        print(error)
        return 1
    except SQLAlchemyError as error:
        print(f"The database cannot be used: {error}")
        return 1
    if not settings.embedding_model:
        from app.models.minilm import MiniLM

        MiniLM(settings.data_dir / "models").build()
    return 0


if __name__ == "__main__":
    sys.exit(main())
