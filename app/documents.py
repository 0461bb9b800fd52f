"""Uploads and what becomes of them: accept, file, cancel, retry, delete."""

import contextlib
import hashlib
import logging
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.allowance import Allowance
from app.persistence.db import Database, insert_if_new, take_turns
from app.persistence.jobs import OPEN, JobStore, queue_in
from app.persistence.library import LibraryStore, Placement, attach_in, place_in
from app.persistence.tables import Document, PipelineRun
from app.persistence.uploads import UploadStore, release_in
from app.storage.keys import delete_below, exists, filed_keys, pages_folder, unfiled_key
from ingestion.partition import kind_of
from tools.errors import Conflict, NotFound, StorageUnavailable, TooLarge
from tools.ports import Storage
from tools.types import JobState, Learner

log = logging.getLogger("studyrag.documents")

READ_SIZE = 1 << 20


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of one uploaded file; `duplicate_of` names the document that already held these bytes."""

    document_id: str
    job_id: str | None
    filename: str
    status: str
    duplicate_of: str | None = None


class Documents:
    """What learners upload; `enqueue` is given the id of a job, `forget_vectors` those of a learner and a document."""

    def __init__(
        self,
        database: Database,
        storage: Storage,
        enqueue: Callable[[str], None],
        forget_vectors: Callable[[Learner, str], None],
        allowance: Allowance,
    ) -> None:
        self.database = database
        self.library = LibraryStore(database)
        self.jobs = JobStore(database)
        self.uploads = UploadStore(database)
        self.storage = storage
        self.enqueue = enqueue
        self.forget_vectors = forget_vectors
        self.allowance = allowance

    def accept(
        self,
        learner: Learner,
        filename: str,
        content: BinaryIO,
        placement: Placement | None = None,
        thread_id: str | None = None,
    ) -> Accepted:
        """Check, store and queue one file, which is read twice. What it raises, it raises with nothing kept.

        Raises TooLarge, UnreadableDocument, LibraryFull, TooMany, StorageFull or StorageUnavailable.
        """
        values = self._described(learner, filename, content)
        known = self._known(learner, values["id"])
        if known is not None and _is_current(known):
            return self._recognise(learner, known, values["filename"], placement, thread_id)
        self.allowance.check(self.database, learner, values["size"])
        key = self._key(values, known, placement)
        with self._only_with_its_row(learner, values["id"], key):
            content.seek(0)
            self.storage.put(key, content)
            return self._take_in({**values, "storage_key": key}, placement, thread_id)

    def accept_stored(self, learner: Learner, key: str, filename: str, placement: Placement) -> Accepted:
        """Queue a file that somebody put into the store directly: it stays where it is. Raises as `accept` does."""
        with self.storage.local_copy(key) as path, path.open("rb") as content:
            values = self._described(learner, filename, content)
        known = self._known(learner, values["id"])
        if known is not None and _is_current(known):
            return self._recognise(learner, known, values["filename"], placement, None)
        self.allowance.check(self.database, learner, values["size"])
        self.uploads.overwritten(learner, key, values["id"])
        return self._take_in({**values, "storage_key": key}, placement, None)

    def cancel(self, learner: Learner, job_id: str) -> PipelineRun:
        """Stop an upload; a job that no worker has taken is over at once."""
        job = self.jobs.request_cancel(learner, job_id)
        if job.state == JobState.QUEUED:
            self.discard(job)
        return self.jobs.get(learner, job_id)

    def retry(self, learner: Learner, job_id: str) -> str:
        """Queue a failed upload again; returns the new job's id."""
        job = self.jobs.get(learner, job_id)
        if job.state != JobState.FAILED:
            raise Conflict("Only an upload that failed can be tried again.")
        self.library.document(learner, job.document_id)
        return self.queue(learner, job.document_id, job.filename)

    def read_again(self, learner: Learner, document_id: str) -> str:
        """Queue a document that is ready or failed, as its owner's settings are now; returns the job's id."""
        document = self.library.document(learner, document_id).document
        if document.superseded_by:
            raise Conflict("There is a newer version of this file: read that again.")
        return self.queue(learner, document_id, document.filename)

    def delete(self, learner: Learner, document_id: str) -> str:
        """Remove a document with its rows, vectors, files and caches; returns its file name."""
        job = self.jobs.latest(learner, document_id)
        if job is not None and job.state in OPEN:
            self.jobs.cancelled(job.id)
        self.library.document(learner, document_id)
        self.forget_vectors(learner, document_id)
        document = self.library.delete(learner, document_id)
        self._remove_files(learner, document)
        return document.filename

    def discard(self, job: PipelineRun) -> None:
        """Leave nothing of a cancelled upload but the job's own row."""
        learner = Learner(job.owner_id)
        self.forget_vectors(learner, job.document_id)
        with contextlib.suppress(NotFound):  # the learner may have deleted it meanwhile
            self._remove_files(learner, self.library.delete(learner, job.document_id))
        self.jobs.cancelled(job.id)

    def _described(self, learner: Learner, filename: str, content: BinaryIO) -> dict[str, Any]:
        """The row of a new document but for its key. Raises TooLarge and UnreadableDocument."""
        filename = safe_name(filename)
        sha256, size = self._measured(content)
        kind = kind_of(content, filename)
        described = {"id": document_id_of(learner, sha256), "owner_id": learner.id, "filename": filename, "kind": kind}
        return {**described, "sha256": sha256, "size": size}

    def _key(self, values: dict[str, Any], known: Document | None, placement: Placement | None) -> str:
        """Where the bytes are to lie: where they lay before, or where nothing else does."""
        learner, document_id, filename = values["owner_id"], values["id"], values["filename"]
        if known is not None and known.storage_key:
            return known.storage_key
        if placement is None:
            keys: tuple[str, ...] = (unfiled_key(learner, filename, document_id),)
        else:
            keys = filed_keys(learner, (placement.semester, placement.subject, placement.book), filename, document_id)
        return self.uploads.claim(Learner(learner), document_id, keys, lambda key: exists(self.storage, key))

    def _take_in(self, row: dict[str, Any], placement: Placement | None, thread_id: str | None) -> Accepted:
        """What lies in the store gets its row, and its job is queued."""
        learner, filename = Learner(row["owner_id"]), row["filename"]
        job_id = self._insert(row, placement, thread_id)
        if job_id is None:  # the same bytes arrived twice at the same moment
            known = self.library.document(learner, row["id"]).document
            return self._recognise(learner, known, filename, placement, thread_id)
        self.enqueue(job_id)
        return Accepted(row["id"], job_id, filename, JobState.QUEUED)

    def _measured(self, content: BinaryIO) -> tuple[str, int]:
        """The digest and size of a file; it is at its beginning afterwards."""
        digest, size = hashlib.sha256(), 0
        while block := content.read(READ_SIZE):
            size += len(block)
            if size > self.allowance.max_bytes:
                raise TooLarge(
                    f"This file is larger than {self.allowance.max_bytes >> 20} MB. Split it, or upload a part."
                )
            digest.update(block)
        content.seek(0)
        return digest.hexdigest(), size

    def _known(self, learner: Learner, document_id: str) -> Document | None:
        with self.database.session_of(learner) as session:
            row = session.get(Document, document_id)
            return row if row is not None and row.owner_id == learner.id else None

    def _recognise(
        self, learner: Learner, known: Document, filename: str, placement: Placement | None, thread_id: str | None
    ) -> Accepted:
        """The bytes are there already: file them if they were not, and make them part of this conversation."""
        if placement and known.book_id is None:
            self.library.move(learner, known.id, placement)
        if thread_id:
            self.library.attach(learner, thread_id, known.id, filename)
        job = self.jobs.latest(learner, known.id)
        return Accepted(known.id, job.id if job else None, filename, known.state, duplicate_of=known.id)

    @contextlib.contextmanager
    def _only_with_its_row(self, learner: Learner, document_id: str, key: str) -> Iterator[None]:
        """Bytes that no row came to name are removed again."""
        try:
            yield
        finally:
            row = self._known(learner, document_id)
            if row is None or row.storage_key != key:
                self.storage.delete(key)
                self.uploads.release(learner, key)

    def _insert(self, values: dict[str, Any], placement: Placement | None, thread_id: str | None) -> str | None:
        """Row, place, conversation and job, all or none; None when a document in use has these bytes."""
        learner = Learner(values["owner_id"])
        with self.database.session_of(learner) as session:
            take_turns(session, learner)
            row = _claimed(session, values)
            if row is None:
                return None
            if placement:
                _file(session, row, place_in(session, learner, placement))
            if thread_id:
                attach_in(session, learner, thread_id, row.id, row.filename)
            release_in(session, row.storage_key)
            return queue_in(session, learner, row.id, row.filename)

    def queue(self, learner: Learner, document_id: str, filename: str) -> str:
        """Have a document read; returns the job's id, that of the open one if there is one."""
        job_id = self.jobs.create(learner, document_id, filename)
        self.enqueue(job_id)
        return job_id

    def _remove_files(self, learner: Learner, document: Document) -> None:
        """What a store that is away keeps is remembered by its key's claim, and goes when it is back."""
        try:
            self.storage.delete(document.storage_key)
            delete_below(self.storage, pages_folder(learner.id, document.id))
        except StorageUnavailable:
            log.warning("the files of document %s could not be removed yet", document.id)
        else:
            self.uploads.release(learner, document.storage_key)


