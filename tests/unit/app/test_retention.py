"""What is kept no longer."""

from datetime import UTC, datetime, timedelta

from app.retention import forget_old_versions
from tests.support.learners import ADA
from tests.unit.app.conftest import Desk, make_ready


def test_old_versions_go_when_they_have_been_replaced_for_long(desk: Desk) -> None:
    old, new = desk.upload("first"), desk.upload("second")
    for accepted in (old, new):
        make_ready(desk, str(accepted.job_id))

    now, day = datetime.now(UTC), timedelta(days=1)
    assert forget_old_versions(desk.documents, now - day) == []
    assert forget_old_versions(desk.documents, now + day) == [old.document_id]
    assert forget_old_versions(desk.documents, now + day) == []
    assert [row.id for row in desk.library.versions(ADA, new.document_id)] == [new.document_id]
    assert len(desk.storage.list("users")) == 1
