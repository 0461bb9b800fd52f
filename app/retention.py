"""What is kept no longer."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.documents import Documents
from app.persistence.db import Service
from app.persistence.tables import Document
from tools.errors import NotFound
from tools.types import Learner


def forget_old_versions(documents: Documents, before: datetime) -> list[str]:
    """Delete the versions that another one has replaced before then; returns their ids. Raises StorageUnavailable."""
    newer = aliased(Document)
    old = select(Document.owner_id, Document.id).join(newer, newer.id == Document.superseded_by)
    with documents.database.service_session(Service.WATCHDOG) as session:
        found = session.execute(old.where(newer.ready_at < before)).all()
    return [id_ for owner_id, id_ in found if _is_deleted(documents, Learner(owner_id), id_)]


def _is_deleted(documents: Documents, learner: Learner, document_id: str) -> bool:
    try:
        documents.delete(learner, document_id)
    except NotFound:  # its learner was quicker
        return False
    return True
