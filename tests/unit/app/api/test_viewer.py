"""The pages people see: what they hold, and that nothing in a document gets out of its text."""

import pytest

from app.wiring import LOCAL_LEARNER
from ingestion.types import Page
from tests.support.api import Study, pdf
from tools.types import Citation

TEXT = "Water moves.\n\nOsmosis moves <b>water</b> & salts stay."
QUOTE = "Osmosis moves <b>water</b> & salts stay."
MARKED = '<mark id="mark" tabindex="-1">Osmosis moves &lt;b&gt;water&lt;/b&gt; &amp; salts stay.</mark>'
START = TEXT.index(QUOTE)


@pytest.fixture
def slides(study: Study) -> str:
    document_id = study.upload("Water.", "a.txt", book="<i>Cells</i>")["id"]
    return study.read(document_id, *(Page(n, str(n), "slide", TEXT) for n in (1, 2, 3)))


def cite(study: Study, document_id: str, start: int = START, quote: str = QUOTE) -> None:
    citation = Citation(4, quote, document_id, "Cells", "a.txt", 2, "2", "slide", start, start + len(quote))
    study.services.queries.keep_citations(LOCAL_LEARNER, "t-1", [citation])


def test_the_quote_is_marked_and_everything_is_escaped(study: Study, slides: str) -> None:
    page = study.client.get(f"/view/{slides}/2", params={"start": START, "end": len(TEXT)})
    assert page.status_code == 200
    assert MARKED in page.text
    assert "<b>water" not in page.text
    assert "<i>Cells" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_a_quote_can_be_sought_by_its_words(study: Study, slides: str) -> None:
    assert MARKED in study.client.get(f"/view/{slides}/2", params={"q": QUOTE}).text


@pytest.mark.parametrize("span", [{"start": 5, "end": 5}, {"start": 9, "end": 2}, {"start": 0, "end": 10_000}])
def test_a_span_outside_the_page_marks_nothing(study: Study, slides: str, span: dict[str, int]) -> None:
    page = study.client.get(f"/view/{slides}/2", params=span)
    assert page.status_code == 200
    assert "<mark" not in page.text


def test_neighbours_lead_on_and_back_to_the_quote(study: Study, slides: str) -> None:
    params: dict[str, str | int] = {"start": START, "end": len(TEXT), "quoted_on": 2, "theme": "dark"}
    third = study.client.get(f"/view/{slides}/3", params=params).text
    assert f"/view/{slides}/2?start={START}&amp;end={len(TEXT)}&amp;quoted_on=2&amp;theme=dark" in third
    assert "Back to the quote" in third
    assert "<mark" not in third
    assert 'id="next"' not in third
    assert 'data-theme="dark"' in third


def test_label_and_position_are_told_apart(study: Study) -> None:
    document_id = study.upload(pdf("Water.", "Light."), "a.pdf")["id"]
    study.read(document_id, Page(1, "xiv", "page", "Water."), Page(2, "xv", "page", "Light."))
    assert "p. xiv <small>· page 1 of 2</small>" in study.client.get(f"/view/{document_id}/1").text


def test_a_pdf_page_shows_its_image_with_boxes(study: Study) -> None:
    document_id = study.upload(pdf("Osmosis moves water."), "a.pdf")["id"]
    study.read(document_id, Page(1, "1", "page", "Osmosis moves water."))
    page = study.client.get(f"/view/{document_id}/1", params={"start": 0, "end": 7}).text
    assert f'src="/api/documents/{document_id}/pages/1?format=image"' in page
    assert page.count("<rect") == 1


def test_a_citation_opens_its_page_with_the_quote(study: Study, slides: str) -> None:
    cite(study, slides)
    page = study.client.get("/cite/t-1/4")
    assert MARKED in page.text
    assert "slide 2" in page.text


def test_a_citation_finds_its_quote_again_after_the_document_was_read_anew(study: Study, slides: str) -> None:
    cite(study, slides, start=0)
    assert MARKED in study.client.get("/cite/t-1/4").text


def test_when_the_document_is_gone_the_quote_is_still_there(study: Study, slides: str) -> None:
    cite(study, slides)
    study.client.delete(f"/api/documents/{slides}")
    page = study.client.get("/cite/t-1/4")
    assert page.status_code == 410
    assert "Source removed" in page.text
    assert "Osmosis moves &lt;b&gt;water&lt;/b&gt;" in page.text
    assert "slide 2" in page.text


@pytest.mark.parametrize("path", ["/view/nope/1", "/cite/t-1/1"])
def test_what_is_not_there_is_said_on_a_page(study: Study, path: str) -> None:
    page = study.client.get(path)
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")


def test_a_page_that_is_still_to_be_read_says_so(study: Study) -> None:
    document_id = study.upload("Water.")["id"]
    page = study.client.get(f"/view/{document_id}/7")
    assert page.status_code == 404
    assert "not been read yet" in page.text


def test_style_and_script_come_from_here(study: Study) -> None:
    for name in ("viewer.css", "viewer.js"):
        assert study.client.get(f"/viewer/{name}").status_code == 200
