"""The page where a learner chooses how to be answered and by whom."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from app.api.deps import Owner, ServicesDep
from app.api.pages import HEADERS, html
from app.api.preference_schemas import OwnModelOut, PreferencesOut, UsedToday
from app.api.preferences import offered, shown
from app.api.viewer import Theme
from app.persistence.preferences import TutorChoice
from tools.types import AnswerLength

router = APIRouter(tags=["settings"], default_response_class=HTMLResponse)

LENGTHS = (
    (AnswerLength.SHORT, "Short: the main point"),
    (AnswerLength.NORMAL, "Normal"),
    (AnswerLength.LONG, "Long: with what belongs to it"),
)


@router.get("/settings", summary="Settings")
def settings(owner: Owner, services: ServicesDep, theme: Theme = None) -> HTMLResponse:
    """A page for people; what it changes goes over `/api/preferences`."""
    now = shown(owner, services)
    page = html(
        200,
        "settings.html",
        theme=theme,
        chosen=now,
        own=now.own_model,
        lengths=LENGTHS,
        tutors=_tutors(now),
        providers=offered(services),
        is_local=services.own_models.any_address,
        used=_used(now.today),
    )
    page.headers["Content-Security-Policy"] = f"{HEADERS['Content-Security-Policy']}; connect-src 'self'"
    return page


def _tutors(now: PreferencesOut) -> list[tuple[TutorChoice, str, str]]:
    """Without a model of the operator's, that choice and the built-in tutor are one."""
    built_in = (TutorChoice.BUILT_IN, "The built-in tutor", "sentences of your books, as they stand")
    default = (TutorChoice.DEFAULT, "As this StudyRAG is set up", now.default_model)
    return [default, built_in, (TutorChoice.OWN, "A model of your own", _named(now.own_model))]


def _named(own: OwnModelOut | None) -> str:
    return f"{own.title}, {own.model}" if own else "none yet"


def _used(today: UsedToday) -> str:
    """Nothing where no model was asked and nothing is limited."""
    if not (today.tokens or today.tokens_allowed or today.dollars_allowed):
        return ""
    tokens = f"{today.tokens:,} tokens" + (f" of {today.tokens_allowed:,}" if today.tokens_allowed else "")
    dollars = f"${today.dollars:.4f}" + (f" of ${today.dollars_allowed:.2f}" if today.dollars_allowed else "")
    return f"{tokens}, {dollars}. The day ends at midnight (UTC)."
