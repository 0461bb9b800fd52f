"""Which chat model answers a learner: the operator's, the learner's own before it, or none."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from agent.deps import ChatModel
from app.models.failover import Deployment, Failover
from app.models.meter import Budget, LearnerMeter
from app.own_models import OwnModels
from app.persistence.preferences import Preferences, TutorChoice
from app.persistence.usage import UsageStore
from app.settings import Settings
from tools.types import Learner

KEPT = 256
"""Learners with models of their own whose state is remembered."""


@dataclass(frozen=True, slots=True)
class Serving:
    """A model, None for the built-in tutor, and what it costs this learner from now on."""

    model: ChatModel | None
    meter: LearnerMeter


class ChatModels:
    """Of one process: circuits are shared by all learners, models are made for each turn."""

    def __init__(self, settings: Settings, usage: UsageStore, own: OwnModels) -> None:
        self._settings = settings
        self._usage = usage
        self._own = own
        self._budget = Budget(settings.tokens_per_day, settings.dollars_per_day)
        self._timeout = settings.model_timeout_seconds
        self._behind = lru_cache(KEPT)(self._with_own)

    def serving(self, learner: Learner, chosen: Preferences, options: dict[str, Any]) -> Serving:
        """What serves a learner who has chosen so; loads LiteLLM if that is a model.

        `options` go along with every request. Raises ModelFailed where the operator's models are not set up correctly.
        """
        meter = LearnerMeter(self._usage, learner, self._budget)
        failover = self._failover(learner, chosen)
        if failover is None:
            return Serving(None, meter)
        from app.models.litellm_chat import LiteLLMChat

        chat = LiteLLMChat.of(failover, timeout=self._timeout, meter=meter, options=options)
        return Serving(ChatModel(failover.first.model, chat), meter)

    def warm_up(self) -> None:
        """Load what the first question would wait for. Raises ModelFailed."""
        _ = self._operators

    def _failover(self, learner: Learner, chosen: Preferences) -> Failover | None:
        if chosen.tutor is TutorChoice.BUILT_IN:
            return None
        if chosen.tutor is TutorChoice.OWN and chosen.own and (own := self._own.deployment(learner, chosen.own)):
            return self._behind(own)
        return self._operators

    @cached_property
    def _operators(self) -> Failover | None:
        if not self._settings.chat_model:
            return None
        from app.models.deployments import operators_deployments

        return self._over(*operators_deployments(self._settings))

    def _with_own(self, own: Deployment) -> Failover:
        return self._operators.behind(own) if self._operators else self._over(own)

    def _over(self, *deployments: Deployment) -> Failover:
        """No turn waits longer for a first word than one and a half time-outs."""
        return Failover(deployments, budget=1.5 * self._timeout)
