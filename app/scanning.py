"""Files that somebody put into the store directly."""

from dataclasses import dataclass
from enum import StrEnum

from app.documents import Documents
from app.persistence.library import Placement
from app.storage.keys import names_in, scanned_folder
from tools.errors import DamagedFile, LockedFile, NotFound, StudyError, TooLarge, UnreadableDocument
from tools.types import Learner


class Which(StrEnum):
    """What a scan looks at: files that no document names, or all, also those that were overwritten, to be read anew."""

    NEW = "new"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Scan:
    """The jobs that a scan has queued, and the files it could not accept with the reason."""

    jobs: list[str]
    refused: list[tuple[str, StudyError]]


def scan(documents: Documents, learner: Learner, which: Which) -> Scan:
    """Queue what lies in the store under `raw_data/{semester}/{subject}/{book}/`."""
    keys = documents.storage.list(scanned_folder(learner.id))
    ours = documents.uploads.keys(learner, with_current=which is Which.NEW)
    found = Scan([], [])
    for key in keys:
        names = names_in(learner.id, key)
        if names is not None and key not in ours:
            _look_at(documents, learner, key, names, which, found)
    return found


def _look_at(documents: Documents, learner: Learner, key: str, names: list[str], which: Which, found: Scan) -> None:
    *place, filename = names
    try:
        accepted = documents.accept_stored(learner, key, filename, Placement(*place))
    except NotFound:
        return  # removed since it was listed
    except (UnreadableDocument, TooLarge, LockedFile, DamagedFile) as error:
        found.refused.append((filename, error))
        return
    if accepted.duplicate_of is None:
        found.jobs.append(str(accepted.job_id))
    elif which is Which.ALL:
        found.jobs.append(documents.queue(learner, accepted.document_id, accepted.filename))
