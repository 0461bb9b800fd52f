"""What was asked, found and answered, and the numbered citations of each conversation."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import uuid4

from sqlalchemy import delete, insert, select, update

from app.persistence.db import Database, Service
from app.persistence.processes import nobodys
from app.persistence.tables import CitationRow, Document, Query
from tools.errors import NotFound
from tools.types import Citation, Learner, QueryState


class QueryStore:
    """Queries and citations; `holder` is the process that answers what is asked through this store."""

    def __init__(self, database: Database, holder: str | None = None) -> None:
        self.database = database
        self.holder = holder

    def begin(self, learner: Learner, thread_id: str, question: str) -> str:
        """Note a question down as running, in the hands of this process; returns the query's id."""
        query_id = uuid4().hex
        with self.database.session_of(learner) as session:
            row = Query(id=query_id, owner_id=learner.id, thread_id=thread_id, question=question, holder=self.holder)
            session.add(row)
        return query_id

    def finish(self, learner: Learner, query_id: str, state: QueryState, **values: Any) -> None:
        """Keep how it ended; `values` are columns."""
        with self.database.session_of(learner) as session:
            own = update(Query).where(Query.id == query_id, Query.owner_id == learner.id)
            session.execute(own.values(state=state, **values))

    def interrupt_orphans(self) -> None:
        """What a process was answering when it died will not be finished."""
        with self.database.service_session(Service.WATCHDOG) as session:
            running = update(Query).where(Query.state == QueryState.RUNNING, nobodys(Query.holder))
            session.execute(running.values(state=QueryState.INTERRUPTED))

    def get(self, learner: Learner, query_id: str) -> Query:
        """Raises NotFound for a query of somebody else as for none."""
        with self.database.session_of(learner) as session:
            row = session.get(Query, query_id)
            if row is None or row.owner_id != learner.id:
                raise NotFound("There is no such question in your history.")
            return row

    def history(
        self, learner: Learner, *, thread_id: str | None = None, limit: int = 50, offset: int = 0
    ) -> list[Query]:
        """Newest first."""
        query = select(Query).where(Query.owner_id == learner.id)
        if thread_id:
            query = query.where(Query.thread_id == thread_id)
        with self.database.session_of(learner) as session:
            return list(session.scalars(query.order_by(Query.created_at.desc()).limit(limit).offset(offset)))

    def keep_citations(self, learner: Learner, thread_id: str, citations: Sequence[Citation]) -> None:
        """Numbers are stable in a conversation, so writing one again changes nothing."""
        if not citations:
            return
        own = {"thread_id": thread_id, "owner_id": learner.id}
        numbers = [citation.n for citation in citations]
        with self.database.session_of(learner) as session:
            # a number that a crash left behind may be given anew
            session.execute(delete(CitationRow).filter_by(**own).where(CitationRow.n.in_(numbers)))
            session.execute(insert(CitationRow), [own | _columns(citation) for citation in citations])

    def citation(self, learner: Learner, thread_id: str, n: int) -> CitationRow:
        """Raises NotFound for a citation of somebody else as for none."""
        with self.database.session_of(learner) as session:
            row = session.get(CitationRow, (thread_id, n))
            if row is None or row.owner_id != learner.id:
                raise NotFound("There is no such citation in this conversation.")
            return row

    def citations(self, learner: Learner, thread_id: str) -> list[tuple[CitationRow, bool]]:
        """The citations of a conversation by number, each with whether its document still exists."""
        with self.database.session_of(learner) as session:
            rows = session.execute(
                select(CitationRow, Document.id)
                .outerjoin(Document, Document.id == CitationRow.document_id)
                .where(CitationRow.owner_id == learner.id, CitationRow.thread_id == thread_id)
                .order_by(CitationRow.n)
            ).all()
            return [(row[0], row[1] is not None) for row in rows]


def _columns(citation: Citation) -> dict[str, Any]:
    return {key: value for key, value in asdict(citation).items() if key != "verified"}
