"""A learner's own model: tested by one call, its key sealed, and never told again."""

import asyncio
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from app.models.failover import Deployment, ModelUnusable
from app.models.providers import PROVIDERS, Provider, litellm_name
from app.persistence.preferences import OwnModel, PreferenceStore
from app.persistence.tables import now
from tools.errors import InvalidRequest, ModelFailed
from tools.types import Learner

log = logging.getLogger(__name__)

if TYPE_CHECKING:
    from app.sealing import Sealer

NAME = re.compile(r"[A-Za-z0-9](?!.*\.\.)[\w.:/@+-]{0,127}")
KEY = re.compile(r"[!-~]{1,512}")
NO_KEY = "none"
"""What a server without keys is sent: without any, LiteLLM would send it the operator's."""
TEST = "Reply with one word: ready"


class ModelRefused(InvalidRequest):
    """This model does not answer, so it was not kept."""

    code = "model_refused"


@dataclass(frozen=True, slots=True)
class WantedModel:
    """What a learner enters; `api_base` is empty for a provider with a fixed place."""

    provider: str
    model: str
    key: str = field(default="", repr=False)
    api_base: str = ""


class OwnModels:
    """Keeps them; addresses of learners' own are asked only with `any_address`, as on a machine of one's own."""

    def __init__(
        self, preferences: PreferenceStore, sealer: Callable[[], "Sealer"], timeout: float, *, any_address: bool
    ) -> None:
        self._preferences = preferences
        self._sealer = sealer
        self._timeout = timeout
        self.any_address = any_address

    async def keep(self, learner: Learner, wanted: WantedModel) -> None:
        """Ask the model once, then keep it. Raises InvalidRequest or ModelRefused with what is wrong, or ModelBusy."""
        provider = self._checked(wanted)
        await self._try(_deployment(provider, wanted.model, wanted.api_base, wanted.key))
        await asyncio.to_thread(self._keep, learner, wanted)

    def forget(self, learner: Learner) -> None:
        """Delete model and key."""
        self._preferences.forget_model(learner)

    def deployment(self, learner: Learner, own: OwnModel) -> Deployment | None:
        """Where it is asked; None when its key cannot be read any more, or its address may not be asked here."""
        provider = PROVIDERS.get(own.provider)
        if provider is None or (provider.at_an_address and not self.any_address):
            return None
        key = self._sealer().open(own.sealed_key, learner.id)
        if key is None:
            log.warning("a learner's key cannot be read: was STUDYRAG_SECRET_KEY changed?")
            return None
        return _deployment(provider, own.model, own.api_base, key)

    def _checked(self, wanted: WantedModel) -> Provider:
        provider = PROVIDERS.get(wanted.provider)
        if provider is None or (provider.at_an_address and not self.any_address):
            raise InvalidRequest("I do not know this provider: choose one of the list.")
        if not NAME.fullmatch(wanted.model):
            raise InvalidRequest(f"That is no name of a model: write one such as {provider.example}.")
        if provider.at_an_address:
            _check_address(wanted.api_base)
        elif wanted.api_base:
            raise InvalidRequest(f"{provider.title} has an address of its own: leave the address out.")
        if not wanted.key and not provider.at_an_address:
            raise InvalidRequest(f"Enter your key for {provider.title}.")
        if wanted.key and not KEY.fullmatch(wanted.key):
            raise InvalidRequest("That is no key: it has spaces or unusual characters in it, or is too long.")
        return provider

    async def _try(self, deployment: Deployment) -> None:
        from app.models.litellm_chat import LiteLLMChat

        try:
            await LiteLLMChat.over([deployment], timeout=self._timeout).ainvoke(TEST)
        except (ModelUnusable, ModelFailed) as error:
            raise ModelRefused(f"{error} It was not kept.") from error

    def _keep(self, learner: Learner, wanted: WantedModel) -> None:
        sealed = self._sealer().seal(wanted.key, learner.id)
        self._preferences.keep_model(
            learner, OwnModel(wanted.provider, wanted.model, wanted.api_base, sealed, tested_at=now())
        )


def _deployment(provider: Provider, model: str, api_base: str, key: str) -> Deployment:
    return Deployment(litellm_name(provider, model), api_base, key or NO_KEY, is_learners=True)


def _check_address(address: str) -> None:
    try:
        parts = urlsplit(address)
        is_one = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_one = False
    if not is_one or len(address) > 300:
        raise InvalidRequest("Enter the server's address, such as http://127.0.0.1:11434.")
