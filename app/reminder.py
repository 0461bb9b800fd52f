"""What waits in the rows is put into the queue again where the queue has lost it."""

import time
from collections.abc import Callable, Collection

AGAIN_SECONDS = 120.0


class Reminder:
    """Sends ids; one that still waits after a while is sent again, since a killed process may have taken it along."""

    def __init__(self, send: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._send = send
        self._clock = clock
        self._sent: dict[str, float] | None = None

    def remind(self, waiting: Collection[str], at_once: Collection[str]) -> None:
        """The first time everything is sent: whoever did this before may have died of it."""
        before, at = self._sent, self._clock()
        self._sent = {id_: at if before is None else before.get(id_, at) for id_ in waiting}
        for id_ in waiting:
            if before is None or id_ in at_once or at - self._sent[id_] > AGAIN_SECONDS:
                self._sent[id_] = at
                self._send(id_)
