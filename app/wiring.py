"""Puts the parts together: the one place that knows which implementation stands behind which port."""

from dataclasses import dataclass
from functools import cached_property

from celery import Celery

from agent.deps import ChatModel
from agent.questions.marker import ChatMarker
from app.author import Author
from app.broker import celery_app, enqueue_ingestion, enqueue_quiz
from app.documents import Documents
from app.identity import Role, this_process
from app.indexes import Indexes
from app.markers import Examiner, Marker, RuleMarker
from app.persistence.db import Database, connect, migrate
from app.persistence.jobs import JobStore
from app.persistence.library import LibraryStore
from app.persistence.processes import Processes
from app.persistence.queries import QueryStore
from app.persistence.quizzes import QuizStore
from app.persistence.reviews import ReviewStore
from app.persistence.threads import ThreadStore
from app.persistence.writings import WritingStore
from app.questions import QuestionPipeline, words_of
from app.quizzes import Quizzes
from app.reviews import Reviews
from app.scribe import Scribe
from app.settings import Settings
from app.storage.local import LocalStorage
from app.writing import Absence, Writing
from tools.ports import Storage

LOCAL_LEARNER = "local"


@dataclass(frozen=True)
class Services:
    """Everything the doors use. Parts are made when first asked for, so that a process loads only what it needs."""

    settings: Settings
    role: Role = Role.WEB

    @cached_property
    def database(self) -> Database:
        engine = connect(self.settings.database)
        migrate(engine)
        return Database(engine)

    @cached_property
    def processes(self) -> Processes:
        return Processes(self.database, this_process(self.role))

    @cached_property
    def storage(self) -> Storage:
        return LocalStorage(self.settings.data_dir / "objects")

    @cached_property
    def library(self) -> LibraryStore:
        return LibraryStore(self.database)

    @cached_property
    def jobs(self) -> JobStore:
        return JobStore(self.database)

    @cached_property
    def threads(self) -> ThreadStore:
        """Whose conversations there are, and what they show."""
        return ThreadStore(self.database)

    @cached_property
    def queries(self) -> QueryStore:
        return QueryStore(self.database, self.processes.me.id)

    @cached_property
    def celery(self) -> Celery:
        return celery_app(self.settings)

    @cached_property
    def indexes(self) -> Indexes:
        return Indexes(self.settings, self.database)

    @cached_property
    def documents(self) -> Documents:
        return Documents(
            self.database,
            self.storage,
            lambda job_id: enqueue_ingestion(self.celery, job_id),
            self.indexes.forget,
            self.settings.max_file_mb << 20,
        )

    @cached_property
    def author(self) -> Author:
        pipeline = QuestionPipeline(self.indexes.serving, lambda: self.chat_model)
        return Author(QuizStore(self.database), self.library, lambda: self.indexes.embeddings, pipeline)

    @cached_property
    def writing(self) -> Writing:
        absence = Absence(lambda: self.processes.heard(Role.WRITER) is not None)
        return Writing(
            self.author,
            ReviewStore(self.database),
            lambda quiz_id: enqueue_quiz(self.celery, quiz_id),
            absence.is_long,
        )

    @cached_property
    def scribe(self) -> Scribe:
        return Scribe(WritingStore(self.database), self.author, self.processes.me.id)

    @cached_property
    def quizzes(self) -> Quizzes:
        writing = self.writing
        return Quizzes(writing.store, writing.reviews, writing, self.examiner)

    @cached_property
    def reviews(self) -> Reviews:
        """What is due, and what each learner knows."""
        return Reviews(self.writing.store, self.writing.reviews, self.library, self.examiner)

    @cached_property
    def examiner(self) -> Examiner:
        """The marker that serves, with the words of the books."""
        return Examiner(words_of(self.database), self._marker)

    def _marker(self) -> Marker:
        return ChatMarker(self.chat_model) if self.chat_model else RuleMarker()

    @cached_property
    def chat_model(self) -> ChatModel | None:
        if not self.settings.chat_model:
            return None
        from app.models.litellm_chat import build_chat_model

        chat = build_chat_model(
            self.settings.chat_model,
            self.settings.fallbacks,
            api_base=self.settings.chat_api_base,
            timeout=self.settings.model_timeout_seconds,
        )
        return ChatModel(self.settings.chat_model, chat)
