"""What operators are told is the same on both databases."""

from datetime import timedelta

from app.persistence.db import Database
from app.persistence.learners import LearnerStore
from app.persistence.operation import Latency, OperationStore
from app.persistence.queries import QueryStore
from app.persistence.tables import Document, Feedback, ModelUsageRow, PipelineRun, now
from tests.support.databases import BOTH
from tests.support.learners import ADA, BOB
from tools.types import Learner, QueryState

pytestmark = BOTH


def ask(database: Database, learner: Learner, question: str, **values: object) -> None:
    queries = QueryStore(database)
    query_id = queries.begin(learner, "thread", question)
    queries.finish(learner, query_id, QueryState.DONE, route="answer", model="a model", **values)


def test_what_all_learners_did_is_counted(database: Database) -> None:
    since = now() - timedelta(days=1)
    for learner in (ADA, BOB):
        LearnerStore(database).known(learner)
        ask(database, learner, "What is osmosis?", milliseconds={"retrieve": 10, "answer": 30})
    ask(database, BOB, "A private question?", refused=True)
    ask(database, BOB, "A private question?")
    with database.session_of(ADA) as session:
        session.add(
            Document(id="d", owner_id=ADA.id, filename="b", sha256="x", size=7, storage_key="k", passage_count=3)
        )
        job = PipelineRun(id="j", document_id="d", owner_id=ADA.id, filename="b", state="failed", finished_at=now())
        job.error_code = "unreadable_document"
        session.add(job)
        session.add(Feedback(id="f", for_id="s", thread_id="thread", owner_id=ADA.id, value=1))
        spent = {"owner_id": ADA.id, "day": now().date().isoformat(), "model": "a model", "is_own": False}
        session.add(ModelUsageRow(**spent, read=10, written=5, dollars=0.25))
    told = OperationStore(database)
    usage = told.usage(since)
    assert (usage.learners, usage.questions, usage.refused, usage.failed) == (2, 4, 1, 0)
    assert (usage.documents, usage.thumbs_up, usage.thumbs_down) == (1, 1, 0)
    assert (usage.tokens, usage.dollars) == (15, 0.25)
    assert (usage.routes, usage.models) == ({"answer": 4}, {"a model": 4})
    assert usage.errors == {"unreadable_document": 1}
    assert [day.questions for day in usage.days] == [4]
    assert [(one.question, one.times) for one in told.popular(since)] == [("What is osmosis?", 2)]
    assert told.latencies(since)[0] == Latency("whole turn", 2, 40, 40)
    assert told.work().jobs == {"failed": 1}
    assert (told.stored().passages, told.stored().bytes) == (3, 7)


def test_nothing_is_told_of_what_was_before(database: Database) -> None:
    LearnerStore(database).known(ADA)
    ask(database, ADA, "What is osmosis?")
    usage = OperationStore(database).usage(now() + timedelta(minutes=1))
    assert (usage.questions, usage.learners, usage.days, usage.routes) == (0, 0, (), {})
