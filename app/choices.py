"""What a learner has chosen, and the pipeline settings that hold for them."""

from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from app.persistence.pipeline_configs import PipelineConfigStore
from app.persistence.preferences import Preferences, PreferenceStore, TutorChoice
from app.pipeline_config import PipelineConfig, problems
from app.settings import Settings
from tools.errors import InvalidRequest


@dataclass(frozen=True, slots=True)
class Chosen:
    """Of one learner; `version` 0 are the settings of the file."""

    preferences: Preferences
    pipeline: PipelineConfig
    version: int


class Choices:
    """Looked up anew each time, so that what a learner changes holds from the next turn on in every process."""

    def __init__(
        self, settings: Settings, preferences: PreferenceStore, configs: PipelineConfigStore, default: PipelineConfig
    ) -> None:
        self._settings = settings
        self.preferences = preferences
        self._configs = configs
        self.default = default

    def of(self, owner_id: str) -> Chosen:
        """What holds for a learner now."""
        version, body = self._configs.latest(owner_id)
        return Chosen(self.preferences.of(owner_id), self._config(version, body), version)

    def change_config(self, owner_id: str, after: int, config: PipelineConfig) -> int:
        """Keep settings as a new version; returns its number.

        Raises InvalidRequest for what would do nothing here, Conflict when `after` is not the latest.
        """
        self._check(owner_id, config)
        return self._configs.add(owner_id, after, config.model_dump(mode="json"))

    def behind(self, owner_id: str) -> list[str]:
        """A learner's ready documents that were read by other settings than those that hold now."""
        now, read = self.of(owner_id).pipeline, self._configs.read_by(owner_id)
        versions = {version for _, version in read}
        alike = {version for version in versions if self._version(owner_id, version).reads_like(now)}
        return [document_id for document_id, version in read if version not in alike]

    def _version(self, owner_id: str, version: int) -> PipelineConfig:
        return self._config(version, self._configs.get(owner_id, version) if version else {})

    def _config(self, version: int, body: dict[str, Any]) -> PipelineConfig:
        return PipelineConfig.model_validate(body) if version else self.default

    def _check(self, owner_id: str, config: PipelineConfig) -> None:
        if config.retrieval.rerank and not self._settings.rerank_model:
            raise InvalidRequest("There is no reranker here: leave “retrieval.rerank” out, or set it to false.")
        chosen = self.preferences.of(owner_id)
        has_model = bool(self._settings.chat_model) or chosen.tutor is TutorChoice.OWN
        if config.generation.options and not has_model:
            raise InvalidRequest(
                "The settings under “generation” are for a chat model, and the built-in tutor answers you: "
                "choose a model first."
            )


def parsed(body: dict[str, Any]) -> PipelineConfig:
    """Raises InvalidRequest naming the fields that are wrong."""
    try:
        return PipelineConfig.model_validate(body)
    except ValidationError as error:
        raise InvalidRequest(f"{'; '.join(problems(error))}.") from error
