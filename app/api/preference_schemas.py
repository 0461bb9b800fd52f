"""What a learner chooses, as it goes over the wire."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field, SecretStr, StringConstraints

from agent.state import BUILT_IN
from app.api.schemas import Body
from app.models.providers import PROVIDERS, LocalServer, Provider
from app.own_models import WantedModel
from app.persistence.preferences import OwnModel, TutorChoice
from app.persistence.usage import Total
from app.pipeline_config import PipelineConfig
from app.settings import Settings
from tools.types import AnswerLength

Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]


class OwnModelOut(BaseModel):
    """A model of the learner's own; its key is never told."""

    provider: str = Field(examples=["openai"])
    title: str = Field(examples=["OpenAI"])
    model: str = Field(examples=["gpt-4o-mini"])
    api_base: str = Field(description="Empty: the provider's.", examples=[""])
    tested_at: datetime

    @classmethod
    def of(cls, own: OwnModel) -> "OwnModelOut":
        """Without its key."""
        provider = PROVIDERS.get(own.provider)
        return cls(
            provider=own.provider,
            title=provider.title if provider else own.provider,
            model=own.model,
            api_base=own.api_base,
            tested_at=own.tested_at,
        )


class UsedToday(BaseModel):
    """What the operator's models have taken today (UTC); an allowance of null is no limit."""

    tokens: int = Field(examples=[1830])
    dollars: float = Field(examples=[0.0021])
    tokens_allowed: int | None = Field(examples=[None])
    dollars_allowed: float | None = Field(examples=[None])

    @classmethod
    def of(cls, total: Total, settings: Settings) -> "UsedToday":
        """With what is allowed here."""
        return cls(
            tokens=total.tokens,
            dollars=round(total.dollars, 6),
            tokens_allowed=settings.tokens_per_day or None,
            dollars_allowed=settings.dollars_per_day or None,
        )


class PreferencesOut(BaseModel):
    """What holds for the learner; `default_model` is whom `default` means."""

    answer_length: AnswerLength = Field(examples=["normal"])
    tutor: TutorChoice = Field(examples=["default"])
    default_model: str = Field(examples=[BUILT_IN])
    own_model: OwnModelOut | None = Field(examples=[None])
    today: UsedToday


class PreferencesIn(Body):
    """What is left out stays as it is."""

    answer_length: AnswerLength | None = Field(default=None, examples=["short"])
    tutor: TutorChoice | None = Field(default=None, examples=["default"])


class OwnModelIn(Body):
    """A model to be tested and kept. `api_base` is for servers of one's own, and allowed on one's own machine only."""

    provider: Short = Field(examples=["openai"])
    model: Short = Field(examples=["gpt-4o-mini"])
    key: SecretStr = Field(default=SecretStr(""), max_length=600, examples=["…"])
    api_base: Short = Field(default="", examples=[""])

    @property
    def wanted(self) -> WantedModel:
        """As it is kept and asked."""
        return WantedModel(self.provider, self.model, self.key.get_secret_value().strip(), self.api_base.rstrip("/"))


class ProviderOut(BaseModel):
    """A provider to choose; one that is at an address needs that, and perhaps no key."""

    id: str = Field(examples=["openai"])
    title: str = Field(examples=["OpenAI"])
    example: str = Field(examples=["gpt-4o-mini"])
    at_an_address: bool = Field(examples=[False])

    @classmethod
    def of(cls, provider: Provider) -> "ProviderOut":
        """As it is listed."""
        return cls.model_validate(provider, from_attributes=True)


class LocalServerOut(BaseModel):
    """A model server that answers on this machine."""

    name: str = Field(examples=["Ollama"])
    provider: str = Field(examples=["ollama_chat"])
    api_base: str = Field(examples=["http://127.0.0.1:11434"])
    models: list[str] = Field(examples=[["llama3.1:latest"]])

    @classmethod
    def of(cls, server: LocalServer) -> "LocalServerOut":
        """With the models that it has."""
        return cls.model_validate(server, from_attributes=True)


class ModelsOut(BaseModel):
    """What a learner may choose from."""

    providers: list[ProviderOut]
    servers: list[LocalServerOut] = Field(description="Found on this machine just now.")


class ConfigOut(BaseModel):
    """The settings that hold, the version they are, those of the file, and how many documents were read by others."""

    version: int = Field(description="0: the file's.", examples=[3])
    config: PipelineConfig
    default: PipelineConfig
    behind: int = Field(description="Ready documents that would be read differently now.", examples=[2])


class ConfigIn(Body):
    """Settings as a whole; what is left out is the built-in default. `version` is the one that they were made from."""

    version: int = Field(ge=0, examples=[3])
    config: dict[str, Any] = Field(examples=[{"chunking": {"max_characters": 800}, "retrieval": {"passages": 6}}])
