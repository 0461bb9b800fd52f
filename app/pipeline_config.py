"""The pipeline settings that people edit: `pipeline_config.yaml`, checked before anything uses it."""

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ingestion.chunk import ChunkConfig
from tools.errors import StudyError

CONFIG = Path(__file__).resolve().parent.parent / "pipeline_config.yaml"


class UnusableConfig(StudyError):
    """The pipeline settings cannot be used: check pipeline_config.yaml."""

    code = "unusable_config"


class PipelineConfig(BaseModel):
    """The whole file; a setting that it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    chunking: ChunkConfig = Field(default_factory=ChunkConfig)


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
        raise UnusableConfig(f"{path.name}: {'; '.join(_problems(error))}.") from error


def _problems(error: ValidationError) -> list[str]:
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
