"""The seam to unstructured: it must find its language pipeline without any network."""

from unstructured.nlp import tokenize
from unstructured.partition.text import partition_text

from ingestion.partition import tagger


def test_unstructured_reads_text_without_a_download() -> None:
    tagger.install()
    found = partition_text(text="Plants make glucose from light and water.\n\nThe Cell", languages=[""])
    assert [element.category for element in found] == ["NarrativeText", "Title"]


def test_sentences_and_verbs_are_found() -> None:
    tagger.install()
    assert tokenize.sent_tokenize("Water moves. Cells grow.") == ["Water moves.", "Cells grow."]
    assert ("is", "VB") in tokenize.pos_tag("Osmosis is slow")
