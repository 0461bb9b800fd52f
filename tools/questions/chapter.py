"""What one chapter states and which of its terms stand for what: the ground for distractors and hints."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np
from langchain_core.embeddings import Embeddings

from tools import sentences
from tools.ports import Vectors
from tools.questions import events, facts, phrases
from tools.questions.facts import Fact, FactKind
from tools.types import Passage
from tools.words import stem, words

_DEFINING = (FactKind.DEFINITION, FactKind.NAMED)
_STATING = (*_DEFINING, FactKind.PARTS, FactKind.FUNCTION, FactKind.PHASE)
_FEWEST_YEARS = 2
_OPENING = 5


class Chapter:
    """Mines a chapter once; safe to keep for as long as its passages stay."""

    def __init__(self, passages: Sequence[Passage], embeddings: Embeddings) -> None:
        self._embeddings = embeddings
        self._passages = passages
        raw = [fact for passage in passages for fact in (*facts.mine(passage), *events.mine(passage))]
        self.facts = [self._cased(fact) for fact in raw]
        self.definitions = _once(fact for fact in self.facts if fact.kind in _DEFINING)
        loose = (self._cased(fact) for passage in passages for fact in facts.described(passage))
        self.described = _once([*self.definitions, *loose])
        self._by_passage: dict[str, list[Fact]] = {}
        for fact in self.facts:
            self._by_passage.setdefault(fact.passage.id, []).append(fact)

    def _cased(self, fact: Fact) -> Fact:
        """A name keeps its capital: one that the chapter writes so within its sentences too."""
        if fact.article or fact.kind not in _STATING or not fact.term[:1].islower():
            return fact
        name = phrases.raised(fact.term)
        inside = re.compile(rf"\b[a-z][\w’-]*,? {re.escape(name)}\b")
        is_name = bool(inside.search(self._text)) and not re.search(rf"\b{re.escape(fact.term)}\b", self._text)
        return replace(fact, term=name) if is_name else fact

    @cached_property
    def _text(self) -> str:
        return " ".join(" ".join(passage.text.split()) for passage in self._passages)

    def of(self, passage: Passage) -> list[Fact]:
        return self._by_passage.get(passage.id, [])

    def of_kind(self, kind: FactKind) -> list[Fact]:
        return [fact for fact in self.facts if fact.kind == kind]

    def speaks_of(self, term: str) -> bool:
        """Whether the chapter says what kind of thing a term is."""
        return _key(term) in self._terms

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
        return any(_key(fact.term) <= opening for fact in self.described)

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

    def has_word(self, word: str) -> bool:
        """Whether the chapter has a word in lower case."""
        return bool(re.search(rf"\b{re.escape(word)}\b", self._text))

    def names_together(self, term: str, other: str) -> bool:
        both = _key(term) | _key(other)
        return any(both <= seen for _, seen in self.sentences)

    def nearness(self, fact: Fact, others: Sequence[Fact]) -> Vectors:
        """Cosines of what the other definitions say to what this one says."""
        at = {id(one): n for n, one in enumerate(self.described)}
        mine = self._vectors[at[id(fact)]] if id(fact) in at else self._embedded([fact.predicate])[0]
        return np.asarray([float(self._vectors[at[id(other)]] @ mine) for other in others], dtype=np.float32)

    @cached_property
    def _vectors(self) -> Vectors:
        return self._embedded([fact.predicate for fact in self.described])

    def _embedded(self, texts: list[str]) -> Vectors:
        vectors: Vectors = np.asarray(self._embeddings.embed_documents(texts), dtype=np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors

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
