"""The page viewer: one page of a source with its quote marked, beside the chat or in a tab of its own."""

from dataclasses import dataclass
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse

from app.api.deps import CitationNumber, DocumentId, Owner, PageIndex, PagesDep, ServicesDep, ThreadId
from app.api.document_schemas import Highlight
from app.api.pages import html
from app.pages import Pages, PageView
from app.persistence.tables import CitationRow
from tools.citations import anchor
from tools.errors import NotFound, StudyError
from tools.types import Learner, page_name

router = APIRouter(tags=["viewer"], default_response_class=HTMLResponse)

Theme = Annotated[Literal["dark", "light"] | None, Query(description="Left out: as the system has it.")]
Offset = Annotated[int | None, Query(ge=0)]


@dataclass(frozen=True, slots=True)
class Quote:
    """A stretch of a page's text; `page` is the page's index, `number` that of the citation."""

    page: int
    start: int
    end: int
    number: int | None = None


@dataclass(frozen=True, slots=True)
class ToMark:
    """What is to be marked: a stretch of some page's text, else a quote to be found on the page shown."""

    start: Offset = None
    end: Offset = None
    q: Annotated[str | None, Query(max_length=4000, description="A quote to find and mark.")] = None
    quoted_on: Annotated[int | None, Query(ge=1, description="The page that `start` and `end` belong to.")] = None

    def on(self, page: PageView) -> Quote | None:
        """The stretch, or where the quote stands on this page; None when neither is given or it is not found."""
        if self.start is not None and self.end is not None:
            return Quote(self.quoted_on or page.row.index, self.start, self.end)
        found = anchor(self.q, page.row.text) if self.q and self.q.strip() else None
        return Quote(page.row.index, *found) if found else None


@router.get("/view/{document_id}/{page_index}", summary="One page of a document")
def view(
    document_id: DocumentId,
    page_index: PageIndex,
    owner: Owner,
    pages: PagesDep,
    marked: Annotated[ToMark, Depends()],
    theme: Theme = None,
) -> HTMLResponse:
    """The page with its text and image, and the quote marked in both."""
    try:
        page = pages.page(owner, document_id, page_index)
    except StudyError as error:
        return _message(error.status, "This page cannot be shown", str(error), theme)
    return _page(pages, page, marked.on(page), theme)


@router.get("/cite/{thread_id}/{n}", summary="The page behind a citation")
def cite(
    thread_id: ThreadId,
    n: CitationNumber,
    owner: Owner,
    services: ServicesDep,
    pages: PagesDep,
    theme: Theme = None,
) -> HTMLResponse:
    """The page that citation `n` of a conversation rests on; when the document is gone, what was quoted of it."""
    try:
        citation = services.queries.citation(owner, thread_id, n)
    except StudyError as error:
        return _message(error.status, "There is no such citation", str(error), theme)
    try:
        services.library.document(owner, citation.document_id)
    except NotFound:
        return _removed(citation, theme)
    try:
        page = pages.page(owner, citation.document_id, citation.page_index)
    except StudyError as error:
        return _message(error.status, "This page cannot be shown", str(error), theme)
    return _page(pages, page, _cited(page, citation), theme)


def _cited(page: PageView, citation: CitationRow) -> Quote | None:
    """Where the citation stands; looked for again when the document has been read anew since."""
    text, start, end = page.row.text, citation.start, citation.end
    if text[start:end] != citation.quote:
        start, end = anchor(citation.quote, text) or (start, end)
    return Quote(page.row.index, start, end, citation.n)


def _page(pages: Pages, page: PageView, quote: Quote | None, theme: str | None) -> HTMLResponse:
    row, document = page.row, page.shelved.document
    start, end = _span(row.text, quote if quote and quote.page == row.index else None)
    section = pages.section(Learner(document.owner_id), document.id, row.index, start)
    place = page_name(row.kind, row.label)
    image = f"/api/documents/{document.id}/pages/{row.index}?format=image" if page.has_image else None
    return html(
        200,
        "page.html",
        theme=theme,
        language=document.language,
        book=page.shelved.book_title,
        section=section[-1] if section else None,
        place=place,
        position=_position(page),
        unit=row.kind,
        previous=_neighbour(page, -1, quote, theme),
        next=_neighbour(page, 1, quote, theme),
        back=_back(document.id, row.index, quote, theme),
        number=quote.number if quote and start < end else None,
        image=image,
        marks=[Highlight.of(box) for box in pages.marks(page, start, end)],
        recognised=row.recognised,
        text=row.text,
        before=row.text[:start],
        quote=row.text[start:end],
        after=row.text[end:],
        filename=document.filename,
        original=f"/api/documents/{document.id}/file",
        opens_here=page.has_image,
    )


def _span(text: str, quote: Quote | None) -> tuple[int, int]:
    """The quote's place within the text; nothing when it does not lie in it."""
    if quote is None or not 0 <= quote.start < quote.end <= len(text):
        return 0, 0
    return quote.start, quote.end


def _position(page: PageView) -> str:
    """Where the page lies in the file, unless its label says so already."""
    row = page.row
    if row.label == str(row.index):
        return f"of {page.count}"
    return f"· {row.kind} {row.index} of {page.count}"


def _neighbour(page: PageView, step: int, quote: Quote | None, theme: str | None) -> str | None:
    index = page.row.index + step
    return _url(page.shelved.document.id, index, quote, theme) if 1 <= index <= page.count else None


def _back(document_id: str, index: int, quote: Quote | None, theme: str | None) -> str | None:
    """The way back from a neighbouring page to the quote."""
    return None if quote is None or quote.page == index else _url(document_id, quote.page, quote, theme)


def _url(document_id: str, index: int, quote: Quote | None, theme: str | None) -> str:
    values: dict[str, object] = {}
    if quote:
        values = {"start": quote.start, "end": quote.end, "quoted_on": quote.page}
    if theme:
        values["theme"] = theme
    return f"/view/{document_id}/{index}?{urlencode(values)}" if values else f"/view/{document_id}/{index}"


def _removed(citation: CitationRow, theme: str | None) -> HTMLResponse:
    kept = {
        "quote": citation.quote,
        "book": citation.book,
        "place": page_name(citation.page_kind, citation.page_label),
        "filename": citation.filename,
    }
    message = "The document was deleted from your library, so its page is gone. This is what the answer quoted:"
    return _message(410, "Source removed", message, theme, kept)


def _message(
    status: int, heading: str, message: str, theme: str | None, kept: dict[str, str] | None = None
) -> HTMLResponse:
    return html(status, "message.html", theme=theme, heading=heading, message=message, kept=kept)
