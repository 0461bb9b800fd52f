"""How much a learner may have in the library, and upload in an hour: counted in the rows, so for all processes."""

import math
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from app.limits import TooMany
from app.persistence.db import Database
from app.persistence.jobs import OPEN
from app.persistence.tables import Document, PipelineRun, now
from tools.errors import StudyError
from tools.types import Learner

HOUR = timedelta(hours=1)
JOBS_SECONDS = 60


class LibraryFull(StudyError):
    """Your library is full. Delete something and try again."""

    code = "library_full"
    status = 429


@dataclass(frozen=True, slots=True)
class Allowance:
    """`max_bytes` holds for one file, `library_bytes` and `library_pages` for all documents of a learner."""

    max_bytes: int
    library_bytes: int
    library_pages: int
    open_jobs: int
    uploads_an_hour: int

    def check(self, database: Database, learner: Learner, size: int) -> None:
        """Before a new document of `size` bytes is taken in. Raises LibraryFull and TooMany.

        Uploads at the same moment may together go a little beyond.
        """
        documents = select(func.sum(Document.size), func.sum(Document.page_count))
        jobs = select(func.count(), func.min(PipelineRun.created_at)).where(PipelineRun.owner_id == learner.id)
        with database.session_of(learner) as session:
            held, pages = session.execute(documents.where(Document.owner_id == learner.id)).one()
            waiting, _ = session.execute(jobs.where(PipelineRun.state.in_(OPEN))).one()
            lately, first = session.execute(jobs.where(PipelineRun.created_at > now() - HOUR)).one()
        self._check_library((held or 0) + size, pages or 0)
        if waiting >= self.open_jobs:
            raise TooMany(f"{waiting:,} of your uploads wait to be read. Try again later.", retry_after=JOBS_SECONDS)
        if lately >= self.uploads_an_hour:
            wait = max(1, math.ceil((first + HOUR - now()).total_seconds()))
            told = f"You have uploaded {lately:,} files within an hour. Try again in {math.ceil(wait / 60)} minutes."
            raise TooMany(told, retry_after=wait)

    def _check_library(self, held: int, pages: int) -> None:
        if held > self.library_bytes:
            raise LibraryFull(f"Your library may hold {self.library_bytes >> 20:,} MB. Delete something and try again.")
        if pages >= self.library_pages:
            raise LibraryFull(f"Your library may hold {self.library_pages:,} pages. Delete something and try again.")
