from dataclasses import replace

from tests.support.study import passage
from tools import refusal
from tools.types import Found, Hit, Sentence

TEXT = "Osmosis is the diffusion of water. It needs no energy."
WORDS = {"osmosis": 7.0, "water": 3.0}


def found(cosine: float, *, rarity: dict[str, float] | None = None, size: int = 100, hits: int = 8) -> Found:
    sentences = (Sentence(0, 34, cosine), Sentence(35, 54, cosine / 2))
    some = tuple(Hit(passage(TEXT, page=n), 1.0, cosine, 1.0, sentences) for n in range(hits))
    return Found("q", some, WORDS if rarity is None else rarity, passages=size)


def test_nothing_found_supports_nothing() -> None:
    assert refusal.confidence(Found("q")) == 0
    assert not refusal.supports(Found("q", rarity=WORDS))


def test_confidence_grows_with_nearness() -> None:
    values = [refusal.confidence(found(cosine)) for cosine in (0.1, 0.3, 0.5, 0.7, 0.9)]
    assert values == sorted(values)
    assert all(0 <= value <= 1 for value in values)
    assert values[0] < refusal.THRESHOLD < refusal.SURE < values[-1]


def test_words_that_the_passages_lack_lower_it() -> None:
    assert refusal.confidence(found(0.5, rarity={"pokemon": 8.0, "water": 3.0})) < refusal.confidence(found(0.5))


def test_a_misspelt_word_is_no_missing_word() -> None:
    misspelt, unknown = found(0.5, rarity={"diffussion": 8.0}), found(0.5, rarity={"difference": 8.0})
    assert refusal.confidence(misspelt) > refusal.confidence(unknown)


def test_in_a_small_scope_less_is_enough() -> None:
    assert refusal.confidence(found(0.45, size=5)) > refusal.confidence(found(0.45, size=100))


def test_passages_without_sentence_vectors_are_judged_by_their_own() -> None:
    bare = tuple(Hit(passage(TEXT, page=n), 1.0, 0.9, 1.0) for n in range(8))
    assert refusal.supports(Found("q", bare, WORDS, passages=100))


def test_words_that_are_matched_by_meaning_raise_it() -> None:
    bare = found(0.3)
    values = [
        refusal.confidence(replace(bare, hits=tuple(replace(hit, match=match) for hit in bare.hits)))
        for match in (0.3, 0.5, 0.7, 0.9)
    ]
    assert values == sorted(values)
    assert values[0] < refusal.THRESHOLD < refusal.SURE < values[-1]
