"""Who is known here: a row for everybody who ever came in, under which everything of theirs stands."""

from sqlalchemy import select

from app.persistence.db import Database, Service, insert_if_new
from app.persistence.tables import LearnerRow, Thread
from tools.types import Learner

NAMELESS = "You"


class LearnerStore:
    """The learners, as the doors know them."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def known(self, learner: Learner) -> LearnerRow:
        """The learner's row, made at first sight."""
        name = learner.email or NAMELESS
        new = {"id": learner.id, "identifier": learner.id, "display_name": name, "profile": {}}
        with self.database.service_session(Service.SIGN_IN) as session:
            if session.get(LearnerRow, learner.id) is None:  # two first requests may be at this at once
                session.execute(insert_if_new(session, LearnerRow).values(new))
            return session.get_one(LearnerRow, learner.id)

    def called(self, identifier: str) -> LearnerRow | None:
        """None for an identifier that nobody has; asked before anybody is signed in."""
        with self.database.service_session(Service.SIGN_IN) as session:
            return session.scalar(select(LearnerRow).where(LearnerRow.identifier == identifier))

    def owner(self, thread_id: str) -> LearnerRow | None:
        """None for a conversation that does not exist; asked before anybody is signed in."""
        with self.database.service_session(Service.SIGN_IN) as session:
            return session.scalar(
                select(LearnerRow).join(Thread, Thread.owner_id == LearnerRow.id).where(Thread.id == thread_id)
            )
