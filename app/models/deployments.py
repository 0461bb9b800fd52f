"""Where the operator's models are asked."""

import os

from app.models.failover import Deployment, ModelUnusable
from app.models.litellm_client import load_litellm, provider_of
from app.settings import Settings


def operators_deployments(settings: Settings) -> tuple[Deployment, ...]:
    """Of the configured models in the order in which they are asked; loads LiteLLM.

    Raises ModelFailed for a name without a known provider, ModelUnusable where a key is missing in the environment.
    """
    names = tuple(dict.fromkeys((settings.chat_model, *settings.fallbacks)))
    providers = {name: provider_of(name) for name in names}
    bases = {name: settings.chat_api_base for name in names if providers[name] == providers[settings.chat_model]}
    found: list[Deployment] = []
    for name in names:
        places = [place for place in settings.deployments if place.model == name]
        found += [
            Deployment(name, place.api_base, _key(place.api_key_name), place.requests_per_minute) for place in places
        ] or [Deployment(name, bases.get(name, ""))]
    return tuple(found)


def _key(name: str) -> str:
    if not name:
        return ""
    load_litellm()  # reads .env, where the keys may stand
    if name not in os.environ:
        raise ModelUnusable(f"STUDYRAG_DEPLOYMENTS names the key {name}, which is not in the environment: set it.")
    return os.environ[name]
