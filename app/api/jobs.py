"""Jobs: the ingestion of one document each, and the scan that makes many of them."""

from fastapi import APIRouter

from app.api.deps import JobId, Owner, ServicesDep
from app.api.document_schemas import Ingest, Ingesting, Job, Refused
from app.scanning import Which, scan

router = APIRouter(prefix="/api", tags=["jobs"])


@router.post("/ingest", status_code=202)
def ingest(owner: Owner, services: ServicesDep, body: Ingest | None = None) -> Ingesting:
    """Queue the files under `users/{user}/raw_data/{semester}/{subject}/{book}/` of the object store."""
    found = scan(services.documents, owner, Which(body.mode) if body else Which.NEW)
    refused = [Refused(filename=filename, error=str(error)) for filename, error in found.refused]
    jobs = [Job.of(services.jobs.get(owner, job_id)) for job_id in found.jobs]
    return Ingesting(jobs=jobs, refused=refused)


@router.get("/jobs/{job_id}")
def job(job_id: JobId, owner: Owner, services: ServicesDep) -> Job:
    """How far a job is."""
    return Job.of(services.jobs.get(owner, job_id))


@router.delete("/jobs/{job_id}")
def cancel(job_id: JobId, owner: Owner, services: ServicesDep) -> Job:
    """Cancel a job; what it has written so far is removed."""
    return Job.of(services.documents.cancel(owner, job_id))


@router.post("/jobs/{job_id}/retry", status_code=202)
def retry(job_id: JobId, owner: Owner, services: ServicesDep) -> Job:
    """Try a failed job again; the answer is the new job."""
    return Job.of(services.jobs.get(owner, services.documents.retry(owner, job_id)))