def _claimed(session: Session, values: dict[str, Any]) -> Document | None:
    """The new row, or that of an upload that failed or was replaced; None when the document is in use."""
    is_new = session.scalar(insert_if_new(session, Document).values(values).returning(Document.id))
    row = session.get_one(Document, values["id"])
    if is_new:
        return row
    if _is_current(row):
        return None
    row.filename, row.kind, row.storage_key = values["filename"], values["kind"], values["storage_key"]
    row.superseded_by, row.replaces_id, row.error = None, None, None
    return row


def _file(session: Session, row: Document, book_id: str) -> None:
    """Put a document into a book, as a new version of the file of that name if there is one."""
    previous = session.scalar(
        select(Document).where(
            Document.book_id == book_id,
            Document.filename == row.filename,
            Document.superseded_by.is_(None),
            Document.id != row.id,
        )
    )
    row.book_id = book_id
    if previous is not None:
        row.version, row.replaces_id = previous.version + 1, previous.id


def _is_current(document: Document) -> bool:
    return document.state not in (JobState.FAILED, JobState.CANCELLED) and not document.superseded_by


def document_id_of(learner: Learner, sha256: str) -> str:
    """The same bytes of the same learner are the same document."""
    return hashlib.sha256(f"{learner.id}:{sha256}".encode()).hexdigest()[:32]


def safe_name(filename: str) -> str:
    """A file name as the learner knows it, without folders and control characters, at most 200 characters."""
    name = unicodedata.normalize("NFC", filename).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(character for character in name if unicodedata.category(character)[0] != "C").strip()
    if not name or name in (".", ".."):
        return "untitled"
    stem, dot, suffix = name.rpartition(".")
    if len(name) <= 200:
        return name
    return f"{stem[: 199 - len(suffix)]}{dot}{suffix}" if dot and len(suffix) < 20 else name[:200]
