"""Nobody waits for the courier, and what it cannot carry is counted."""

import threading

from app.telemetry.courier import Courier
from app.telemetry.metrics import telemetry_dropped


def dropped(name: str) -> float:
    value: float = telemetry_dropped.labels(name)._value.get()
    return value


def test_what_is_too_much_is_dropped_while_one_thing_hangs() -> None:
    hangs, done = threading.Event(), list[int]()
    courier = Courier("slow", waiting=3)
    begun = threading.Event()
    courier.send(lambda: (begun.set(), hangs.wait()))
    begun.wait()
    for n in range(5):
        courier.send(lambda n=n: done.append(n))
    assert dropped("slow") == 2
    courier.close(0.01)
    assert not done, "nobody waits long for what hangs"
    hangs.set()
    courier.close(300)
    assert done == [0, 1, 2]


def test_what_fails_does_not_end_it() -> None:
    done = threading.Event()
    courier = Courier("failing")
    courier.send(lambda: 1 / 0)
    courier.send(done.set)
    assert done.wait(300)
    courier.close(300)
