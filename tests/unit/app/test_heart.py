"""A heart beats until it is stopped, whatever fails in between."""

import threading

import pytest
from sqlalchemy.exc import OperationalError

from app.heart import Heart
from app.identity import Identity, Role
from app.persistence.db import Database
from app.persistence.processes import Processes


@pytest.fixture
def processes(database: Database) -> Processes:
    return Processes(database, Identity(Role.WEB, "here", 1, "today"))


def test_it_is_known_from_its_start_to_its_stop(processes: Processes) -> None:
    known_behind: list[bool] = []
    heart = Heart(processes, lambda: known_behind.append(processes.me.id in processes.living()), seconds=60)
    heart.start()
    assert known_behind == [True]
    heart.stop()
    assert processes.living() == set()


def test_a_database_that_does_not_answer_does_not_stop_it(processes: Processes) -> None:
    looks, enough = [], threading.Event()

    def fail() -> None:
        looks.append(1)
        if len(looks) == 3:
            enough.set()
        raise OperationalError("BEGIN", None, Exception("database is locked"))

    heart = Heart(processes, fail, seconds=0.01)
    heart.start()
    assert enough.wait(60)
    heart.stop()
