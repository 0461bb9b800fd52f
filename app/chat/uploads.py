"""The cards of files dropped into a chat: what they show, and how they stay true."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import asdict, dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from app.documents import Accepted
from app.persistence.library import Placement, Shelved
from app.progress import Next
from app.wiring import Services
from tools.errors import InvalidRequest, NotFound, StudyError
from tools.types import JobState, Learner, Progress

log = logging.getLogger(__name__)

STAGES = {
    "waiting": "Waiting for its turn",
    "partition": "Reading the pages",
    "embed": "Learning what the pages say",
    "index": "Putting it on the shelf",
    "read back": "Checking that it can be found",
}
SHARES = {"partition": (0.0, 0.2), "embed": (0.2, 0.97), "index": (0.97, 0.99), "read back": (0.99, 1.0)}
"""Where each stage begins and ends on the bar, by the time it takes."""
OPEN = (JobState.QUEUED, JobState.RUNNING)


@dataclass(frozen=True, slots=True)
class Card:
    """What one card shows. `state` is that of the job, or `refused` or `removed`; `place` is where it is filed."""

    document_id: str
    filename: str
    state: str
    job_id: str = ""
    stage: str = ""
    done: int = 0
    total: int = 0
    fraction: float = 0.0
    error: str = ""
    notes: tuple[str, ...] = ()
    pages: int = 0
    place: str = ""
    suggestion: str = ""
    again: bool = False
    """The same bytes were there already, so nothing was read."""

    def props(self) -> dict[str, Any]:
        """What the browser's UploadCard is given."""
        return {**asdict(self), "notes": list(self.notes)}


@dataclass(frozen=True, slots=True)
class Dropped:
    """A file of a message, as it lies on disk."""

    name: str
    path: Path


def accept(services: Services, learner: Learner, thread_id: str, files: list[Dropped]) -> list[Card]:
    """One card a file; a refused one says why and keeps nothing."""
    return [_accept(services, learner, thread_id, file) for file in files]


def _accept(services: Services, learner: Learner, thread_id: str, file: Dropped) -> Card:
    try:
        with file.path.open("rb") as content:
            accepted = services.documents.accept(learner, file.name, content, thread_id=thread_id)
    except StudyError as error:
        return Card("", PurePosixPath(file.name).name, "refused", error=str(error))
    return of_accepted(services, learner, thread_id, accepted)


def of_accepted(services: Services, learner: Learner, thread_id: str, accepted: Accepted) -> Card:
    """The card of a file that was just taken in, which says when it had been there already."""
    card = current(services, learner, thread_id).get(accepted.document_id)
    if card is None:
        return Card(accepted.document_id, accepted.filename, accepted.status, accepted.job_id or "")
    return replace(card, again=accepted.duplicate_of is not None)


def current(services: Services, learner: Learner, thread_id: str) -> dict[str, Card]:
    """The cards of a conversation by document."""
    return {
        progress.document_id: _card(services, learner, progress)
        for progress in services.jobs.in_thread(learner, thread_id)
    }


def rebuilt(services: Services, learner: Learner, cards: dict[str, Card], props: dict[str, Any]) -> dict[str, Any]:
    """What a card of an earlier session has to show now."""
    if props.get("state") == "refused":
        return props
    if card := cards.get(props["document_id"]):
        return refreshed(props, card)
    return {**props, "state": _ended(services, learner, props.get("job_id") or ""), "error": "", "notes": []}


def refreshed(props: dict[str, Any], card: Card) -> dict[str, Any]:
    """What a card shows now; that the file was there already stays true of it."""
    return {**card.props(), "again": props.get("again", False)}


def gone(props: dict[str, Any]) -> dict[str, Any]:
    """What a card shows whose document has just disappeared: it was cancelled while it was read, or deleted."""
    return {**props, "state": JobState.CANCELLED if props["state"] in OPEN else "removed", "notes": []}


def change(services: Services, learner: Learner, document_id: str, wish: dict[str, str]) -> None:
    """Cancel, retry or file a document. Raises StudyError."""
    job = services.jobs.latest(learner, document_id)
    match wish.get("do"):
        case "cancel" if job:
            services.documents.cancel(learner, job.id)
        case "retry" if job:
            services.documents.retry(learner, job.id)
        case "file":
            services.library.move(learner, document_id, _placement(wish))
        case _:
            raise InvalidRequest


def _placement(wish: dict[str, str]) -> Placement:
    names = [" ".join(str(wish.get(part) or "").split())[:200] for part in ("semester", "subject", "book")]
    if not all(names):
        raise InvalidRequest("Please fill in semester, subject and book.")
    return Placement(*names)


def _ended(services: Services, learner: Learner, job_id: str) -> str:
    """What became of a document that is gone."""
    try:
        job = services.jobs.get(learner, job_id)
    except NotFound:
        return "removed"
    return "cancelled" if job.state == JobState.CANCELLED or job.cancel_requested else "removed"


def _card(services: Services, learner: Learner, progress: Progress) -> Card:
    try:
        shelved = services.library.document(learner, progress.document_id)
    except NotFound:  # deleted since it was listed
        return Card(progress.document_id, progress.filename, "removed", progress.job_id)
    document = shelved.document
    return Card(
        document_id=progress.document_id,
        filename=progress.filename,
        state=progress.state,
        job_id=progress.job_id,
        stage=STAGES.get(progress.stage, "Reading"),
        done=progress.done,
        total=progress.total,
        fraction=_fraction(progress),
        error=progress.error or document.error or "",
        notes=tuple(document.details.get("notes") or ()),
        pages=document.page_count,
        place=_place(shelved),
        suggestion=document.title or PurePosixPath(progress.filename).stem.replace("_", " "),
    )


def _fraction(progress: Progress) -> float:
    start, end = SHARES.get(progress.stage, (0.0, 0.0))
    return round(start + (end - start) * (progress.done / progress.total if progress.total else 0), 3)


def _place(shelved: Shelved) -> str:
    return f"{shelved.semester} › {shelved.subject} › {shelved.book}" if shelved.book else ""


class Watch:
    """Follows the files of one conversation and shows each change, until nothing is being read any more."""

    def __init__(
        self,
        look: Callable[[], dict[str, Card]],
        show: Callable[[str, Card | None], Awaitable[None]],
        listen: Callable[[], AbstractAsyncContextManager[Next]],
    ) -> None:
        """`look` reads the rows; `show` is given a document's id and its card, None when the document is gone.

        `listen` gives a function that waits until there may be something new.
        """
        self._look = look
        self._show = show
        self._listen = listen
        self._shown: dict[str, Card] = {}
        self.task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to follow, or go on."""
        if self.task is None or self.task.done():
            self.task = asyncio.create_task(self._follow())

    async def _follow(self) -> None:
        async with self._listen() as news:
            while await self._step():
                await news()

    async def _step(self) -> bool:
        """Show what has changed; tells whether there is more to come."""
        try:
            cards = await asyncio.to_thread(self._look)
        except Exception:  # the next look may succeed; the card keeps its last state meanwhile
            log.exception("the progress of a conversation's files could not be read")
            return True
        for document_id, card in cards.items():
            if self._shown.get(document_id) != card:
                await self._show(document_id, card)
        for document_id in self._shown.keys() - cards.keys():
            await self._show(document_id, None)
        self._shown = cards
        return any(card.state in OPEN for card in cards.values())
