import numpy as np
import pytest

from ingestion.embed import EmbedConfig, embed_passages, words_of
from tests.support.embeddings import DIMENSIONS, HashingEmbeddings, WordHashing

TEXTS = ["Osmosis\n\nWater moves through a membrane. It needs no energy.", "Mitosis divides the nucleus."]


def test_each_sentence_has_a_unit_vector_and_its_place_in_the_text() -> None:
    embedded = embed_passages(TEXTS, HashingEmbeddings())

    assert [TEXTS[0][start:end] for start, end in embedded[0].spans.tolist()] == [
        "Osmosis",
        "Water moves through a membrane.",
        "It needs no energy.",
    ]
    assert embedded[0].vectors.dtype == np.int8
    assert embedded[0].vectors.shape == (3, DIMENSIONS)
    assert np.linalg.norm(embedded[0].vectors / 127, axis=1) == pytest.approx(1, abs=0.02)


def test_the_passage_vector_is_the_normalised_mean_of_its_sentences() -> None:
    first, second = embed_passages(TEXTS, HashingEmbeddings())

    mean = (first.vectors / 127).mean(axis=0)
    assert first.mean == pytest.approx(mean / np.linalg.norm(mean), abs=0.02)
    assert second.mean == pytest.approx(second.vectors[0] / 127, abs=0.01)


def test_all_sentences_go_to_the_model_in_one_call() -> None:
    embeddings = HashingEmbeddings()

    embed_passages(TEXTS, embeddings)

    assert len(embeddings.asked) == 4
    assert embeddings.calls == 1


def test_a_passage_without_a_sentence_still_has_a_vector() -> None:
    (embedded,) = embed_passages(["∑ = ∫"], HashingEmbeddings())

    assert embedded.spans.tolist() == [[0, 5]]
    assert np.isfinite(embedded.mean).all()


def test_nothing_to_embed_is_no_error() -> None:
    assert embed_passages([], HashingEmbeddings()) == []


def test_a_model_that_tells_words_apart_gives_those_of_each_sentence() -> None:
    embedded = embed_passages([*TEXTS, "∑ = ∫"], WordHashing())

    counts = [one.words.counts.tolist() for one in embedded if one.words]
    assert counts == [[1, 3, 2], [3], [0]]
    assert [one.words for one in embed_passages(TEXTS, HashingEmbeddings())] == [None, None]


def test_words_that_come_later_are_those_that_would_have_come_at_once() -> None:
    embedded = embed_passages(TEXTS, WordHashing())

    later = words_of([(text, one.spans) for text, one in zip(TEXTS, embedded, strict=True)], WordHashing())

    for one, words in zip(embedded, later, strict=True):
        assert one.words is not None
        assert words.to_bytes() == one.words.to_bytes()


def test_a_passage_as_a_whole_gets_one_vector_where_that_is_wanted() -> None:
    first, _ = embed_passages(TEXTS, HashingEmbeddings(), EmbedConfig(unit="passage"))

    assert first.spans.tolist() == [[0, len(TEXTS[0])]]
    assert len(first.vectors) == 1
