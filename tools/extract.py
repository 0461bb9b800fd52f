"""The sentences of the passages that answer a question best, taken as they stand."""

from dataclasses import dataclass

from tools.types import Found, Hit, Passage, Sentence
from tools.words import stem, stems

MOST = 4


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A stretch of a passage's text, whole sentences only."""

    passage: Passage
    start: int
    end: int
    score: float

    @property
    def text(self) -> str:
        return self.passage.text[self.start : self.end]


def excerpts(question: str, found: Found) -> list[Excerpt]:
    """One to five excerpts in an order that reads well."""
    scored = [_scored(found, hit, sentence) for hit in found.hits[:6] for sentence in hit.sentences]
    best = sorted(scored, key=lambda excerpt: -excerpt.score)[:MOST]
    return [excerpt for excerpt in best if excerpt.score > 0.6 * best[0].score]


def _scored(found: Found, hit: Hit, sentence: Sentence) -> Excerpt:
    seen = stems(hit.passage.text[sentence.start : sentence.end])
    total = sum(found.rarity.values()) or 1.0
    share = sum(weight for word, weight in found.rarity.items() if stem(word) in seen) / total
    return Excerpt(hit.passage, sentence.start, sentence.end, 0.5 * sentence.cosine + 0.5 * share)
