"""A writer of quizzes in a thread of the test's own process."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import datetime

from app.author import Author
from app.event_loop import EventLoop
from app.persistence.tables import now
from app.persistence.writings import WritingStore
from app.scribe import Scribe


@contextmanager
def scribe_for(author: Author, clock: Callable[[], datetime] = now) -> Iterator[Callable[[str], None]]:
    """Gives a quiz to the writer, as the queue would; at the end whatever it has in hand is given back."""
    scribe = Scribe(WritingStore(author.store.database), author, "scribe", clock, look_seconds=0.01)
    written: list[Future[None]] = []
    with EventLoop() as loop:
        yield lambda _quiz_id: written.append(loop.start(scribe.write()))
        scribe.stopping.set()
        for one in written:
            one.exception()
