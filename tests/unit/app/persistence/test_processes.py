"""Who counts as alive: a count that moves on, whatever the clocks say."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app.identity import Identity, Role, this_process
from app.persistence.db import Database, Service
from app.persistence.learners import LearnerStore
from app.persistence.processes import LONGEST_LOOK, SILENT_SECONDS, STUCK_SECONDS, Processes
from app.persistence.queries import QueryStore
from app.persistence.tables import Process, now
from tests.support.learners import ADA
from tools.types import QueryState


class Time:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def mine(database: Database, time: Time) -> Processes:
    """This process, who looks at the others."""
    processes = Processes(database, this_process(Role.WORKER), time)
    processes.beat()
    return processes


def elsewhere(database: Database, pid: int = 1) -> Processes:
    processes = Processes(database, Identity(Role.WORKER, "elsewhere", pid, "today"))
    processes.beat()
    return processes


def look_for(mine: Processes, time: Time, seconds: float) -> None:
    """What a heart does that beats for so long."""
    for _ in range(int(seconds)):
        time.now += 1
        mine.bury()


def test_one_elsewhere_is_dead_after_a_silence_and_not_before(database: Database, mine: Processes, time: Time) -> None:
    other = elsewhere(database)
    mine.bury()
    look_for(mine, time, SILENT_SECONDS)
    assert other.me.id in mine.living()
    look_for(mine, time, 1)
    assert other.me.id not in mine.living()


def test_one_that_beats_lives_though_every_clock_is_wrong(database: Database, mine: Processes, time: Time) -> None:
    other = elsewhere(database)
    for hours in (-5, 5) * 10:
        other.beat()
        with database.service_session(Service.WATCHDOG) as session:
            session.execute(update(Process).values(heartbeat_at=now() + timedelta(hours=hours)))
        look_for(mine, time, SILENT_SECONDS - 1)
    assert other.me.id in mine.living()


def test_who_slept_himself_takes_nobody_for_dead(database: Database, mine: Processes, time: Time) -> None:
    other = elsewhere(database)
    mine.bury()
    time.now += 10 * SILENT_SECONDS
    mine.bury()
    assert other.me.id in mine.living()
    assert LONGEST_LOOK < SILENT_SECONDS


def test_one_that_ran_here_is_dead_at_once(database: Database, mine: Processes) -> None:
    me = mine.me
    reborn = Processes(database, Identity(Role.WEB, me.host, me.pid, "a former process of this number"))
    reborn.beat()
    mine.bury()
    assert mine.living() == {me.id}


def test_one_that_runs_here_and_says_nothing_is_stuck_after_a_while(
    database: Database, mine: Processes, time: Time
) -> None:
    me = mine.me
    stuck = Processes(database, this_process(Role.WEB))
    stuck.beat()
    mine.bury()
    look_for(mine, time, STUCK_SECONDS)
    assert stuck.me.id in mine.living()
    look_for(mine, time, 1)
    assert mine.living() == {me.id}


def test_one_that_was_taken_for_dead_is_there_again_with_its_next_beat(database: Database, mine: Processes) -> None:
    other = elsewhere(database)
    other.leave()
    assert other.me.id not in mine.living()
    other.beat()
    assert other.me.id in mine.living()


def test_the_oldest_of_a_role_is_first_and_then_the_next(database: Database, mine: Processes) -> None:
    second, third = elsewhere(database, 2), elsewhere(database, 3)
    assert [one.is_first() for one in (mine, second, third)] == [True, False, False]
    mine.leave()
    assert [one.is_first() for one in (second, third)] == [True, False]
    mine.beat()
    assert not mine.is_first(), "who comes back is the youngest"
    web = Processes(database, this_process(Role.WEB))
    web.beat()
    assert web.is_first()


def test_only_what_the_dead_were_answering_was_interrupted(database: Database, mine: Processes) -> None:
    LearnerStore(database).known(ADA)
    ids = {
        holder: QueryStore(database, holder).begin(ADA, "thread", "What is osmosis?")
        for holder in (mine.me.id, "dead", None)
    }
    queries = QueryStore(database)
    queries.interrupt_orphans()
    states = {holder: queries.get(ADA, query_id).state for holder, query_id in ids.items()}
    assert states == {
        mine.me.id: QueryState.RUNNING,
        "dead": QueryState.INTERRUPTED,
        None: QueryState.INTERRUPTED,
    }
