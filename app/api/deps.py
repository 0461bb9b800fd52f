"""What routes are given: the services, the learner, the turns."""

from typing import Annotated

from fastapi import Depends, Path, Request

from app.api.sessions import Visit
from app.limits import Use
from app.pages import Pages
from app.turns import Turns
from app.wiring import LOCAL_LEARNER, Services
from tools.errors import NotSignedIn, StudyError
from tools.types import Learner


class OperatorsOnly(StudyError):
    """Only whoever operates this server may see this."""

    code = "operators_only"
    status = 403


def get_services(request: Request) -> Services:
    """The process's services, made before it takes requests."""
    services: Services = request.app.state.services
    return services


def get_turns(request: Request) -> Turns:
    """The process's turns; there are none before the application has started."""
    turns: Turns = request.app.state.turns
    return turns


def get_pages(request: Request) -> Pages:
    """The process's pages, which share one painter."""
    pages: Pages = request.app.state.pages
    return pages


def get_visit(request: Request) -> Visit:
    """Who has come; nobody where there are no accounts."""
    visit: Visit = request.scope.get("state", {}).get("visit") or Visit()
    return visit


VisitDep = Annotated[Visit, Depends(get_visit)]


def get_owner(services: Annotated[Services, Depends(get_services)], visit: VisitDep) -> Learner:
    """Who is signed in, or the one learner of this machine. Raises NotSignedIn."""
    if services.accounts is None:
        return LOCAL_LEARNER
    if visit.session is None:
        raise visit.error or NotSignedIn
    return visit.session.learner


def get_operator(owner: Annotated[Learner, Depends(get_owner)], request: Request) -> Learner:
    """The learner of the request, who also operates this server. Raises OperatorsOnly."""
    if not get_services(request).is_operator(owner):
        raise OperatorsOnly
    return owner


ServicesDep = Annotated[Services, Depends(get_services)]
TurnsDep = Annotated[Turns, Depends(get_turns)]
PagesDep = Annotated[Pages, Depends(get_pages)]


async def counted_owner(owner: Annotated[Learner, Depends(get_owner)], services: ServicesDep) -> Learner:
    """Whose request it is, which counts as one. Raises TooMany."""
    await services.limits.take(Use.REQUESTS, owner.id)
    return owner


Owner = Annotated[Learner, Depends(counted_owner)]
Operator = Annotated[Learner, Depends(get_operator)]

ID = r"^[A-Za-z0-9_-]{1,64}$"
DocumentId = Annotated[str, Path(pattern=ID, examples=["3f6c0d1e9a7b4c558d2e1f0a9b8c7d6e"])]
JobId = Annotated[str, Path(pattern=ID, examples=["b1946ac92492d2347c6235b4d2611184"])]
ThreadId = Annotated[str, Path(pattern=ID, examples=["7d1b3c6e-6f0c-4f7e-9a59-0d7f5f3a2b10"])]
PageIndex = Annotated[int, Path(ge=1, le=1_000_000, description="Physical page, from 1.", examples=[230])]
CitationNumber = Annotated[int, Path(ge=1, le=1_000_000, examples=[1])]
