"""Passages: exact offsets, limits, headings, pages."""

import random

import pytest
from pydantic import ValidationError

from ingestion.chunk import ChunkConfig, SectionPath, chunk
from ingestion.partition.pages import page_of
from ingestion.types import Block, Outline, Page

CONFIGS = [
    ChunkConfig(),
    ChunkConfig(max_characters=200, combine_under=50),
    ChunkConfig(max_characters=1500, overlap=150),
    ChunkConfig(strategy="basic", max_characters=400, combine_under=0),
    ChunkConfig(max_characters=300, new_after=150, combine_under=80, overlap=60),
]


def text(rng: random.Random, words: int) -> str:
    alphabet = ["cell", "membrane", "光合成", "x" * rng.randint(1, 40), "e.g.", "ends.", "why?", "naïve", "—"]
    return " ".join(rng.choice(alphabet) for _ in range(words)) or "x"


def random_page(seed: int) -> Page:
    rng = random.Random(seed)
    kinds = ["Title", "NarrativeText", "NarrativeText", "ListItem", "Table"]
    blocks = []
    for _ in range(rng.randint(0, 12)):
        kind = rng.choice(kinds)
        words = rng.randint(1, 9) if kind == "Title" else rng.choice([3, 30, 300])
        blocks.append(Block(kind, text(rng, words), 0, rng.randint(1, 3) if kind == "Title" else 0))
    if rng.random() < 0.2:
        blocks.append(Block("NarrativeText", "y" * rng.randint(1, 5000), 0))
    return page_of(1, "1", "page", blocks)


@pytest.mark.parametrize("config", CONFIGS)
def test_every_passage_is_a_stretch_of_its_page_and_nothing_is_lost(config: ChunkConfig) -> None:
    for seed in range(60):
        page = random_page(seed)
        passages = chunk(page, SectionPath(Outline(1)).follow(page), config)
        covered = set()
        for passage in passages:
            assert page.text[passage.start : passage.end] == passage.text
            assert 0 < len(passage.text) <= config.max_characters
            assert passage.text == passage.text.strip()
            covered |= set(range(passage.start, passage.end))
        assert all(page.text[at].isspace() for at in set(range(len(page.text))) - covered)
        assert [p.start for p in passages] == sorted(p.start for p in passages)


def page(*blocks: tuple[str, str, int], index: int = 1) -> Page:
    return page_of(index, str(index), "page", [Block(category, text, 0, depth) for category, text, depth in blocks])


def test_a_heading_opens_the_passage_of_what_follows_it() -> None:
    one = page(
        ("NarrativeText", "Cells divide. " * 30, 0), ("Title", "Osmosis", 1), ("NarrativeText", "Water moves. " * 60, 0)
    )
    passages = chunk(one, SectionPath(Outline(1)).follow(one), ChunkConfig(max_characters=500))
    with_heading = [p for p in passages if "Osmosis" in p.text]
    assert len(with_heading) == 1
    assert with_heading[0].text.startswith("Osmosis\n\nWater moves.")
    assert with_heading[0].section == ("Osmosis",)


def test_long_paragraphs_are_cut_after_sentences() -> None:
    one = page(("NarrativeText", "Water moves through a membrane. " * 60, 0))
    assert all(p.text.endswith(".") for p in chunk(one, [()], ChunkConfig(max_characters=300)))


def test_an_abbreviation_ends_no_passage() -> None:
    one = page(("NarrativeText", "Two years of war had passed before the U.S. Congress met. " * 20, 0))
    assert all(p.text.endswith("met.") for p in chunk(one, [()], ChunkConfig(max_characters=340)))


def test_text_without_capitals_is_cut_after_a_period() -> None:
    one = page(("NarrativeText", "water moves through it. " * 60, 0))
    assert all(p.text.endswith("it.") for p in chunk(one, [()], ChunkConfig(max_characters=300)))


def test_small_sections_share_a_passage() -> None:
    one = page(("Title", "A", 2), ("NarrativeText", "Short.", 0), ("Title", "B", 2), ("NarrativeText", "Also.", 0))
    assert len(chunk(one, SectionPath(Outline(1)).follow(one), ChunkConfig())) == 1


def test_overlap_repeats_whole_words_from_before() -> None:
    one = page(("NarrativeText", "alpha beta gamma delta. " * 40, 0))
    first, second, *_ = chunk(one, [()], ChunkConfig(max_characters=200, overlap=40))
    assert second.start < first.end
    assert second.text.split()[0] in {"alpha", "beta", "gamma", "delta."}


def test_the_section_path_follows_headings_over_pages() -> None:
    path = SectionPath(Outline(2))
    assert path.follow(page(("Title", "Cells", 1), ("Title", "Parts", 2), ("Text", "x", 0)))[-1] == ("Cells", "Parts")
    assert path.follow(page(("Text", "y", 0), index=2)) == [("Cells", "Parts")]
    assert path.follow(page(("Title", "Genes", 1), ("Text", "z", 0), index=3))[-1] == ("Genes",)


def test_the_contents_name_sections_that_no_block_shows() -> None:
    path = SectionPath(Outline(3, contents=((1, "Cells", 1), (2, "Membranes", 2))))
    assert path.follow(page(("Text", "x", 0), index=1)) == [()]
    assert path.follow(page(("Text", "x", 0), index=2)) == [("Cells",)]
    assert path.follow(page(("Text", "x", 0), index=3)) == [("Cells", "Membranes")]


def test_a_heading_takes_its_level_from_the_contents() -> None:
    path = SectionPath(Outline(1, contents=((1, "1 Cells", 1), (2, "1.1 Membranes", 1))))
    paths = path.follow(page(("Title", "1 Cells", 3), ("Title", "1.1 Membranes", 3), ("Text", "x", 0)))
    assert paths[-1] == ("1 Cells", "1.1 Membranes")


@pytest.mark.parametrize("wrong", [{"max_characters": 1501}, {"overlap": 501}, {"strategy": "x"}, {"size": 3}])
def test_wrong_settings_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ChunkConfig.model_validate(wrong)
