"""Work of the version that knew no processes is taken up, and nothing of it is lost on the way."""

from app.persistence.db import migrate
from app.persistence.queries import QueryStore
from tests.support.learners import ADA
from tests.support.migrations import downgrade
from tests.unit.app.conftest import Desk
from tools.types import JobState, QueryState


def test_a_job_and_a_question_of_before_are_found_to_be_nobodys(desk: Desk) -> None:
    job_id = str(desk.upload("Osmosis.").job_id)
    queries = QueryStore(desk.database)
    query_id = queries.begin(ADA, "thread", "What is osmosis?")
    desk.jobs.claim(job_id, "host:4711")
    downgrade(desk.database, "0005")
    migrate(desk.database.engine)
    job, query = desk.jobs.get(ADA, job_id), queries.get(ADA, query_id)
    assert (job.state, job.worker, query.state) == (JobState.RUNNING, "host:4711", QueryState.RUNNING)
    assert desk.jobs.let_go() == [job_id]
    queries.interrupt_orphans()
    assert queries.get(ADA, query_id).state == QueryState.INTERRUPTED
