"""Documents: upload, list, read, move, delete."""

import hashlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, File, Form, Query, Request, UploadFile
from fastapi.responses import Response
from pydantic import StringConstraints

from app.api.deps import ID, DocumentId, Owner, PageIndex, PagesDep, ServicesDep
from app.api.document_schemas import (
    DocumentChange,
    DocumentList,
    DocumentOut,
    DocumentStatus,
    Highlight,
    PageOut,
    Uploaded,
    Uploads,
)
from app.api.schemas import Name
from app.api.stored import Stored, disposition, reply
from app.documents import safe_name
from app.persistence.jobs import progress
from app.persistence.library import Placement
from app.wiring import Services
from ingestion.partition.kinds import MEDIA_TYPES
from tools.errors import InvalidRequest, StudyError, UnreadableDocument
from tools.types import Learner

router = APIRouter(prefix="/api/documents", tags=["documents"])

SEMESTER = "My semester"
SUBJECT = "General"
CHANGED = "This file did not arrive as it was sent: its SHA-256 is another. Please upload it again."
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9A-Fa-f]{64}$")]
FOR_EVER = {"Cache-Control": "private, max-age=31536000, immutable"}


@dataclass(frozen=True, slots=True)
class Destination:
    """Where the files of an upload go: a book, a conversation, or both."""

    semester: Annotated[Name | None, Form(description=f"Left out: “{SEMESTER}”.")] = None
    subject: Annotated[Name | None, Form(description=f"Left out: “{SUBJECT}”.")] = None
    book: Annotated[Name | None, Form(description="Left out: the name of the file.")] = None
    thread_id: Annotated[
        str | None, Form(pattern=ID, description="Put the files into this conversation instead of a book.")
    ] = None

    def placement(self, filename: str) -> Placement | None:
        """The place of this file in the library; None when it belongs to the conversation only."""
        if self.thread_id and not self.book:
            return None
        return Placement(self.semester or SEMESTER, self.subject or SUBJECT, self.book or _stem(filename))


@router.post("/upload", status_code=202)
def upload(
    owner: Owner,
    services: ServicesDep,
    file: Annotated[list[UploadFile], File(description="One or many files.")],
    destination: Annotated[Destination, Depends()],
    sha256: Annotated[list[Digest] | None, Form(description="Of each file, in hexadecimal, to be compared.")] = None,
) -> Uploads:
    """Upload files; each becomes a job. A refused file is listed with its reason, unless all of them are refused."""
    uploaded: list[Uploaded] = []
    errors: list[StudyError] = []
    for one, digest in zip(file, _one_each(sha256, len(file)), strict=True):
        name = safe_name(one.filename or "")
        try:
            _compare(one, digest)
            accepted = services.documents.accept(
                owner, name, one.file, destination.placement(name), destination.thread_id
            )
        except StudyError as error:
            errors.append(error)
            uploaded.append(Uploaded.refused(name, error))
        else:
            uploaded.append(Uploaded.of(accepted))
    if len(errors) == len(uploaded):
        raise errors[0]
    return Uploads(documents=uploaded)


def _one_each(digests: list[str] | None, files: int) -> list[str] | list[None]:
    if digests is not None and len(digests) != files:
        raise InvalidRequest("Give one sha256 for each file, or none at all.")
    return digests or [None] * files


def _compare(file: UploadFile, digest: str | None) -> None:
    """Raises UnreadableDocument for bytes that are not those that were sent."""
    if digest is None:
        return
    found = hashlib.sha256()
    while block := file.file.read(1 << 20):
        found.update(block)
    file.file.seek(0)
    if found.hexdigest() != digest.lower():
        raise UnreadableDocument(
            "This file did not arrive as it was sent: its SHA-256 is another. Please upload it again."
        )


def _stem(filename: str) -> str:
    return PurePosixPath(filename).stem[:200] or filename


@router.get("")
def documents(
    owner: Owner,
    services: ServicesDep,
    semester: Annotated[str | None, Query(description="Name or id.")] = None,
    subject: Annotated[str | None, Query(description="Name or id.")] = None,
    book: Annotated[str | None, Query(description="Name or id.")] = None,
    q: Annotated[str | None, Query(description="Words in the file name, title or author.")] = None,
) -> DocumentList:
    """The current documents, oldest first."""
    found = services.library.documents(owner, semester=semester, subject=subject, book=book, text=q)
    return DocumentList(documents=[DocumentOut.of(shelved) for shelved in found])


