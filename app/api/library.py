"""The tree of semesters, subjects and books, and the names in it."""

from typing import Annotated

from fastapi import APIRouter, Path

from app.api.deps import ID, Owner, ServicesDep
from app.api.document_schemas import DocumentOut
from app.api.library_schemas import Counts, LibraryOut, NewName, PlaceName, places
from app.persistence.library import Shelved

router = APIRouter(prefix="/api/library", tags=["library"])


@router.get("")
def library(owner: Owner, services: ServicesDep) -> LibraryOut:
    """Semesters › subjects › books › documents, with counts and states."""
    unfiled = services.library.unfiled(owner)
    semesters = places(services.library.tree(owner))
    counts = [Counts.of(unfiled), *(semester.counts for semester in semesters)]
    total = Counts(**{name: sum(getattr(part, name) for part in counts) for name in Counts.model_fields})
    return LibraryOut(
        semesters=semesters, unfiled=[DocumentOut.of(Shelved(document)) for document in unfiled], counts=total
    )


@router.patch("/{place_id}")
def rename_place(
    place_id: Annotated[str, Path(pattern=ID)], body: NewName, owner: Owner, services: ServicesDep
) -> PlaceName:
    """Rename a semester, subject or book; takes effect at once, nothing is embedded again."""
    services.library.rename_place(owner, place_id, body.name)
    return PlaceName(id=place_id, name=body.name)
