"""An ingestion from bytes to search on real tables: complete, resumable, cancellable, and ready only when found."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from app.persistence.apparatus import ApparatusTable
from app.persistence.concepts import ConceptTable
from app.persistence.db import Database
from ingestion.chunk import ChunkConfig
from ingestion.embed import EmbedConfig
from ingestion.errors import Cancelled, NoText
from ingestion.pipeline import Plant, Source, Stage, ingest
from tests.support.embeddings import HashingEmbeddings
from tests.support.shelf import LEARNER, ExactVectors, SearchShelf, scope
from tools.apparatus import Emphasised, KeyTerm
from tools.errors import IndexUnavailable, StudyError

SECTIONS = 40
Progress = tuple[Stage, int, int]


class ForgetfulVectors(ExactVectors):
    """Takes vectors and finds none."""

    def search(self, vector: Sequence[float], document_ids: Collection[str], k: int) -> list[tuple[str, float]]:
        return []


@pytest.fixture
def source(tmp_path: Path) -> Source:
    path = tmp_path / "handout.md"
    text = (
        f"# Topic {n}\n\nTopic {n} explains fact number {n} in words. It also names idea{n}.\n" for n in range(SECTIONS)
    )
    path.write_text("\n".join(text))
    return Source("handout", path, "handout.md")


@pytest.fixture
def shelf(database: Database) -> SearchShelf:
    shelf = SearchShelf(database, HashingEmbeddings())
    shelf.put("handout", [])
    return shelf


def plant(shelf: SearchShelf) -> Plant:
    apparatus = ApparatusTable(shelf.database.of(LEARNER))
    concepts = ConceptTable(shelf.database.of(LEARNER), shelf.passages, apparatus)
    return Plant(
        shelf.passages,
        apparatus,
        concepts.remake,
        shelf.keywords,
        shelf.vectors,
        shelf.embeddings,
        ChunkConfig(),
        EmbedConfig(),
        100,
    )


def ignore(*_: object) -> None:
    return


def passages(shelf: SearchShelf) -> set[str]:
    return {id_ for ids, _ in shelf.passages.means("handout") for id_ in ids}


def test_every_passage_is_found_and_stands_on_its_page(shelf: SearchShelf, source: Source) -> None:
    ingested = ingest(source, plant(shelf), ignore)
    assert ingested.passages == len(passages(shelf)) == shelf.vectors.count("handout")
    best = shelf.search.search("Which topic names idea7?", scope("handout"), 1).hits[0].passage
    page = shelf.passages.page_text("handout", best.page_index)
    assert page is not None
    assert "idea7" in page[best.start : best.end] == best.text


def test_progress_names_the_stages_in_order_and_counts_pages(shelf: SearchShelf, source: Source) -> None:
    told: list[Progress] = []
    ingested = ingest(source, plant(shelf), lambda *progress: told.append(progress))
    assert list(dict.fromkeys(stage for stage, _, _ in told)) == list(Stage)
    assert all(0 <= done <= total for _, done, total in told)
    assert told[-1] == (Stage.READ_BACK, ingested.metadata.page_count, ingested.metadata.page_count)


def test_running_it_again_changes_and_embeds_nothing(shelf: SearchShelf, source: Source) -> None:
    embeddings = HashingEmbeddings()
    shelf.embeddings = embeddings
    ingest(source, plant(shelf), ignore)
    before, asked = passages(shelf), len(embeddings.asked)
    ingest(source, plant(shelf), ignore)
    assert passages(shelf) == before
    assert len(embeddings.asked) == asked


def test_reading_it_in_other_pieces_leaves_nothing_of_the_former(shelf: SearchShelf, source: Source) -> None:
    source.path.write_text("# Topic\n\n" + "It says a great deal about very little. " * 60)
    ingest(source, plant(shelf), ignore)
    former = passages(shelf)
    ingest(source, replace(plant(shelf), chunking=ChunkConfig(max_characters=300)), ignore)
    assert passages(shelf) != former
    assert shelf.vectors.count("handout") == shelf.passages.count("handout")


def test_reading_it_with_other_vectors_leaves_nothing_of_the_former(shelf: SearchShelf, source: Source) -> None:
    ingest(source, plant(shelf), ignore)
    former = passages(shelf)
    ingest(source, replace(plant(shelf), embedding=EmbedConfig(unit="passage")), ignore)
    assert len(passages(shelf)) == len(former)
    assert not set(passages(shelf)) & set(former), "what is remembered of a passage goes by its id"
    assert {len(spans) for spans, *_ in shelf.passages.sentences(list(passages(shelf))).values()} == {1}
    assert shelf.vectors.count("handout") == shelf.passages.count("handout")


@pytest.mark.parametrize("at", list(Stage))
def test_a_job_that_breaks_off_at_any_stage_goes_on_and_ends_with_the_same_passages(
    database: Database, shelf: SearchShelf, source: Source, at: Stage
) -> None:
    def break_off(stage: Stage, *_: int) -> None:
        if stage == at:
            raise Cancelled

    with pytest.raises(Cancelled):
        ingest(source, plant(shelf), break_off)
    ingest(source, plant(shelf), ignore)
    ids = passages(shelf)
    assert len(ids) == shelf.passages.count("handout") == shelf.vectors.count("handout")
    assert {id_.split("-")[1] for id_ in ids} == {str(n) for n in range(1, SECTIONS + 1)}


def test_a_document_that_a_query_does_not_find_is_not_ready(shelf: SearchShelf, source: Source) -> None:
    shelf.vectors = ForgetfulVectors()
    with pytest.raises(IndexUnavailable):
        ingest(source, plant(shelf), ignore)


def test_a_document_without_text_is_refused_in_words(shelf: SearchShelf, tmp_path: Path) -> None:
    path = tmp_path / "blank.txt"
    path.write_text(" \n\t\n" * 50)
    with pytest.raises(NoText) as refusal:
        ingest(Source("handout", path, "blank.txt"), plant(shelf), ignore)
    assert isinstance(refusal.value, StudyError)
    assert shelf.passages.count("handout") == 0


def test_what_a_book_says_of_itself_is_kept_with_it(shelf: SearchShelf, tmp_path: Path) -> None:
    path = tmp_path / "book.md"
    path.write_text(
        "# Cells\n\nWater moves by **osmosis** in cells.\n\n## Key Terms\n\n**osmosis**: movement of water\n"
    )
    for _ in range(2):
        ingest(Source("handout", path, "book.md"), plant(shelf), ignore)
    kept = [entry for _, entry in ApparatusTable(shelf.database.of(LEARNER)).entries(["handout"])]
    assert [type(entry) for entry in kept] == [Emphasised, KeyTerm]
