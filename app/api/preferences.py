"""What a learner chooses: how answers are, who gives them, a model of one's own."""

import asyncio

from fastapi import APIRouter

from agent.state import BUILT_IN
from app.api.deps import Owner, ServicesDep
from app.api.preference_schemas import (
    LocalServerOut,
    ModelsOut,
    OwnModelIn,
    OwnModelOut,
    PreferencesIn,
    PreferencesOut,
    ProviderOut,
    UsedToday,
)
from app.models.providers import PROVIDERS, local_servers
from app.persistence.preferences import TutorChoice
from app.wiring import Services
from tools.errors import InvalidRequest
from tools.types import Learner

router = APIRouter(prefix="/api/preferences", tags=["settings"])


@router.get("")
def preferences(owner: Owner, services: ServicesDep) -> PreferencesOut:
    """What you have chosen, and what your questions have used today."""
    return shown(owner, services)


@router.put("")
def change(body: PreferencesIn, owner: Owner, services: ServicesDep) -> PreferencesOut:
    """Choose; it holds from the next question on."""
    now = services.choices.preferences.of(owner)
    tutor = body.tutor or now.tutor
    if tutor is TutorChoice.OWN and now.own is None:
        raise InvalidRequest("You have no model of your own yet: add one first.")
    services.choices.preferences.choose(owner, body.answer_length or now.answer_length, tutor)
    return shown(owner, services)


@router.get("/models")
async def models(services: ServicesDep) -> ModelsOut:
    """Providers you may bring a key for; on your own machine also model servers that answer there now."""
    is_local = services.own_models.any_address
    found = await local_servers(services.model_programs, services.settings.port) if is_local else []
    return ModelsOut(
        providers=offered(services),
        servers=[LocalServerOut.of(server) for server in found],
    )


@router.put("/model-key")
async def keep_model(body: OwnModelIn, owner: Owner, services: ServicesDep) -> PreferencesOut:
    """Ask a model of your own one question; if it answers, it is kept with its key and answers you from now on.

    The key is kept encrypted and never shown again. If the model fails later, the operator's answers.
    """
    await services.own_models.keep(owner, body.wanted)
    return await asyncio.to_thread(shown, owner, services)


@router.delete("/model-key", status_code=204)
def forget_model(owner: Owner, services: ServicesDep) -> None:
    """Delete your own model and its key."""
    services.own_models.forget(owner)


def offered(services: Services) -> list[ProviderOut]:
    """The providers that a learner may choose here."""
    is_local = services.own_models.any_address
    return [ProviderOut.of(one) for one in PROVIDERS.values() if is_local or not one.at_an_address]


def shown(owner: Learner, services: Services) -> PreferencesOut:
    """What holds for a learner."""
    chosen = services.choices.preferences.of(owner)
    return PreferencesOut(
        answer_length=chosen.answer_length,
        tutor=chosen.tutor,
        default_model=services.settings.chat_model or BUILT_IN,
        own_model=OwnModelOut.of(chosen.own) if chosen.own else None,
        today=UsedToday.of(services.usage.today(owner), services.settings),
    )
