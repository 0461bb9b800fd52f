"""How documents are read and searched, and answers made: settings of each learner, with versions."""

from fastapi import APIRouter

from app.api.deps import DocumentId, Owner, ServicesDep
from app.api.document_schemas import Job, Jobs
from app.api.preference_schemas import ConfigIn, ConfigOut
from app.choices import parsed
from app.wiring import Services
from tools.types import Learner

router = APIRouter(prefix="/api", tags=["settings"])


@router.get("/pipeline/config")
def config(owner: Owner, services: ServicesDep) -> ConfigOut:
    """The settings that hold for you."""
    return _shown(owner, services)


@router.put("/pipeline/config")
def change(body: ConfigIn, owner: Owner, services: ServicesDep) -> ConfigOut:
    """Put settings in place of those that hold; they are kept as a new version.

    Retrieval and generation hold from the next question on, chunking and embedding for what is read from now on.
    """
    services.choices.change_config(owner, body.version, parsed(body.config))
    return _shown(owner, services)


@router.post("/pipeline/read-again", status_code=202)
def read_all_again(owner: Owner, services: ServicesDep) -> Jobs:
    """Read all documents again that were read by other settings; until each is ready it is not searched."""
    jobs = [services.documents.read_again(owner, document_id) for document_id in services.choices.behind(owner)]
    return Jobs(jobs=[Job.of(services.jobs.get(owner, job_id)) for job_id in jobs])


@router.post("/documents/{document_id}/read-again", status_code=202)
def read_again(document_id: DocumentId, owner: Owner, services: ServicesDep) -> Job:
    """Read one document again with the settings that hold now; until it is ready it is not searched."""
    return Job.of(services.jobs.get(owner, services.documents.read_again(owner, document_id)))


def _shown(owner: Learner, services: Services) -> ConfigOut:
    chosen = services.choices.of(owner)
    return ConfigOut(
        version=chosen.version,
        config=chosen.pipeline,
        default=services.choices.default,
        behind=len(services.choices.behind(owner)),
    )
