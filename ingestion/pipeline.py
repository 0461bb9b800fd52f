"""One document from bytes to index, as the list of its stages; running it twice changes nothing."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from ingestion.apparatus import ApparatusReading
from ingestion.chunk import ChunkConfig, SectionPath, chunk
from ingestion.embed import EmbedConfig, EmbeddedPassage, embed_passages
from ingestion.errors import NoText
from ingestion.metadata import MetadataGatherer
from ingestion.partition import Limits, partition
from ingestion.types import Chunk, Metadata, Outline, Page
from tools.apparatus import ApparatusStore
from tools.errors import IndexUnavailable
from tools.ports import KeywordIndex, VectorIndex

PAGES_AT_ONCE = 32
PASSAGES_AT_ONCE = 96


class Stage(StrEnum):
    """Where an ingestion stands, in the words that the job's row keeps."""

    PARTITION = "partition"
    EMBED = "embed"
    INDEX = "index"
    READ_BACK = "read back"


Report = Callable[[Stage, int, int], None]
"""Told the stage and how many of how many pages it has done; raises Cancelled to stop."""


class Shelf(Protocol):
    """Where the pages, passages and sentence vectors of documents are kept."""

    def add_pages(self, document_id: str, pages: Sequence[Page], chunks: Sequence[Chunk]) -> None:
        """Keep pages with their passages; the same ones again change nothing."""
        ...

    def count(self, document_id: str) -> int:
        """How many passages the document has."""
        ...

    def without_vectors(self, document_id: str, limit: int) -> list[tuple[str, str]]:
        """Ids and texts of at most `limit` passages that are still to be embedded."""
        ...

    def count_without_vectors(self, document_id: str) -> int:
        """How many passages are still to be embedded."""
        ...

    def add_vectors(self, ids: Sequence[str], embedded: Sequence[EmbeddedPassage]) -> None:
        """Keep mean and sentence vectors, in the order of `ids`."""
        ...

    def texts(self, document_id: str) -> Sequence[tuple[str, str]]:
        """Ids and texts of all passages, in reading order."""
        ...

    def means(self, document_id: str) -> Iterator[tuple[list[str], NDArray[np.float32]]]:
        """Ids and normalised mean vectors, in portions."""
        ...


@dataclass(frozen=True, slots=True)
class Source:
    """A stored file on this machine, and the name that the learner gave it."""

    document_id: str
    path: Path
    filename: str


@dataclass(frozen=True, slots=True)
class Plant:
    """What the stages work with."""

    shelf: Shelf
    apparatus: ApparatusStore
    find_concepts: Callable[[str], None]
    keywords: KeywordIndex
    vectors: VectorIndex
    embeddings: Embeddings
    chunking: ChunkConfig
    embedding: EmbedConfig
    max_pages: int


@dataclass(frozen=True, slots=True)
class Ingested:
    """What an ingestion found, and the seconds of each stage."""

    metadata: Metadata
    passages: int
    seconds: dict[str, float]


def ingest(source: Source, plant: Plant, report: Report) -> Ingested:
    """Raises UnreadableDocument when there is nothing to study in it, and whatever `report` raises."""
    clock = _Clock()
    metadata = read(source, plant, report)
    clock.lap(Stage.PARTITION)
    pages = metadata.page_count
    embed(source.document_id, plant, pages, report)
    clock.lap(Stage.EMBED)
    index_words(source.document_id, plant)
    plant.find_concepts(source.document_id)
    index(source.document_id, plant, pages, report)
    clock.lap(Stage.INDEX)
    read_back(source.document_id, plant, pages, report)
    clock.lap(Stage.READ_BACK)
    return Ingested(metadata, plant.shelf.count(source.document_id), clock.seconds)


def read(source: Source, plant: Plant, report: Report) -> Metadata:
    """Partition, describe, gather the apparatus, enrich with section paths and chunk, a few pages at a time."""

    def should_stop() -> bool:
        report(Stage.PARTITION, done, total)
        return False

    done = total = 0
    stream = partition(source.path, source.filename, Limits(plant.max_pages), should_stop)
    outline = next(stream)
    assert isinstance(outline, Outline)
    total = outline.total
    gatherer, apparatus, sections = _gatherers(outline, source)
    for pages in _batches(stream, PAGES_AT_ONCE):
        paths = [sections.follow(page) for page in pages]
        chunks = [piece for page, path in zip(pages, paths, strict=True) for piece in _chunks(page, path, plant)]
        for page, path in zip(pages, paths, strict=True):
            gatherer.add(page)
            apparatus.add(page, path)
        plant.shelf.add_pages(source.document_id, pages, chunks)
        done = pages[-1].index
        report(Stage.PARTITION, done, total)
    if plant.shelf.count(source.document_id) == 0:
        raise NoText
    plant.apparatus.replace(source.document_id, apparatus.finish())
    return gatherer.finish()


def _chunks(page: Page, path: Sequence[tuple[str, ...]], plant: Plant) -> Iterator[Chunk]:
    return (replace(piece, unit=plant.embedding.unit) for piece in chunk(page, path, plant.chunking))


def _gatherers(outline: Outline, source: Source) -> tuple[MetadataGatherer, ApparatusReading, SectionPath]:
    """What looks at every page in its turn."""
    return MetadataGatherer(outline, source.filename), ApparatusReading(outline), SectionPath(outline)


def embed(document_id: str, plant: Plant, pages: int, report: Report) -> None:
    """Only what has no vectors yet, so that a job that was killed goes on where it stopped."""
    passages = plant.shelf.count(document_id)
    left = plant.shelf.count_without_vectors(document_id)
    report(Stage.EMBED, pages * (passages - left) // passages, pages)
    while todo := plant.shelf.without_vectors(document_id, PASSAGES_AT_ONCE):
        embedded = embed_passages([text for _, text in todo], plant.embeddings, plant.embedding)
        plant.shelf.add_vectors([passage_id for passage_id, _ in todo], embedded)
        left -= len(todo)
        report(Stage.EMBED, pages * (passages - left) // passages, pages)


def index_words(document_id: str, plant: Plant) -> None:
    """The words do not depend on the embedding model, so that this is done once a reading."""
    plant.keywords.add(document_id, plant.shelf.texts(document_id))


def index(document_id: str, plant: Plant, pages: int, report: Report) -> None:
    """Write the mean vectors of a document to the vector index, in place of what it holds of it."""
    passages, done = plant.shelf.count(document_id), 0
    report(Stage.INDEX, 0, pages)
    plant.vectors.delete(document_id)  # what an earlier reading found and this one does not
    for ids, means in plant.shelf.means(document_id):
        plant.vectors.add(document_id, ids, means)
        done += len(ids)
        report(Stage.INDEX, pages * done // passages, pages)


def read_back(document_id: str, plant: Plant, pages: int, report: Report) -> None:
    """Nothing is called ready before a query has found it."""
    report(Stage.READ_BACK, pages, pages)
    _, means = next(iter(plant.shelf.means(document_id)))
    found = plant.vectors.search([float(value) for value in means[0]], [document_id], 3)
    if not found or plant.vectors.count(document_id) < plant.shelf.count(document_id):
        raise IndexUnavailable


def _batches(pages: Iterator[Outline | Page], size: int) -> Iterator[list[Page]]:
    batch: list[Page] = []
    for page in pages:
        assert isinstance(page, Page)
        batch.append(page)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


class _Clock:
    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.monotonic()

    def lap(self, stage: Stage) -> None:
        now = time.monotonic()
        self.seconds[stage] = round(now - self._last, 2)
        self._last = now
