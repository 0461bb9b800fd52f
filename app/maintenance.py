"""Rows, vectors and objects are compared now and then, and what dead processes and servers left apart is mended.

`python -m app maintenance` does it at once, and prints what was found.
"""

import logging
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import PurePosixPath

from sqlalchemy import select

from app.beginning import begin
from app.identity import Role
from app.indexes import Index
from app.persistence.tables import Document, KeyClaim
from app.storage.keys import exists
from app.wiring import Services
from tools.errors import StudyError
from tools.types import JobState, Learner

log = logging.getLogger("studyrag.maintenance")

EVERY = timedelta(hours=6)


@dataclass(slots=True)
class Report:
    """What was found apart, by number; all of it but missing originals is mended."""

    vectors_of_deleted_documents: int = 0
    documents_without_their_vectors: int = 0
    collections_of_nobody: int = 0
    objects_without_a_document: int = 0
    missing_originals: int = 0


class Maintenance:
    """One run at a time is enough, and does nobody harm who works meanwhile; a second one is only wasted."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def run(self) -> Report:
        """Compare and mend. Raises StudyError when the index or the store does not answer."""
        report = Report()
        self._services.storage.sweep()
        self._drop_abandoned_uploads(report)
        report.collections_of_nobody = self._services.indexes.drop_strangers()
        for learner in self._services.indexes.learners():
            self._look_after_vectors(learner, report)
            self._look_after_objects(learner, report)
        log.info("maintenance: %s", ", ".join(f"{number} {what}" for what, number in said(report).items()))
        return report

    def _look_after_vectors(self, learner: Learner, report: Report) -> None:
        index = self._services.indexes.serving(learner)
        held = index.vectors.documents()
        documents = self._documents(learner)
        for document_id in held.keys() - documents.keys():
            if self._state(learner, document_id) is None:
                index.vectors.delete(document_id)
                report.vectors_of_deleted_documents += held[document_id]
        wanting = {
            document.id
            for document in documents.values()
            if document.state == JobState.READY and held.get(document.id, 0) < document.passage_count
        }
        report.documents_without_their_vectors += self._refilled(learner, index, wanting)

    def _refilled(self, learner: Learner, index: Index, wanting: Collection[str]) -> int:
        """From the database, which keeps them, too; returns how many documents were."""
        refilled: set[str] = set()
        for document_id, ids, vectors in index.vectors.means.every():
            if document_id in wanting:
                index.vectors.upsert(document_id, ids, vectors)
                refilled.add(document_id)
        for document_id in refilled:
            if self._state(learner, document_id) is None:  # deleted meanwhile
                index.vectors.delete(document_id)
        return len(refilled)

    def _look_after_objects(self, learner: Learner, report: Report) -> None:
        storage = self._services.storage
        documents = self._documents(learner)
        for folder in ("pages", "chat_files", "originals"):
            for key in storage.list(f"users/{learner.id}/{folder}"):
                document_id = PurePosixPath(key).parts[3].partition(".")[0]
                if document_id not in documents and not self._is_wanted(learner, document_id):
                    storage.delete(key)
                    report.objects_without_a_document += 1
        for document in documents.values():
            if document.state == JobState.READY and not exists(storage, document.storage_key):
                log.warning("the original of document %s is missing", document.id)
                report.missing_originals += 1

    def _drop_abandoned_uploads(self, report: Report) -> None:
        for learner, key in self._services.documents.uploads.abandoned():
            if key not in {document.storage_key for document in self._documents(learner).values()}:
                self._services.storage.delete(key)
                report.objects_without_a_document += 1
            self._services.documents.uploads.release(learner, key)

    def _is_wanted(self, learner: Learner, document_id: str) -> bool:
        """Whether a document came meanwhile, or its upload is under way."""
        claimed = select(KeyClaim.key).where(KeyClaim.owner_id == learner.id, KeyClaim.document_id == document_id)
        with self._services.database.session_of(learner) as session:
            return session.get(Document, document_id) is not None or session.scalar(claimed.limit(1)) is not None

    def _documents(self, learner: Learner) -> dict[str, Document]:
        with self._services.database.session_of(learner) as session:
            rows = session.scalars(select(Document).where(Document.owner_id == learner.id))
            return {row.id: row for row in rows}

    def _state(self, learner: Learner, document_id: str) -> str | None:
        with self._services.database.session_of(learner) as session:
            return session.scalar(
                select(Document.state).where(Document.owner_id == learner.id, Document.id == document_id)
            )


def said(report: Report) -> dict[str, int]:
    """The numbers by what they count, in words."""
    return {name.replace("_", " "): number for name, number in asdict(report).items()}


def main() -> int:
    """The exit code: 1 when the index or the store does not answer, which is said."""
    try:
        report = Maintenance(Services(begin(Role.WORKER), Role.WORKER)).run()
    except StudyError as error:
        print(error)
        return 1
    for what, number in said(report).items():
        print(f"{what:<32} {number:>8}")
    return 0
