import io

from app.persistence.tables import Document
from app.wiring import LOCAL_LEARNER
from tests.support.api import Study
from tools.errors import UnreadableDocument

FIELDS = {
    "id", "document_id", "state", "stage", "done", "total", "error", "error_code", "attempts", "started_at",
    "finished_at",
}  # fmt: skip


def put(study: Study, key: str, content: bytes) -> None:
    study.services.storage.put(f"users/local/raw_data/{key}", io.BytesIO(content))


def test_a_job_has_exactly_the_promised_fields(study: Study) -> None:
    job = study.client.get(f"/api/jobs/{study.upload('Water.')['job_id']}").json()
    assert set(job) == FIELDS
    assert (job["state"], job["attempts"], job["finished_at"]) == ("queued", 0, None)


def test_a_cancelled_upload_is_gone_but_for_its_job(study: Study) -> None:
    uploaded = study.upload("Water.")
    job = study.client.delete(f"/api/jobs/{uploaded['job_id']}").json()
    assert job["state"] == "cancelled"
    assert study.client.get(f"/api/documents/{uploaded['id']}").status_code == 404
    assert study.client.delete(f"/api/jobs/{uploaded['job_id']}").status_code == 409


def test_only_a_failed_job_can_be_tried_again(study: Study) -> None:
    job_id = study.upload("Water.")["job_id"]
    assert study.client.post(f"/api/jobs/{job_id}/retry").status_code == 409
    study.services.jobs.claim(job_id, "worker")
    study.services.jobs.fail(job_id, "worker", UnreadableDocument())
    again = study.client.post(f"/api/jobs/{job_id}/retry")
    assert (again.status_code, again.json()["state"]) == (202, "queued")
    assert again.json()["id"] != job_id


def test_an_unknown_job_is_not_found(study: Study) -> None:
    assert study.client.get("/api/jobs/nope").json()["code"] == "not_found"


def test_a_scan_files_what_lies_in_the_folders_and_names_what_it_refused(study: Study) -> None:
    put(study, "Spring/Biology/Cells/water.txt", b"Water.")
    put(study, "Spring/Biology/Cells/broken.pdf", b"")
    put(study, "Spring/Biology/Cells/light.txt", b"Light.")
    put(study, "stray.txt", b"Stray.")
    scan = study.client.post("/api/ingest", json={"mode": "new"})
    assert scan.status_code == 202
    assert len(scan.json()["jobs"]) == 2
    assert [one["filename"] for one in scan.json()["refused"]] == ["broken.pdf"]
    documents = study.client.get("/api/documents", params={"book": "Cells"}).json()["documents"]
    assert {one["filename"] for one in documents} == {"water.txt", "light.txt"}


def test_a_second_scan_queues_nothing_unless_asked_for_all(study: Study) -> None:
    put(study, "Spring/Biology/Cells/water.txt", b"Water.")
    [job] = study.client.post("/api/ingest").json()["jobs"]
    study.services.jobs.cancelled(job["id"])
    with study.services.database.session_of(LOCAL_LEARNER) as session:
        session.get_one(Document, job["document_id"]).state = "ready"
    assert study.client.post("/api/ingest", json={"mode": "new"}).json()["jobs"] == []
    assert len(study.client.post("/api/ingest", json={"mode": "all"}).json()["jobs"]) == 1
    assert study.client.post("/api/ingest", json={"mode": "some"}).status_code == 422
