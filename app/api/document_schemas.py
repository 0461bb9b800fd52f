"""Files, pages and the jobs that read them, as they go over the wire."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from app.api.schemas import DOCUMENT_ID, JOB_ID, QUOTE, Body, Name
from app.documents import Accepted
from app.pages import PageView
from app.painter import Box
from app.persistence.library import Shelved
from app.persistence.tables import PipelineRun
from tools.errors import StudyError
from tools.types import JobState

DETAILS = ("notes", "empty_pages", "recognised_pages", "contents", "subject_words")


class Uploaded(BaseModel):
    """What became of one file. A refused one has the status `failed`, its sentence in `error`, and no ids."""

    id: str | None = Field(examples=[DOCUMENT_ID])
    job_id: str | None = Field(examples=[JOB_ID])
    filename: str = Field(examples=["biology.pdf"])
    status: JobState = Field(examples=["queued"])
    duplicate_of: str | None = Field(
        default=None, description="The document that already held these bytes.", examples=[None]
    )
    error: str | None = Field(default=None, examples=[None])

    @classmethod
    def of(cls, accepted: Accepted) -> "Uploaded":
        """A file that was taken."""
        return cls(
            id=accepted.document_id,
            job_id=accepted.job_id,
            filename=accepted.filename,
            status=JobState(accepted.status),
            duplicate_of=accepted.duplicate_of,
        )

    @classmethod
    def refused(cls, filename: str, error: StudyError) -> "Uploaded":
        """A file that was not taken."""
        return cls(id=None, job_id=None, filename=filename, status=JobState.FAILED, error=str(error))


class Uploads(BaseModel):
    """What became of each file."""

    documents: list[Uploaded]


class DocumentOut(BaseModel):
    """A document. `book` and its like are null while it belongs to chats only."""

    id: str = Field(examples=[DOCUMENT_ID])
    filename: str = Field(examples=["biology.pdf"])
    title: str | None = Field(examples=["Biology"])
    author: str | None = Field(examples=[None])
    semester: str | None = Field(examples=["Spring 2026"])
    subject: str | None = Field(examples=["Biology"])
    book: str | None = Field(examples=["Biology"])
    book_id: str | None = Field(examples=["0cc175b9c0f1b6a831c399e269772661"])
    kind: str = Field(examples=["pdf"])
    language: str | None = Field(examples=["en"])
    size: int = Field(description="Bytes.", examples=[10_482_113])
    status: JobState = Field(examples=["ready"])
    error: str | None = Field(examples=[None])
    version: int = Field(examples=[1])
    current: bool = Field(description="False for a version that a newer one has replaced.", examples=[True])
    page_count: int = Field(examples=[763])
    passage_count: int = Field(examples=[3523])
    notes: list[str] = Field(description="What the learner should know, e.g. that pages hold no text.", examples=[[]])
    empty_pages: list[int] = Field(description="Pages without text.", examples=[[2]])
    recognised_pages: list[int] = Field(description="Pages whose text was recognised from an image.", examples=[[]])
    contents: list[tuple[int, str, int]] = Field(
        description="Table of contents: level, heading, page index.", examples=[[(1, "The Study of Life", 9)]]
    )
    subject_words: list[str] = Field(examples=[["cell", "membrane"]])
    created_at: datetime
    ready_at: datetime | None

    @classmethod
    def of(cls, shelved: Shelved) -> "DocumentOut":
        """A document with where it is filed."""
        document = shelved.document
        return cls(
            id=document.id,
            filename=document.filename,
            title=document.title,
            author=document.author,
            semester=shelved.semester or None,
            subject=shelved.subject or None,
            book=shelved.book or None,
            book_id=document.book_id,
            kind=document.kind,
            language=document.language,
            size=document.size,
            status=JobState(document.state),
            error=document.error,
            version=document.version,
            current=document.superseded_by is None,
            page_count=document.page_count,
            passage_count=document.passage_count,
            **{name: document.details.get(name) or [] for name in DETAILS},
            created_at=document.created_at,
            ready_at=document.ready_at,
        )


class DocumentList(BaseModel):
    """Documents of the library, or of a chat."""

    documents: list[DocumentOut]


class DocumentStatus(BaseModel):
    """How far a document is; `done` of `total` counts the pages or passages of its stage."""

    id: str = Field(examples=[DOCUMENT_ID])
    job_id: str | None = Field(examples=[JOB_ID])
    filename: str = Field(examples=["biology.pdf"])
    status: JobState = Field(examples=["running"])
    stage: str = Field(examples=["embed"])
    done: int = Field(examples=[212])
    total: int = Field(examples=[763])
    error: str | None = Field(examples=[None])


class DocumentChange(Body):
    """Fields that are left out stay as they are."""

    filename: Name | None = Field(default=None, examples=["biology-2e.pdf"])
    semester: Name | None = Field(default=None, examples=["Spring 2026"])
    subject: Name | None = Field(default=None, examples=["Biology"])
    book: Name | None = Field(default=None, examples=["Concepts of Biology"])


class Highlight(BaseModel):
    """A box as shares of the page's width and height, from the top left corner."""

    left: float = Field(examples=[0.12])
    top: float = Field(examples=[0.41])
    width: float = Field(examples=[0.7])
    height: float = Field(examples=[0.015])

    @classmethod
    def of(cls, box: Box) -> "Highlight":
        """From left, top, right and bottom."""
        left, top, right, bottom = (round(share, 5) for share in box)
        return cls(left=left, top=top, width=round(right - left, 5), height=round(bottom - top, 5))


