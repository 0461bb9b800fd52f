"""What a learner wants to be asked about, and where the books treat it."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tools.concepts.prose import root_words
from tools.questions import kinds
from tools.questions.choose import ScopeLibrary
from tools.questions.types import Item
from tools.types import Found, Passage

_FIRST = 8
_NEARLY_AS_MUCH, _FEWEST_PASSAGES = 0.65, 5

SectionKey = tuple[str, tuple[str, ...]]
"""A document and the path of headings in it."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic's words, and the sections that treat it."""

    text: str
    roots: frozenset[str]
    sections: frozenset[SectionKey]
    chapters: frozenset[SectionKey] = frozenset()

    @classmethod
    def of(cls, text: str, found: Found, library: ScopeLibrary) -> "Topic":
        """The topic as the scope treats it, judged by what a search for it found."""
        roots = root_words(text)
        headings = {(place.document_id, place.section[:1]) for place in library.places if place.section}
        chapters = {key for key in headings if roots and roots <= root_words(key[1][0])}
        first = [(hit.passage.document_id, hit.passage.section[:2]) for hit in found.hits[:_FIRST]]
        often = {first[0]} | {section for section, times in Counter(first).items() if times > 1}
        return cls(text, roots, frozenset(_treating(roots, often, library)), frozenset(chapters))

    def has(self, item: Item) -> bool:
        """Whether an item stands where the topic is treated, or speaks of it in all of its words."""
        is_there = self.is_treated(item.evidence.document_id, item.section)
        return is_there or (bool(self.roots) and self.roots <= root_words(f"{item.evidence.quote} {item.topic}"))

    def may_be_in(self, passage: Passage) -> bool:
        """Whether it can be worth the time to read a passage for questions on the topic."""
        is_there = self.is_treated(passage.document_id, passage.section)
        return is_there or not self.roots or bool(self.roots & root_words(passage.text))

    def is_treated(self, document_id: str, section: tuple[str, ...]) -> bool:
        """Whether a section is one that the search led to, or one whose heading names the topic.

        Where whole chapters are named after the topic, it is these that treat it.
        """
        if self.chapters:
            return (document_id, section[:1]) in self.chapters
        named = bool(self.roots) and any(self.roots <= root_words(heading) for heading in section)
        return named or (document_id, section[:2]) in self.sections

    def is_answer_of(self, item: Item) -> bool:
        """Whether the answer is the topic itself: known before the question is read, and told by many another."""
        return kinds.of(item.kind).tells and root_words(item.answer) <= self.roots


def _treating(roots: frozenset[str], sections: Collection[SectionKey], library: ScopeLibrary) -> set[SectionKey]:
    """The section that speaks of these words most, and those that do nearly as much or stand in the same chapter."""
    shares = {key: _share(roots, library.texts(*key)) for key in sections}
    best = max(shares, key=lambda key: shares[key])
    return {
        key
        for key, share in shares.items()
        if share >= _NEARLY_AS_MUCH * shares[best] or (key[0], key[1][:1]) == (best[0], best[1][:1])
    }


def _share(roots: frozenset[str], texts: Sequence[str]) -> float:
    """How many of the texts have all the words; a section of a few passages is no measure."""
    return sum(roots <= root_words(text) for text in texts) / max(_FEWEST_PASSAGES, len(texts))
