"""A server that failed is left alone for a while."""

from app.outage import AWAY_SECONDS, TRIAL_SECONDS, Outage
from tests.support.study import Clock


def test_after_a_while_one_tries_for_all() -> None:
    clock = Clock()
    outage = Outage("it", clock)
    assert not outage.spares()
    assert not outage.spares(), "while nothing is wrong, nobody waits for anybody"

    outage.begins(OSError())
    assert (outage.lasts, outage.spares()) == (True, True)
    clock.now += AWAY_SECONDS
    assert [outage.spares() for _ in range(3)] == [False, True, True]
    outage.ends()
    assert [outage.spares() for _ in range(3)] == [False, False, False]


def test_a_try_that_tells_nothing_does_not_last_for_ever() -> None:
    clock = Clock()
    outage = Outage("it", clock)
    outage.begins(OSError())
    clock.now += AWAY_SECONDS
    assert not outage.spares()
    clock.now += TRIAL_SECONDS
    assert [outage.spares(), outage.spares()] == [False, True]
