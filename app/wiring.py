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
        """Brought up to date first. Raises CommandError when a newer version wrote it."""
        engine = connect(self.settings.database)
        migrate(engine)
        return Database(engine)

    @cached_property
    def processes(self) -> Processes:
        """Who else works on this data folder."""
        return Processes(self.database, this_process(self.role))

    @cached_property
    def storage(self) -> Storage:
        """Files and page images, below the data folder."""
        return LocalStorage(self.settings.data_dir / "objects")

    @cached_property
    def library(self) -> LibraryStore:
        """Semesters, subjects, books and documents."""
        return LibraryStore(self.database)

    @cached_property
    def jobs(self) -> JobStore:
        """The reading of documents."""
        return JobStore(self.database)

    @cached_property
    def threads(self) -> ThreadStore:
        """Whose conversations there are, and what they show."""
        return ThreadStore(self.database)

    @cached_property
    def queries(self) -> QueryStore:
        """What was asked and answered; new ones are in the hands of this process."""
        return QueryStore(self.database, self.processes.me.id)

    @cached_property
    def celery(self) -> Celery:
        """The queue, as a client or as a worker's application."""
        return celery_app(self.settings)

    @cached_property
    def indexes(self) -> Indexes:
        """The index that serves, and the one that is being filled for another model."""
        return Indexes(self.settings, self.database)

    @cached_property
    def documents(self) -> Documents:
        """Uploads, and what becomes of them."""
        return Documents(
            self.database,
            self.storage,
            lambda job_id: enqueue_ingestion(self.celery, job_id),
            self.indexes.forget,
            self.settings.max_file_mb << 20,
        )

    @cached_property
    def author(self) -> Author:
        """Writes questions with the models and indexes there are."""
        pipeline = QuestionPipeline(self.indexes.serving, lambda: self.chat_model)
        return Author(QuizStore(self.database), self.library, lambda: self.indexes.likeness, pipeline)

    @cached_property
    def writing(self) -> Writing:
        """The door to the writing of quizzes, which happens in the writer process."""
        absence = Absence(lambda: self.processes.heard(Role.WRITER) is not None)
        return Writing(
            self.author,
            ReviewStore(self.database),
            lambda quiz_id: enqueue_quiz(self.celery, quiz_id),
            absence.is_long,
        )

    @cached_property
    def scribe(self) -> Scribe:
        """Writes the quizzes that this process takes into its hands."""
        return Scribe(WritingStore(self.database), self.author, self.processes.me.id)

    @cached_property
    def quizzes(self) -> Quizzes:
        """Answers, marks and reports."""
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
        """None when none is configured: then the built-in tutor answers."""
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
