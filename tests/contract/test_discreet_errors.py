"""What a database says of an error goes into logs, so it names no values."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.persistence.db import Database, Service
from tests.support.databases import BOTH

SAID = "my private diary"


@BOTH
def test_an_error_of_the_database_quotes_no_values(database: Database) -> None:
    with pytest.raises(DBAPIError) as error, database.service_session(Service.INSTALLATION) as session:
        session.execute(text("SELECT :said FROM there_is_no_such_table"), {"said": SAID})
    assert "there_is_no_such_table" in str(error.value)
    assert SAID not in str(error.value)
