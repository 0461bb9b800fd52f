"""Puts the parts together: the one place that knows which implementation stands behind which port."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from celery import Celery

from agent.deps import ChatModel, Rerank
from agent.questions.marker import ChatMarker
from app.allowance import Allowance
from app.author import Author
from app.broker import Queue, Task, celery_app
from app.caches import Cache, CountedCache, MemoryCache, RedisCache
from app.choices import Choices
from app.documents import Documents
from app.identity import Role, this_process
from app.indexes import Indexes
from app.limits import Limits
from app.markers import Examiner, Marker, RuleMarker
from app.models.chosen import ChatModels
from app.models.providers import PROGRAMS, Program
from app.own_models import OwnModels
from app.persistence.db import Database, connect, migrate
from app.persistence.jobs import JobStore
from app.persistence.learners import LearnerStore
from app.persistence.library import LibraryStore
from app.persistence.operation import OperationStore
from app.persistence.pipeline_configs import PipelineConfigStore
from app.persistence.preferences import PreferenceStore
from app.persistence.processes import Processes
from app.persistence.queries import QueryStore
from app.persistence.quizzes import QuizStore
from app.persistence.reviews import ReviewStore
from app.persistence.threads import ThreadStore
from app.persistence.usage import UsageStore
from app.persistence.writings import WritingStore
from app.pipeline_config import CONFIG, load
from app.progress import Progress
from app.questions import QuestionPipeline, words_of
from app.quizzes import Quizzes
from app.reviews import Reviews
from app.scribe import Scribe
from app.searches import Searches
from app.secret_file import secret_in
from app.settings import Settings
from app.storage.local import LocalStorage
from app.telemetry.sinks import sinks_for
from app.telemetry.telemetry import Telemetry
from app.writing import Absence, Writing
from tools.ports import Storage
from tools.types import Learner

if TYPE_CHECKING:
    from app.accounts.service import Accounts
    from app.sealing import Sealer

LOCAL_LEARNER = Learner("local")
"""Whose everything is where there are no accounts."""


@dataclass(frozen=True)
class Services:
    """Everything the doors use. Parts are made when first asked for, so that a process loads only what it needs."""

    settings: Settings
    role: Role = Role.WEB
    model_programs: tuple[Program, ...] = PROGRAMS
    """The model servers that are looked for on this machine."""

    @cached_property
    def database(self) -> Database:
        """Brought up to date first. Raises CannotMigrate when a newer version wrote it."""
        engine = connect(self.settings.database)
        migrate(engine)
        return Database(engine)

    def is_operator(self, learner: Learner) -> bool:
        """Whether a learner operates this server: the local one does, others are named by id or e-mail address."""
        named = {name.strip().lower() for name in self.settings.operators.split(",") if name.strip()}
        return learner == LOCAL_LEARNER or not named.isdisjoint({learner.id.lower(), learner.email.lower()})

    @cached_property
    def telemetry(self) -> Telemetry:
        """Who is told how turns and quizzes went; what serves a service is loaded only where it is configured."""
        return Telemetry(sinks_for(self.settings, self.role))

    @cached_property
    def processes(self) -> Processes:
        """Who else works on this data folder."""
        return Processes(self.database, this_process(self.role))

    @cached_property
    def storage(self) -> Storage:
        """Files and page images, encrypted if there is a key."""
        from app.storage.sealed import Key, SealedStorage

        keys = [Key(secret) for secret in self.settings.storage_keys]
        return SealedStorage(self.objects, keys, self.settings.data_dir / "tmp" / "opened")

    @cached_property
    def objects(self) -> Storage:
        """Where they lie: in the bucket that is configured, else below the data folder."""
        if not self.settings.s3_bucket:
            return LocalStorage(self.settings.data_dir / "objects")
        from app.storage.copies import Copies
        from app.storage.s3 import S3Storage, bucket_of

        copies = Copies(self.settings.data_dir / "copies", self.settings.s3_cache_mb << 20)
        return S3Storage(bucket_of(self.settings), copies)

    @cached_property
    def learners(self) -> LearnerStore:
        """Who is known here."""
        return LearnerStore(self.database)

    @cached_property
    def accounts(self) -> "Accounts | None":
        """Who signs in; None where there is one learner."""
        if not self.settings.has_accounts:
            return None
        from app.accounts.service import Accounts
        from app.accounts.supabase import SupabaseAuth
        from app.accounts.tokens import Tokens

        settings = self.settings
        service_key = settings.supabase_service_key.get_secret_value()
        auth = SupabaseAuth(settings.supabase_url, settings.supabase_anon_key, service_key)
        issuer = settings.supabase_jwt_issuer or auth.url
        tokens = Tokens(issuer, auth.keys, settings.supabase_jwt_secret.get_secret_value())
        # Of its own where it is in memory: what is driven out there would come to life again.
        ended = self.cache if settings.redis_url else MemoryCache()
        return Accounts(auth, tokens, self.learners, ended, self.limits)

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
    def operation(self) -> OperationStore:
        """What all learners do, in numbers."""
        return OperationStore(self.database)

    @cached_property
    def celery(self) -> Celery:
        """The queue, as a client or as a worker's application."""
        return celery_app(self.settings)

    @cached_property
    def queue(self) -> Queue:
        """How workers and writers hear that there is work."""
        return Queue(self.celery)

    @cached_property
    def progress(self) -> Progress:
        """How pages hear what becomes of uploads."""
        return Progress(self.settings.redis_url)

    @cached_property
    def limits(self) -> Limits:
        """How much each learner and address may ask for."""
        return Limits(self.settings)

    @cached_property
    def cache(self) -> Cache:
        """What was worked out before, for this process or for all of them."""
        return CountedCache(RedisCache(self.settings.redis_url) if self.settings.redis_url else MemoryCache())

    @cached_property
    def indexes(self) -> Indexes:
        """The index that serves, and the one that is being filled for another model."""
        return Indexes(self.settings, self.database, self.cache)

    @cached_property
    def searches(self) -> Searches:
        """Searches of the index that serves, which remember what they found."""
        return Searches(self.database, self.indexes, self.cache)

    @cached_property
    def documents(self) -> Documents:
        """Uploads, and what becomes of them."""
        return Documents(
            self.database,
            self.storage,
            lambda _job_id: self.queue.tell(Task.INGEST),
            self.indexes.forget,
            self.allowance,
        )

    @property
    def allowance(self) -> Allowance:
        """How much each learner may upload and have."""
        settings = self.settings
        return Allowance(
            settings.max_file_mb << 20,
            settings.max_library_mb << 20,
            settings.max_library_pages,
            settings.max_open_jobs,
            settings.uploads_per_hour,
        )

    @cached_property
    def author(self) -> Author:
        """Writes questions with the models and indexes there are."""
        pipeline = QuestionPipeline(self.indexes.serving, lambda learner: self.chat_model_of(learner))
        return Author(QuizStore(self.database), self.library, lambda: self.indexes.likeness, pipeline)

    @cached_property
    def writing(self) -> Writing:
        """The door to the writing of quizzes, which happens in the writer process."""
        absence = Absence(lambda: self.processes.heard(Role.WRITER) is not None)
        return Writing(
            self.author,
            ReviewStore(self.database),
            lambda _quiz_id: self.queue.tell(Task.WRITE),
            absence.is_long,
        )

    @cached_property
    def scribe(self) -> Scribe:
        """Writes the quizzes that this process takes into its hands."""
        return Scribe(WritingStore(self.database), self.author, self.processes.me.id, telemetry=self.telemetry)

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

    def _marker(self, learner: Learner) -> Marker:
        model = self.chat_model_of(learner)
        return ChatMarker(model) if model else RuleMarker()

    @cached_property
    def choices(self) -> Choices:
        """What learners have chosen. Raises UnusableConfig."""
        configs = PipelineConfigStore(self.database)
        return Choices(self.settings, PreferenceStore(self.database), configs, load(CONFIG))

    @cached_property
    def own_models(self) -> OwnModels:
        """The models that learners bring along."""
        return OwnModels(
            self.choices.preferences,
            lambda: self.sealer,
            self.settings.model_timeout_seconds,
            any_address=self.settings.is_local,
        )

    @cached_property
    def sealer(self) -> "Sealer":
        """Seals with the configured secret, or one of the data folder."""
        from app.sealing import Sealer

        return Sealer(self.settings.secret_key.get_secret_value() or secret_in(self.settings.data_dir / "secret_key"))

    @cached_property
    def chat_models(self) -> ChatModels:
        """Which chat model answers whom."""
        return ChatModels(self.settings, self.usage, self.own_models)

    @cached_property
    def usage(self) -> UsageStore:
        """What the models did for whom."""
        return UsageStore(self.database)

    def chat_model_of(self, learner: Learner) -> ChatModel | None:
        """The model that serves a learner now; None for the built-in tutor."""
        chosen = self.choices.of(learner)
        return self.chat_models.serving(learner, chosen.preferences, chosen.pipeline.generation.options).model

    @cached_property
    def reranker(self) -> Rerank | None:
        """None when none is configured: then our own ranking stays. Raises ModelFailed for an unknown provider."""
        if not self.settings.rerank_model:
            return None
        from app.models.litellm_rerank import LiteLLMReranker

        return LiteLLMReranker(
            self.settings.rerank_model,
            api_base=self.settings.rerank_api_base,
            timeout=self.settings.model_timeout_seconds,
        )
