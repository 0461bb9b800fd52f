import io
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.allowance import Allowance
from app.documents import Accepted, Documents
from app.persistence.db import Database
from app.persistence.jobs import JobStore
from app.persistence.learners import LearnerStore
from app.persistence.library import LibraryStore, Placement
from app.storage.local import LocalStorage
from ingestion.pipeline import Ingested
from ingestion.types import Metadata
from tests.support.learners import ADA, BOB
from tools.types import Learner

METADATA = Metadata("Cells", None, "en", 3, (), (), (), ())
ALLOWANCE = Allowance(1 << 20, 1 << 30, 1_000_000, 1000, 1000)
BIOLOGY = Placement("Autumn", "Biology", "Cells")


@dataclass
class Desk:
    """The upload side of the shell on a temporary folder; what was queued and forgotten is written down."""

    database: Database
    library: LibraryStore
    jobs: JobStore
    storage: LocalStorage
    queued: list[str] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    allowance: Allowance = ALLOWANCE

    @property
    def documents(self) -> Documents:
        return Documents(
            self.database,
            self.storage,
            self.queued.append,
            lambda _, document_id: self.forgotten.append(document_id),
            self.allowance,
        )

    def upload(
        self,
        text: str,
        name: str = "notes.txt",
        placement: Placement | None = BIOLOGY,
        *,
        owner: Learner = ADA,
        thread_id: str | None = None,
    ) -> Accepted:
        return self.documents.accept(owner, name, io.BytesIO(text.encode()), placement, thread_id)


def make_ready(desk: Desk, job_id: str) -> str | None:
    """What the worker would say in the end; returns the document that was replaced."""
    assert desk.jobs.claim(job_id, "worker") is not None
    return desk.jobs.ready(job_id, "worker", Ingested(METADATA, 5, {}))


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Desk:
    library = LibraryStore(database)
    for learner in (ADA, BOB):
        LearnerStore(database).known(learner)
    return Desk(database, library, JobStore(database), LocalStorage(tmp_path / "objects"))
