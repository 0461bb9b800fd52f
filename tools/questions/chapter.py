"""What one chapter states and which of its terms stand for what: the ground for distractors and hints."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from math import log

import numpy as np

from tools import sentences
from tools.ports import Vectors
from tools.questions import events, facts, phrases
from tools.questions.facts import Fact, FactKind
from tools.questions.vectors import TextVectors
from tools.types import Passage
from tools.words import stem, words

_DEFINING = (FactKind.DEFINITION, FactKind.NAMED)
_STATING = (*_DEFINING, FactKind.PARTS, FactKind.FUNCTION, FactKind.PHASE)
_FEWEST_YEARS = 2
_OPENING = 5
_NEARLY_AS_WELL = 0.75
_TAXON = re.compile(
    r"(?:an?|the|one) (?:[\w-]+ ){0,3}(?:family|genus|phylum|subphylum|superphylum|order|kingdom|clade|species) "
)
_KINDS = re.compile(
    r"\b(?:such as|includ\w+|like|called|known as|(?:types?|kinds?|forms?|classes|examples?|groups?) of)\b"
)


class Chapter:
    """Mines a chapter once; safe to keep for as long as its passages stay."""

    def __init__(self, passages: Sequence[Passage], vectors: TextVectors) -> None:
        self._vectors = vectors
        self._passages = passages
        raw = [fact for passage in passages for fact in (*facts.mine(passage), *events.mine(passage))]
        self.facts = [self._cased(fact) for fact in raw]
        self.definitions = _once(fact for fact in self.facts if fact.kind in _DEFINING)
        loose = (self._cased(fact) for passage in passages for fact in facts.described(passage))
        self._explained = _once([*self.definitions, *filter(self._is_established, loose)])
        doing = (fact for fact in self.facts if fact.kind in (FactKind.FUNCTION, FactKind.PARTS))
        self.described = _once([*self._explained, *filter(self._is_established, doing)])
        self._by_passage: dict[str, list[Fact]] = {}
        for fact in self.facts:
            self._by_passage.setdefault(fact.passage.id, []).append(fact)

    def _cased(self, fact: Fact) -> Fact:
        """A name keeps its capital: one that the chapter writes so within its sentences too."""
        if fact.article or fact.kind not in _STATING or not fact.term[:1].islower():
            return fact
        name = phrases.raised(fact.term)
        inside = re.compile(rf"\b[a-z][\w’-]*,? {re.escape(name)}\b")
        is_name = bool(inside.search(self._text) or _TAXON.match(fact.predicate)) and not self.has_word(fact.term)
        return replace(fact, term=name) if is_name else fact

    def _is_established(self, fact: Fact) -> bool:
        """Whether a term is one of the chapter's own: a heading, or explained and used more than once."""
        return _key(fact.term) in self._headings or (not phrases.is_vague(fact.predicate) and self.uses(fact.term) > 1)

    @cached_property
    def _headings(self) -> frozenset[frozenset[str]]:
        return frozenset(_key(heading) for passage in self._passages for heading in passage.section)

    def is_about(self, term: str) -> bool:
        """Whether a term heads the chapter, so that the other terms are its kinds and parts."""
        wanted = _key(term)
        return any(wanted == _key(passage.section[0]) for passage in self._passages[:1] if passage.section)

    @cached_property
    def _text(self) -> str:
        return " ".join(" ".join(passage.text.split()) for passage in self._passages)

    def of(self, passage: Passage) -> list[Fact]:
        return self._by_passage.get(passage.id, [])

    def of_kind(self, kind: FactKind) -> list[Fact]:
        return [fact for fact in self.facts if fact.kind == kind]

    def speaks_of(self, term: str) -> bool:
        """Whether the chapter says what kind of thing a term is."""
        return any(_key(fact.term) == _key(term) for fact in self._explained)

    @cached_property
    def _terms(self) -> frozenset[frozenset[str]]:
        return frozenset(_key(fact.term) for fact in self.described)

    @cached_property
    def is_narrative(self) -> bool:
        """Whether the chapter tells what happened rather than what its terms mean."""
        years = len(self.of_kind(FactKind.YEAR))
        return years >= _FEWEST_YEARS and 2 * years >= len(self.definitions)

    def opens_with_term(self, sentence: str) -> bool:
        """Whether a sentence starts with a term that the chapter speaks of as such."""
        opening = _key(" ".join(sentence.split()[:_OPENING]))
        return any(_key(fact.term) <= opening for fact in self._explained)

    @cached_property
    def sentences(self) -> list[tuple[str, frozenset[str]]]:
        """Every sentence with the stems of all its words."""
        texts = [phrases.tidy(p.text[start:end]) for p in self._passages for start, end in sentences.split(p.text)]
        return [(text, frozenset(stem(word) for word in words(text))) for text in texts]

    def uses(self, term: str) -> int:
        """In how many sentences of the chapter a term stands."""
        wanted = _key(term)
        return sum(wanted <= seen for _, seen in self.sentences)

    def is_said_of(self, term: str, roots: frozenset[str], share: float = 0.6) -> bool:
        """Whether some sentence names the term together with most of these words."""
        wanted = _key(term)
        enough = share * len(roots)
        return any(wanted <= seen and len(roots & seen) >= enough for _, seen in self.sentences)

    def has_form(self, term: str) -> bool:
        """Whether the chapter has a term in just this number, at the beginning of a sentence or within."""
        return self.has_word(term) or self.has_word(phrases.raised(term))

    def has_word(self, word: str) -> bool:
        """Whether the chapter has a word in these very letters."""
        return bool(re.search(rf"\b{re.escape(word)}\b", self._text))

    def names_together(self, term: str, other: str) -> bool:
        return any(True for _ in self._naming(term, other))

    def is_kind_of(self, term: str, other: str) -> bool:
        """Whether some sentence may say that one of two terms is a kind of the other, or another name for it."""
        return any(_KINDS.search(text) for text in self._naming(term, other))

    def _naming(self, term: str, other: str) -> Iterable[str]:
        both = _key(term) | _key(other)
        return (text for text, seen in self.sentences if both <= seen)

    def fits_another(self, fact: Fact) -> bool:
        """Whether the chapter says nearly the same of another of its terms."""
        mine, roots = _key(fact.term), phrases.root_words(fact.predicate)
        similar = [
            seen for _, seen in self.sentences if not mine <= seen and len(roots & seen) > _NEARLY_AS_WELL * len(roots)
        ]
        return any(term <= seen and not term <= roots and not term & mine for seen in similar for term in self._terms)

    def telling(self, phrase: str) -> float:
        """How much a phrase says: 1 for each word that the chapter has once, nothing for one that it always has."""
        total = log(max(2, len(self.sentences)))
        return sum(1 - log(max(1, self._frequency[root])) / total for root in phrases.root_words(phrase))

    @cached_property
    def _frequency(self) -> Counter[str]:
        return Counter(root for _, seen in self.sentences for root in seen)

    def nearness(self, fact: Fact, others: Sequence[Fact]) -> Vectors:
        """Cosines of what the other definitions say to what this one says."""
        return self.cosines(fact.predicate, [other.predicate for other in others])

    def cosines(self, text: str, others: Sequence[str]) -> Vectors:
        vectors = self._vectors.of([text, *others])
        return np.asarray(vectors[1:] @ vectors[0], dtype=np.float32)

    def also_says(self, term: str, is_fit: Callable[[str], bool]) -> str | None:
        """Another sentence about a term, with the term left out; None when there is none that helps."""
        wanted = _key(term)
        for text, seen in self.sentences:
            if wanted <= seen and phrases.is_sound(text) and phrases.stands_alone(text) and is_fit(text):
                blanked = phrases.without(term, text)
                if blanked:
                    return blanked
        return None


def _key(term: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words(term))


def _once(found: Iterable[Fact]) -> list[Fact]:
    """The first definition of each term; a term that is defined twice keeps one."""
    first: dict[frozenset[str], Fact] = {}
    for fact in found:
        first.setdefault(_key(fact.term), fact)
    return list(first.values())
