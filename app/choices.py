"""What a learner has chosen, and the pipeline settings that hold for them."""

from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from app.persistence.pipeline_configs import PipelineConfigStore
from app.persistence.preferences import Preferences, PreferenceStore, TutorChoice
from app.pipeline_config import PipelineConfig, problems
from app.settings import Settings
from tools.errors import InvalidRequest
from tools.types import Learner


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

    def of(self, learner: Learner) -> Chosen:
        """What holds for a learner now."""
        version, body = self._configs.latest(learner)
        return Chosen(self.preferences.of(learner), self._config(version, body), version)

    def change_config(self, learner: Learner, after: int, config: PipelineConfig) -> int:
        """Keep settings as a new version; returns its number.

        Raises InvalidRequest for what would do nothing here, Conflict when `after` is not the latest.
        """
        self._check(learner, config)
        return self._configs.add(learner, after, config.model_dump(mode="json"))

    def behind(self, learner: Learner) -> list[str]:
        """A learner's ready documents that were read by other settings than those that hold now."""
        now, read = self.of(learner).pipeline, self._configs.read_by(learner)
        versions = {version for _, version in read}
        alike = {version for version in versions if self._version(learner, version).reads_like(now)}
        return [document_id for document_id, version in read if version not in alike]

    def _version(self, learner: Learner, version: int) -> PipelineConfig:
        return self._config(version, self._configs.get(learner, version) if version else {})

    def _config(self, version: int, body: dict[str, Any]) -> PipelineConfig:
        return PipelineConfig.model_validate(body) if version else self.default

    def _check(self, learner: Learner, config: PipelineConfig) -> None:
        if config.retrieval.rerank and not self._settings.rerank_model:
            raise InvalidRequest("There is no reranker here: leave “retrieval.rerank” out, or set it to false.")
        chosen = self.preferences.of(learner)
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
