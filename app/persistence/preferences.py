"""What learners have chosen: how they are answered, by whom, and a model of their own."""

from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.persistence.db import Database
from app.persistence.tables import OwnModelRow, PreferencesRow, now
from tools.types import AnswerLength, Learner


class TutorChoice(StrEnum):
    """Who answers a learner: whom the operator configured, the built-in tutor, or the learner's own model."""

    DEFAULT = "default"
    BUILT_IN = "built_in"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class OwnModel:
    """As it is kept: the key is sealed."""

    provider: str
    model: str
    api_base: str
    sealed_key: bytes
    tested_at: datetime


@dataclass(frozen=True, slots=True)
class Preferences:
    """Of one learner; these are those of somebody who has chosen nothing."""

    answer_length: AnswerLength = AnswerLength.NORMAL
    tutor: TutorChoice = TutorChoice.DEFAULT
    own: OwnModel | None = None


class PreferenceStore:
    """One row for the choices, one for the model of a learner's own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, learner: Learner) -> Preferences:
        """What holds for a learner now."""
        with self._database.session_of(learner) as session:
            row, own = session.get(PreferencesRow, learner.id), session.get(OwnModelRow, learner.id)
        kept = OwnModel(own.provider, own.model, own.api_base, own.sealed_key, own.tested_at) if own else None
        if row is None:
            return Preferences(own=kept)
        return Preferences(AnswerLength(row.answer_length), TutorChoice(row.tutor), kept)

    def choose(self, learner: Learner, answer_length: AnswerLength, tutor: TutorChoice) -> None:
        """Replace what was chosen before."""
        with self._database.session_of(learner) as session:
            _choose(session, learner, answer_length, tutor)

    def keep_model(self, learner: Learner, own: OwnModel) -> None:
        """Replace a learner's own model, and let it answer from now on."""
        with self._database.session_of(learner) as session:
            session.merge(OwnModelRow(owner_id=learner.id, **asdict(own)))
            row = session.get(PreferencesRow, learner.id)
            _choose(session, learner, row.answer_length if row else AnswerLength.NORMAL, TutorChoice.OWN)

    def forget_model(self, learner: Learner) -> None:
        """Leave nothing of a learner's own model; who it answered is answered by the operator's."""
        with self._database.session_of(learner) as session:
            session.execute(delete(OwnModelRow).where(OwnModelRow.owner_id == learner.id))
            row = session.get(PreferencesRow, learner.id)
            if row is not None and row.tutor == TutorChoice.OWN:
                row.tutor = TutorChoice.DEFAULT


def _choose(session: Session, learner: Learner, answer_length: str, tutor: TutorChoice) -> None:
    session.merge(PreferencesRow(owner_id=learner.id, answer_length=answer_length, tutor=tutor, updated_at=now()))
