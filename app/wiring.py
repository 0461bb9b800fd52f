"""Puts the parts together: the one place that knows which implementation stands behind which port."""

from dataclasses import dataclass
from functools import cached_property

from celery import Celery
from langchain_core.embeddings import Embeddings

from agent.deps import ChatModel
from app.broker import celery_app, enqueue_ingestion
from app.documents import Documents
from app.persistence.db import Database, connect, migrate
from app.persistence.jobs import JobStore
from app.persistence.keyword import SqliteKeywordIndex
from app.persistence.library import LibraryStore
from app.persistence.passages import PassageTable
from app.persistence.queries import QueryStore
from app.settings import Settings
from app.storage.local import LocalStorage
from app.vectors import ChromaIndex
from tools.search import HybridSearch

LOCAL_LEARNER = "local"


@dataclass(frozen=True)
class Services:
    """Everything the doors use. Parts are made when first asked for, so that a process loads only what it needs."""

    settings: Settings

    @cached_property
    def database(self) -> Database:
        engine = connect(self.settings.database)
        migrate(engine)
        return Database(engine)

    @cached_property
    def storage(self) -> LocalStorage:
        return LocalStorage(self.settings.data_dir / "objects")

    @cached_property
    def library(self) -> LibraryStore:
        return LibraryStore(self.database)

    @cached_property
    def jobs(self) -> JobStore:
        return JobStore(self.database)

    @cached_property
    def queries(self) -> QueryStore:
        return QueryStore(self.database)

    @cached_property
    def celery(self) -> Celery:
        return celery_app(self.settings)

    @cached_property
    def embeddings(self) -> Embeddings:
        if self.settings.embedding_model:
            from app.models.litellm_embeddings import build_embeddings

            return build_embeddings(
                self.settings.embedding_model,
                api_base=self.settings.embedding_api_base,
                timeout=self.settings.model_timeout_seconds,
            )
        from app.models.minilm import MiniLM

        return MiniLM(self.settings.data_dir / "models")

    @cached_property
    def vectors(self) -> ChromaIndex:
        return ChromaIndex(self.settings.chroma_url, self.settings.embeddings_name)

    @cached_property
    def passages(self) -> PassageTable:
        return PassageTable(self.database, self.settings.embeddings_name)

    @cached_property
    def search(self) -> HybridSearch:
        return HybridSearch(self.embeddings, SqliteKeywordIndex(self.database), self.vectors, self.passages)

    @cached_property
    def documents(self) -> Documents:
        return Documents(
            self.database,
            self.library,
            self.jobs,
            self.vectors,
            self.storage,
            lambda job_id: enqueue_ingestion(self.celery, job_id),
            self.settings.max_file_mb << 20,
        )

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