class PageOut(BaseModel):
    """One page: `index` is physical and from 1, `label` is what is printed on it."""

    index: int = Field(examples=[230])
    label: str = Field(examples=["212"])
    kind: str = Field(description="page, slide or section", examples=["page"])
    text: str = Field(examples=[QUOTE])
    recognised: bool = Field(description="True when the text was recognised from an image.", examples=[False])
    page_count: int = Field(examples=[763])
    image_url: str | None = Field(examples=[f"/api/documents/{DOCUMENT_ID}/pages/230?format=image"])
    document: DocumentOut
    marks: list[Highlight] | None = Field(default=None, description="Where `start` to `end` stands on the image.")

    @classmethod
    def of(cls, view: PageView, marks: list[Highlight] | None) -> "PageOut":
        """A page with what is marked on it."""
        document = DocumentOut.of(view.shelved)
        image = f"/api/documents/{document.id}/pages/{view.row.index}?format=image" if view.has_image else None
        return cls(
            index=view.row.index,
            label=view.row.label,
            kind=view.row.kind,
            text=view.row.text,
            recognised=view.row.recognised,
            page_count=view.count,
            image_url=image,
            document=document,
            marks=marks,
        )


class Job(BaseModel):
    """One reading of a document."""

    id: str = Field(examples=[JOB_ID])
    document_id: str = Field(examples=[DOCUMENT_ID])
    state: JobState = Field(examples=["running"])
    stage: str = Field(examples=["embed"])
    done: int = Field(examples=[212])
    total: int = Field(examples=[763])
    error: str | None = Field(examples=[None])
    error_code: str | None = Field(description="Why it failed, for programs.", examples=[None])
    attempts: int = Field(examples=[1])
    started_at: datetime | None
    finished_at: datetime | None = Field(examples=[None])

    @classmethod
    def of(cls, row: PipelineRun) -> "Job":
        """A job as it stands."""
        return cls.model_validate(row, from_attributes=True)


class Ingest(Body):
    """Which files of the store to read."""

    mode: Literal["new", "all"] = Field(
        default="new", description="`all` reads files again that are in the library already."
    )


class Jobs(BaseModel):
    """Several jobs."""

    jobs: list[Job]


class Ingesting(BaseModel):
    """What is read now, and what is not."""

    jobs: list[Job]
    refused: list["Refused"] = Field(examples=[[]])


class Refused(BaseModel):
    """A file that cannot be read, and why."""

    filename: str = Field(examples=["empty.pdf"])
    error: str = Field(examples=["This file is empty."])
