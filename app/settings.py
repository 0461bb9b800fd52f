"""All configuration, read once from the environment (and `.env`)."""

from base64 import b64decode
from binascii import Error
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

BUILT_IN_EMBEDDINGS = "builtin-minilm-l6-v2"
LogFormat = Literal["text", "json"]
SHORTEST_SECRET = 32
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
KEY_BYTES = 32


class Place(BaseModel):
    """One of several places where a model is asked; `api_key_name` is the variable in which its key stands."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str
    api_base: str = ""
    api_key_name: str = ""
    requests_per_minute: int = Field(default=0, ge=0)


class Settings(BaseSettings):
    """Frozen; a combination that cannot work does not start."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True, env_ignore_empty=True)

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    data_dir: Path = Field(default=Path("data"), validation_alias="STUDYRAG_DATA_DIR")

    chat_model: str = Field(default="", validation_alias="STUDYRAG_CHAT_MODEL")
    fallback_models: str = Field(default="", validation_alias="STUDYRAG_FALLBACK_MODELS")
    chat_api_base: str = Field(default="", validation_alias="STUDYRAG_CHAT_API_BASE")
    deployments: tuple[Place, ...] = Field(default=(), validation_alias="STUDYRAG_DEPLOYMENTS")
    model_timeout_seconds: float = Field(default=30, gt=0, validation_alias="STUDYRAG_MODEL_TIMEOUT_SECONDS")
    embedding_model: str = Field(default="", validation_alias="STUDYRAG_EMBEDDING_MODEL")
    embedding_api_base: str = Field(default="", validation_alias="STUDYRAG_EMBEDDING_API_BASE")

    rerank_model: str = Field(default="", validation_alias="STUDYRAG_RERANK_MODEL")
    rerank_api_base: str = Field(default="", validation_alias="STUDYRAG_RERANK_API_BASE")
    tokens_per_day: int = Field(default=0, ge=0, validation_alias="STUDYRAG_TOKENS_PER_DAY")
    dollars_per_day: float = Field(default=0, ge=0, validation_alias="STUDYRAG_DOLLARS_PER_DAY")
    secret_key: SecretStr = Field(default=SecretStr(""), validation_alias="STUDYRAG_SECRET_KEY")

    max_file_mb: int = Field(default=200, ge=1, validation_alias="STUDYRAG_MAX_FILE_MB")
    max_pages: int = Field(default=5000, ge=1, validation_alias="STUDYRAG_MAX_PAGES")
    max_question_chars: int = Field(default=4000, ge=100, validation_alias="STUDYRAG_MAX_QUESTION_CHARS")
    requests_per_minute: int = Field(default=12_000, ge=1, validation_alias="STUDYRAG_REQUESTS_PER_MINUTE")
    address_requests_per_minute: int = Field(
        default=120_000, ge=1, validation_alias="STUDYRAG_ADDRESS_REQUESTS_PER_MINUTE"
    )
    questions_per_minute: int = Field(default=600, ge=1, validation_alias="STUDYRAG_QUESTIONS_PER_MINUTE")
    uploads_per_hour: int = Field(default=2_000, ge=1, validation_alias="STUDYRAG_UPLOADS_PER_HOUR")
    max_open_jobs: int = Field(default=2_000, ge=1, validation_alias="STUDYRAG_MAX_OPEN_JOBS")
    max_library_mb: int = Field(default=100_000, ge=1, validation_alias="STUDYRAG_MAX_LIBRARY_MB")
    max_library_pages: int = Field(default=1_000_000, ge=1, validation_alias="STUDYRAG_MAX_LIBRARY_PAGES")
    turns_at_once: int = Field(default=64, ge=1, validation_alias="STUDYRAG_TURNS_AT_ONCE")

    tries_per_minute: int = Field(default=10, ge=1, validation_alias="STUDYRAG_TRIES_PER_MINUTE")

    supabase_url: str = ""
    supabase_anon_key: str = ""
    supabase_service_key: SecretStr = SecretStr("")
    supabase_jwt_secret: SecretStr = SecretStr("")
    supabase_jwt_issuer: str = ""
    public_url: str = Field(default="", validation_alias="STUDYRAG_PUBLIC_URL")

    chroma_url: str = ""
    redis_url: str = ""
    database_url: str = ""

    @field_validator("database_url")
    @classmethod
    def _postgres(cls, value: str) -> str:
        """With the driver that we use; `postgres://` is how some providers write it."""
        scheme, _, rest = value.partition("://")
        if value and not (rest and scheme in ("postgres", "postgresql", "postgresql+psycopg")):
            raise ValueError("DATABASE_URL is not a PostgreSQL address: set postgresql://user:password@host:5432/name")
        return f"postgresql+psycopg://{rest}" if value else ""

    log_format: LogFormat = Field(default="text", validation_alias="STUDYRAG_LOG_FORMAT")
    metrics_port: int = Field(default=0, ge=0, le=65535, validation_alias="STUDYRAG_METRICS_PORT")
    metrics_token: SecretStr = Field(default=SecretStr(""), validation_alias="STUDYRAG_METRICS_TOKEN")
    operators: str = Field(default="", validation_alias="STUDYRAG_OPERATORS")
    langsmith_tracing: bool = False
    langsmith_api_key: SecretStr = SecretStr("")
    langsmith_endpoint: str = "https://api.smith.langchain.com"
    langsmith_project: str = "studyrag"
    redact_traces: bool = Field(default=False, validation_alias="STUDYRAG_REDACT_TRACES")
    sentry_dsn: SecretStr = SecretStr("")
    otel_exporter_otlp_endpoint: str = ""

    storage_key: SecretStr = Field(default=SecretStr(""), validation_alias="STUDYRAG_STORAGE_KEY")
    old_versions_days: int = Field(default=0, ge=0, validation_alias="STUDYRAG_OLD_VERSIONS_DAYS")
    backup_to: str = Field(default="", validation_alias="STUDYRAG_BACKUP_TO")
    backup_key: SecretStr = Field(default=SecretStr(""), validation_alias="STUDYRAG_BACKUP_KEY")
    backup_hours: float = Field(default=24, gt=0, validation_alias="STUDYRAG_BACKUP_HOURS")
    backup_keep: int = Field(default=7, ge=1, validation_alias="STUDYRAG_BACKUP_KEEP")
    s3_bucket: str = ""
    s3_endpoint_url: str = ""
    s3_public_url: str = ""
    s3_server_side_encryption: Literal["", "AES256", "aws:kms"] = ""
    s3_kms_key_id: str = ""
    s3_cache_mb: int = Field(default=1024, ge=0)
    aws_access_key_id: str = ""
    aws_secret_access_key: SecretStr = SecretStr("")
    aws_session_token: SecretStr = SecretStr("")
    aws_region: str = Field(default="", validation_alias=AliasChoices("AWS_REGION", "AWS_DEFAULT_REGION"))

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().resolve()

    @model_validator(mode="after")
    def _a_public_address_needs_accounts(self) -> Self:
        if self.host not in LOOPBACK and not self.has_accounts:
            raise ValueError("HOST is public but there are no accounts: set SUPABASE_URL, or HOST=127.0.0.1")
        if self.host not in LOOPBACK and not self.public_url:
            raise ValueError("HOST is public: set STUDYRAG_PUBLIC_URL to the address at which learners open it")
        return self

    @model_validator(mode="after")
    def _accounts_are_whole(self) -> Self:
        if bool(self.supabase_url) != bool(self.supabase_anon_key):
            missing = "SUPABASE_ANON_KEY" if self.supabase_url else "SUPABASE_URL"
            raise ValueError(f"accounts need SUPABASE_URL and SUPABASE_ANON_KEY: set {missing}, too")
        secrets = {
            "SUPABASE_SERVICE_KEY": self.supabase_service_key.get_secret_value(),
            "SUPABASE_JWT_SECRET": self.supabase_jwt_secret.get_secret_value(),
            "SUPABASE_JWT_ISSUER": self.supabase_jwt_issuer,
        }
        for name, value in secrets.items():
            if value and not self.supabase_url:
                raise ValueError(f"{name} is set but there are no accounts: set SUPABASE_URL, too")
        for name, address in (("SUPABASE_URL", self.supabase_url), ("STUDYRAG_PUBLIC_URL", self.public_url)):
            if address and not _is_address(address):
                raise ValueError(f"{name} is no address: set it like https://study.example.org")
        return self

    @model_validator(mode="after")
    def _fallbacks_need_a_first_model(self) -> Self:
        if self.fallback_models and not self.chat_model:
            raise ValueError("STUDYRAG_FALLBACK_MODELS is set but there is no first model: set STUDYRAG_CHAT_MODEL")
        return self

    @model_validator(mode="after")
    def _deployments_are_of_models_that_are_asked(self) -> Self:
        asked = {self.chat_model, *self.fallbacks}
        if unasked := [place.model for place in self.deployments if place.model not in asked]:
            raise ValueError(
                f"STUDYRAG_DEPLOYMENTS names {unasked[0]}, which nothing asks: set it as STUDYRAG_CHAT_MODEL or among "
                "STUDYRAG_FALLBACK_MODELS"
            )
        return self

    @model_validator(mode="after")
    def _an_address_needs_its_model(self) -> Self:
        for model, base, name in (
            (self.chat_model, self.chat_api_base, "CHAT"),
            (self.embedding_model, self.embedding_api_base, "EMBEDDING"),
            (self.rerank_model, self.rerank_api_base, "RERANK"),
        ):
            if base and not model:
                raise ValueError(f"STUDYRAG_{name}_API_BASE is set but there is no model: set STUDYRAG_{name}_MODEL")
        return self

    @model_validator(mode="after")
    def _a_secret_is_long(self) -> Self:
        if 0 < len(self.secret_key.get_secret_value()) < SHORTEST_SECRET:
            raise ValueError(f"STUDYRAG_SECRET_KEY is too short: set {SHORTEST_SECRET} random characters or more")
        return self

    @field_validator("redis_url")
    @classmethod
    def _redis_has_an_address(cls, value: str) -> str:
        if value and not value.startswith(("redis://", "rediss://")):
            raise ValueError("REDIS_URL is no address of a Redis server: set it to redis://host:6379/0")
        return value

    @model_validator(mode="after")
    def _a_store_needs_a_bucket(self) -> Self:
        about_it = ("s3_endpoint_url", "s3_public_url", "s3_server_side_encryption", "s3_kms_key_id")
        lonely = [name.upper() for name in about_it if getattr(self, name)]
        if lonely and not self.s3_bucket and not self.backup_to.startswith("s3://"):
            raise ValueError(f"{lonely[0]} is set but there is no bucket: set S3_BUCKET")
        if self.s3_kms_key_id and self.s3_server_side_encryption != "aws:kms":
            raise ValueError("S3_KMS_KEY_ID needs S3_SERVER_SIDE_ENCRYPTION=aws:kms: set it")
        if self.s3_endpoint_url and not self.aws_access_key_id:
            raise ValueError("S3_ENDPOINT_URL needs keys: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
        if bool(self.aws_access_key_id) != bool(self.aws_secret_access_key):
            raise ValueError("One half of a key pair: set both AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
        return self

    @model_validator(mode="after")
    def _a_backup_is_as_secret_as_the_files(self) -> Self:
        if self.backup_to and self.storage_key and not self.backup_key:
            raise ValueError("The files are encrypted but their backup would not be: set STUDYRAG_BACKUP_KEY")
        return self

    @field_validator("storage_key", "backup_key")
    @classmethod
    def _32_bytes_each(cls, value: SecretStr) -> SecretStr:
        if any(len(key) != KEY_BYTES for key in _decoded(value)):
            raise ValueError("is not a key of 32 bytes in base64: make one with `openssl rand -base64 32`")
        return value

    @property
    def storage_keys(self) -> tuple[bytes, ...]:
        """The first one seals what is stored from now on; all of them open."""
        return tuple(_decoded(self.storage_key))

    @model_validator(mode="after")
    def _traces_need_a_key(self) -> Self:
        if self.langsmith_tracing and not self.langsmith_api_key.get_secret_value():
            raise ValueError("LANGSMITH_TRACING is on but there is no key: set LANGSMITH_API_KEY")
        return self

    @model_validator(mode="after")
    def _public_metrics_need_a_token(self) -> Self:
        if self.metrics_port and self.host not in LOOPBACK and not self.metrics_token.get_secret_value():
            raise ValueError("STUDYRAG_METRICS_PORT would tell everybody: set STUDYRAG_METRICS_TOKEN as well")
        return self

    @property
    def backup_keys(self) -> tuple[bytes, ...]:
        """The same for backups."""
        return tuple(_decoded(self.backup_key))

    @property
    def database(self) -> str:
        """The database's URL: a file in the data folder where no server is named."""
        return self.database_url or f"sqlite:///{self.data_dir / 'studyrag.sqlite3'}"

    @property
    def is_local(self) -> bool:
        """Whether it is one learner's own machine, and not an operator's for many."""
        return self.host in LOOPBACK and not self.has_accounts

    @property
    def has_accounts(self) -> bool:
        """Whether learners sign in; else there is one, who is whoever sits at this machine."""
        return bool(self.supabase_url)

    @property
    def address(self) -> str:
        """Where learners open it, without a slash at the end."""
        return self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"

    @property
    def fallbacks(self) -> tuple[str, ...]:
        """The models after the first one, in the order in which they are asked."""
        return tuple(name.strip() for name in self.fallback_models.split(",") if name.strip())

    @property
    def embeddings_name(self) -> str:
        """What the embedding model is called in the index; one collection belongs to one name."""
        return self.embedding_model or BUILT_IN_EMBEDDINGS


def _decoded(keys: SecretStr) -> list[bytes]:
    """What stands between the commas; empty for what is not base64."""
    found = []
    for key in filter(None, map(str.strip, keys.get_secret_value().split(","))):
        try:
            found.append(b64decode(key, validate=True))
        except Error:
            found.append(b"")
    return found


def _is_address(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not (parts.query or parts.fragment)
