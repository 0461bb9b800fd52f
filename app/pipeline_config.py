"""The pipeline settings: `pipeline_config.yaml` for everybody, and what a learner has put in its place."""

from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ingestion.chunk import ChunkConfig
from ingestion.embed import EmbedConfig
from tools.errors import StudyError

CONFIG = Path(__file__).resolve().parent.parent / "pipeline_config.yaml"


class UnusableConfig(StudyError):
    """The pipeline settings cannot be used: check pipeline_config.yaml."""

    code = "unusable_config"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RetrievalConfig(_Part):
    """How many passages an answer rests on, and whether a configured reranker orders them."""

    passages: int = Field(default=8, ge=1, le=20)
    rerank: bool | None = Field(default=None, description="Left out: where there is a reranker.")


class GenerationConfig(_Part):
    """What a chat model is asked with; left out, it is the provider's own."""

    temperature: float | None = Field(default=None, ge=0, le=2)
    max_tokens: int | None = Field(default=None, ge=64, le=8192, description="Longest answer of the model.")

    @property
    def options(self) -> dict[str, Any]:
        """As a request names them."""
        return self.model_dump(exclude_none=True)


class PipelineConfig(_Part):
    """The whole file; a setting that it does not know is an error."""

    chunking: ChunkConfig = Field(default_factory=ChunkConfig)
    embedding: EmbedConfig = Field(default_factory=EmbedConfig)
    retrieval: RetrievalConfig = Field(default_factory=RetrievalConfig)
    generation: GenerationConfig = Field(default_factory=GenerationConfig)

    def reads_like(self, other: "PipelineConfig") -> bool:
        """Whether a document would be read the same by both."""
        return (self.chunking, self.embedding) == (other.chunking, other.embedding)


def load(path: Path) -> PipelineConfig:
    """What the file says; a setting it leaves out keeps its default. Raises UnusableConfig naming the field."""
    try:
        written = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UnusableConfig(f"{path.name} cannot be read: {error.strerror}.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        where = getattr(error, "problem_mark", None)
        line = f" (line {where.line + 1})" if where else ""
        raise UnusableConfig(f"{path.name} is not valid YAML{line}: correct it there.") from error
    try:
        return PipelineConfig.model_validate({} if written is None else written)
    except ValidationError as error:
        raise UnusableConfig(f"{path.name}: {'; '.join(problems(error))}.") from error


def problems(error: ValidationError) -> list[str]:
    """What is wrong, each with the name of its setting."""
    found = []
    for problem in error.errors():
        field = ".".join(map(str, problem["loc"]))
        reason = _reason(problem["type"], problem["msg"])
        found.append(f"{field} {reason}" if field else reason)
    return found


def _reason(kind: str, message: str) -> str:
    match kind:
        case "extra_forbidden":
            return "is not a setting"
        case "model_type":
            return "must hold named settings"
    return message.removeprefix("Value error, ").removeprefix("Input ")