@router.get("/{document_id}")
def document(document_id: DocumentId, owner: Owner, services: ServicesDep) -> DocumentOut:
    """One document."""
    return DocumentOut.of(services.library.document(owner, document_id))


@router.get("/{document_id}/status")
def status(document_id: DocumentId, owner: Owner, services: ServicesDep) -> DocumentStatus:
    """How far the reading of a document is."""
    row = services.library.document(owner, document_id).document
    now = progress(services.jobs.latest(owner, document_id), row, row.filename)
    return DocumentStatus(
        id=row.id,
        job_id=now.job_id or None,
        filename=row.filename,
        status=now.state,
        stage=now.stage,
        done=now.done,
        total=now.total,
        error=now.error,
    )


@router.patch("/{document_id}")
def change(document_id: DocumentId, body: DocumentChange, owner: Owner, services: ServicesDep) -> DocumentOut:
    """Move or rename a document; takes effect at once, nothing is embedded again."""
    if body.semester or body.subject or body.book:
        services.library.move(owner, document_id, _placement(services, owner, document_id, body))
    if body.filename:
        services.library.rename(owner, document_id, safe_name(body.filename))
    return DocumentOut.of(services.library.document(owner, document_id))


def _placement(services: Services, owner: Learner, document_id: str, body: DocumentChange) -> Placement:
    now = services.library.document(owner, document_id)
    return Placement(
        body.semester or now.semester or SEMESTER,
        body.subject or now.subject or SUBJECT,
        body.book or now.book or _stem(now.document.filename),
    )


@router.delete("/{document_id}", status_code=204)
def delete(document_id: DocumentId, owner: Owner, services: ServicesDep) -> None:
    """Remove a document with its pages, passages, vectors, files and images."""
    services.documents.delete(owner, document_id)


@router.get("/{document_id}/versions")
def versions(document_id: DocumentId, owner: Owner, services: ServicesDep) -> DocumentList:
    """All versions of this file, newest first."""
    rows = services.library.versions(owner, document_id)
    return DocumentList(documents=[DocumentOut.of(services.library.document(owner, row.id)) for row in rows])


@router.get("/{document_id}/file", response_class=Response)
def original(
    document_id: DocumentId, owner: Owner, services: ServicesDep, request: Request, download: bool = False
) -> Response:
    """The file as it was uploaded. Only a PDF opens in the browser: another file might bring scripts along."""
    row = services.library.document(owner, document_id).document
    stored = Stored(row.storage_key, row.size, row.sha256, MEDIA_TYPES.get(row.kind, "application/octet-stream"))
    shown = "inline" if row.kind == "pdf" and not download else "attachment"
    headers = {"Cache-Control": "private, no-cache", "Content-Disposition": disposition(shown, row.filename)}
    return reply(services.storage, stored, request, headers)


@dataclass(frozen=True, slots=True)
class Extent:
    """A stretch of a page's text, in characters; nothing is marked unless both ends are given."""

    start: Annotated[int | None, Query(ge=0, description="Where a quote begins in the page's text.")] = None
    end: Annotated[int | None, Query(ge=0, description="Where it ends.")] = None


@router.get(
    "/{document_id}/pages/{index}",
    response_model=PageOut,
    responses={200: {"content": {"image/png": {"schema": {"type": "string", "format": "binary"}}}}},
)
def page(
    document_id: DocumentId,
    index: PageIndex,
    owner: Owner,
    pages: PagesDep,
    extent: Annotated[Extent, Depends()],
    format: Annotated[Literal["json", "image"], Query(description="`image`: a PNG of a PDF's page.")] = "json",
) -> PageOut | Response:
    """One page: its text, label and image; with `start` and `end` also where that text stands on the image."""
    view = pages.page(owner, document_id, index)
    if format == "image":
        return Response(pages.image(owner, view), media_type="image/png", headers=FOR_EVER)
    if extent.start is None or extent.end is None:
        return PageOut.of(view, None)
    return PageOut.of(view, [Highlight.of(box) for box in pages.marks(view, extent.start, extent.end)])
