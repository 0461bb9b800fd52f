"""What was read and never changes, kept in memory up to a number of bytes."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

BUDGET = 64 << 20


class ByteCache(Generic[K, V]):
    """The least recently used go first; safe to use from many threads.

    A key must name its content: nothing is taken out because it has changed.
    """

    def __init__(self, budget: int = BUDGET) -> None:
        self._budget = budget
        self._kept: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._lock = Lock()
        self._bytes = 0

    @property
    def bytes(self) -> int:
        """How much is kept; never more than the budget."""
        return self._bytes

    def get(self, keys: Iterable[K]) -> dict[K, V]:
        """Those of the keys that are kept."""
        found: dict[K, V] = {}
        with self._lock:
            for key in keys:
                if key in self._kept:
                    self._kept.move_to_end(key)
                    found[key] = self._kept[key][0]
        return found

    def put(self, key: K, value: V, size: int) -> None:
        """Keep a value of `size` bytes, unless it alone is too large."""
        if size > self._budget:
            return
        with self._lock:
            self._bytes += size - self._kept.pop(key, (value, 0))[1]
            self._kept[key] = value, size
            while self._bytes > self._budget:
                self._bytes -= self._kept.popitem(last=False)[1][1]

    def drop(self, unwanted: Callable[[K], bool]) -> None:
        """Take out what has such a key."""
        with self._lock:
            for key in [key for key in self._kept if unwanted(key)]:
                self._bytes -= self._kept.pop(key)[1]
