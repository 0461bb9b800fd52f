"""What is done by the clock."""

from datetime import UTC, datetime, timedelta

import pytest

from app.persistence.db import Database, Service
from app.persistence.tables import Setting
from app.regularly import AGAIN, SOON, Regularly
from tools.errors import StorageUnavailable

DAY = timedelta(days=1)


def wait(database: Database) -> timedelta:
    with database.service_session(Service.INSTALLATION) as session:
        return datetime.fromisoformat(session.get_one(Setting, "chore").value["next"]) - datetime.now(UTC)


def make_due(database: Database) -> None:
    with database.service_session(Service.INSTALLATION) as session:
        session.get_one(Setting, "chore").value = {"next": datetime.now(UTC).isoformat()}


def test_it_is_done_once_by_however_many_and_again_when_it_is_due(database: Database) -> None:
    done: list[str] = []
    one = Regularly(database, "chore", DAY, lambda: done.append("one"))
    other = Regularly(database, "chore", DAY, lambda: done.append("other"))
    for chore in (one, other, one):
        chore.run()
    assert done == ["one"]
    assert wait(database) > DAY / 2

    make_due(database)
    assert one.is_due
    other.run()
    assert done == ["one", "other"]


@pytest.mark.parametrize("error", [StorageUnavailable(), OSError("no such folder")])
def test_what_fails_is_tried_again_soon(database: Database, error: Exception) -> None:
    def fail() -> None:
        raise error

    chore = Regularly(database, "chore", DAY, fail)
    chore.run()
    assert not chore.is_due
    assert wait(database) <= AGAIN


def test_it_is_not_begun_a_second_time_while_it_lasts(database: Database) -> None:
    times = []

    def again() -> None:
        times.append(1)
        make_due(database)
        chore.run()

    chore = Regularly(database, "chore", DAY, again)
    chore.run()
    assert times == [1]


def test_what_is_done_at_the_start_is_done_by_one_of_those_that_start_together(database: Database) -> None:
    done: list[str] = []

    def started(name: str) -> Regularly:
        return Regularly(database, "chore", DAY, lambda: done.append(name), at_start=True)

    for chore in (started("first"), started("second")):
        chore.run()
    assert done == ["first"]
    with database.service_session(Service.INSTALLATION) as session:
        row = session.get_one(Setting, "chore")
        row.value = {**row.value, "begun": (datetime.now(UTC) - 2 * SOON).isoformat()}
    for chore in (started("later"), started("as late")):
        chore.run()
    assert done == ["first", "later"]
