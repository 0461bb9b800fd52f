"""What one chapter states and which of its terms stand for what: the ground for distractors and hints."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from math import log

from tools import sentences
from tools.inflection import other_number
from tools.ports import Vectors
from tools.questions import assertions, events, facts, glosses, phrases, siblings, statements
from tools.questions.facts import Fact, FactKind
from tools.questions.likeness import Likeness
from tools.questions.names import Names
from tools.questions.siblings import Named
from tools.types import Passage
from tools.words import stem, words

_DEFINING = (FactKind.DEFINITION, FactKind.NAMED)
_STATING = (*_DEFINING, FactKind.PARTS, FactKind.FUNCTION, FactKind.PHASE)
_LAST = (FactKind.CONTRAST, FactKind.PAIR, FactKind.NAME, FactKind.SUBJECT)
_ABOUT_TERMS = (*_STATING, FactKind.CALLED, FactKind.LISTED)
_DESCRIBES = re.compile(r".*(?:ic|ous|ive|al|ar|ary|less|ful)")
_CREDITS = re.compile(r"\bcredits?\b|\bwork by\b|\bphotos?\b", re.IGNORECASE)
"""Who took a picture is nobody to ask for."""
_FEWEST_YEARS = 2
_OPENING = 5
_NEARLY_AS_WELL = 0.75
_TAXON = re.compile(
    r"(?:an?|the|one) (?:[\w-]+ ){0,3}(?:family|genus|phylum|subphylum|superphylum|order|kingdom|clade|species) "
)
_KINDS = re.compile(
    r"\b(?:such as|includ\w+|like|called|known as)\b|[:—]|\((?:or )?$|, or (?:an? |the )?$"
    r"|\b(?:is|are|was|were)(?: [\w-]+){0,4} $"
)
_WHOLE = re.compile(r"\b(?:types?|kinds?|forms?|classes|examples?|groups?|parts?|members?|cases?) of (?:[\w-]+ ){0,2}$")


class Chapter:
    """Mines a chapter once; safe to keep for as long as its passages stay."""

    def __init__(self, passages: Sequence[Passage], likeness: Likeness) -> None:
        self._likeness = likeness
        self._passages = passages
        miners = (facts.mine, statements.mine, glosses.mine)
        raw = (fact for passage in passages for mine in miners for fact in mine(passage))
        self._stated = [self._cased(fact) for fact in raw if self._is_sure(fact)]
        self.definitions = _once(fact for fact in self._stated if fact.kind in _DEFINING)
        loose = (self._cased(fact) for passage in passages for fact in facts.described(passage))
        kinds = (kind for fact in self._stated if (kind := statements.of_a_kind(fact)))
        self._explained = _once([*self.definitions, *filter(self._is_established, loose), *kinds])
        doing = (fact for fact in self._stated if fact.kind in (FactKind.FUNCTION, FactKind.PARTS))
        named = (fact for fact in self._stated if fact.kind in (FactKind.CALLED, FactKind.LISTED))
        self.described = _once([*self._explained, *filter(self._is_established, doing), *named])

    @cached_property
    def names(self) -> Names:
        """Of people, places and works, from every sentence but credits."""
        return Names([text for text, _ in self.sentences if not _CREDITS.search(text)])

    @cached_property
    def facts(self) -> list[Fact]:
        """Every statement; what happened is looked for only here, since wrong terms need none of it."""
        happened = (fact for passage in self._passages for fact in events.mine(passage, names=self.names))
        found = [*self._stated, *(self._cased(fact) for fact in happened if self._is_sure(fact))]
        return [*found, *self._told(found)]

    @cached_property
    def _by_passage(self) -> dict[str, list[Fact]]:
        by_passage: dict[str, list[Fact]] = {}
        for fact in self.facts:
            by_passage.setdefault(fact.passage.id, []).append(fact)
        return by_passage

    def _is_sure(self, fact: Fact) -> bool:
        """Whether a term that was cut out of a sentence is one: the chapter has the same words elsewhere."""
        if fact.kind in _ABOUT_TERMS and not self.is_noun(fact.term):
            return False
        if fact.kind not in (FactKind.CALLED, FactKind.DEFINITION) or " " not in fact.term:
            return True
        before, _, after = fact.sentence.partition(fact.term)
        if fact.kind == FactKind.CALLED and not re.match(" [a-z]", after):
            return True
        if fact.kind == FactKind.DEFINITION and (not after or len(before) <= len("The ")):
            return True
        return self._lowered.count(fact.term.lower()) > 1

    @cached_property
    def _lowered(self) -> str:
        return self._text.lower()

    def is_noun(self, term: str) -> bool:
        """Whether a term is not one of those words that only describe, as `vascular`."""
        word = term.split()[-1].lower()
        if not _DESCRIBES.fullmatch(word):
            return True
        after = r"(?=[.;)]| (?:is|are|was|were|that|which|of|has|have|in|by)\b)"
        stands = rf"\b(?:an?|the|of|each) (?:[\w-]+ )?{re.escape(word)}{after}"
        plural = rf"\b{re.escape(other_number(word))}\b"
        return bool(re.search(f"{stands}|{plural}", self._text, re.IGNORECASE))

    def _told(self, found: Sequence[Fact]) -> list[Fact]:
        """What else is said of the terms, in sentences from which nothing better was taken."""
        headings = (heading for passage in self._passages for heading in passage.section[1:])
        known = {*(fact.term for fact in self.described), *filter(phrases.is_term, headings)}
        terms = {form.lower() for term in known for form in (term, other_number(term))}
        taken = {fact.sentence for fact in found if fact.kind not in _LAST}
        told = (fact for passage in self._passages for fact in statements.told(passage, terms))
        return [fact for fact in told if fact.sentence not in taken and not self.is_about(fact.term)]

    def _cased(self, fact: Fact) -> Fact:
        """A name keeps its capital: one that the chapter writes so within its sentences too."""
        if fact.article or fact.kind not in _STATING or not fact.term[:1].islower():
            return fact
        name = phrases.raised(fact.term)
        inside = name in self._text and re.search(rf"\b[a-z][\w’-]*,? {re.escape(name)}\b", self._text)
        is_name = bool(inside or _TAXON.match(fact.predicate)) and not self.has_word(fact.term)
        return replace(fact, term=name) if is_name else fact

    def _is_established(self, fact: Fact) -> bool:
        """Whether a term is one of the chapter's own: a heading, or explained and used more than once."""
        return _key(fact.term) in self._headings or (not phrases.is_vague(fact.predicate) and self.uses(fact.term) > 1)

    @cached_property
    def _headings(self) -> frozenset[frozenset[str]]:
        return frozenset(_key(heading) for passage in self._passages for heading in passage.section)

    def is_about(self, term: str) -> bool:
        """Whether a term heads the chapter, so that the other terms are its kinds and parts."""
        heading = next((_key(passage.section[0]) for passage in self._passages[:1] if passage.section), None)
        return heading in (_key(term), _key(other_number(term)))

    @cached_property
    def _text(self) -> str:
        return " ".join(" ".join(passage.text.split()) for passage in self._passages)

    def of(self, passage: Passage) -> list[Fact]:
        """What a passage states; nothing for one of another chapter."""
        return self._by_passage.get(passage.id, [])

    def asserted(self, passage: Passage) -> list[Fact]:
        """What else a passage says plainly, without explaining a term or telling of a person."""
        return [fact for fact in self._assertions if fact.passage.id == passage.id]

    @cached_property
    def _assertions(self) -> list[Fact]:
        return [fact for passage in self._passages for fact in assertions.mine(passage, self.names)]

    def of_kind(self, kind: FactKind) -> list[Fact]:
        """In the order of the text."""
        return [fact for fact in (self._assertions if kind in _LAST else self.facts) if fact.kind == kind]

    def speaks_of(self, term: str) -> bool:
        """Whether the chapter says what kind of thing a term is."""
        return self.explained(term) is not None

    def explained(self, term: str) -> Fact | None:
        """The statement that says what kind of thing a term is."""
        return self._explanations.get(_key(term))

    @cached_property
    def _explanations(self) -> dict[frozenset[str], Fact]:
        return {_key(fact.term): fact for fact in self._explained}

    @cached_property
    def _terms(self) -> frozenset[frozenset[str]]:
        return frozenset(_key(fact.term) for fact in self.described)

    @cached_property
    def is_narrative(self) -> bool:
        """Whether the chapter tells what happened rather than what its terms mean."""
        years = len(self.of_kind(FactKind.YEAR))
        return years >= _FEWEST_YEARS and 2 * years >= len(self.definitions)

    @property
    def is_story(self) -> bool:
        """Whether the chapter hardly explains terms at all."""
        return self.is_narrative and len(self.of_kind(FactKind.YEAR)) >= len(self.definitions)

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
        return len(self._naming(_key(term)))

    def is_said_of(self, term: str, roots: frozenset[str], share: float) -> bool:
        """Whether some sentence names the term together with this share of the words."""
        enough = share * len(roots)
        return any(len(roots & self.sentences[n][1]) >= enough for n in self._naming(_key(term)))

    def shares_words(self, term: str, roots: frozenset[str], fewest: int) -> bool:
        """Whether some sentence that names the term has at least so many of these words besides."""
        wanted = _key(term)
        return any(len((roots & self.sentences[n][1]) - wanted) >= fewest for n in self._naming(wanted))

    def has_form(self, term: str) -> bool:
        """Whether the chapter has a term in just this number, at the beginning of a sentence or within."""
        return self.has_word(term) or self.has_word(phrases.raised(term))

    def has_word(self, word: str) -> bool:
        """Whether the chapter has a word in these very letters."""
        return word in self._text and bool(re.search(rf"\b{re.escape(word)}\b", self._text))

    def names_together(self, term: str, other: str) -> bool:
        """Whether a sentence names both terms."""
        return bool(self._naming(_key(term) | _key(other)))

    def is_kind_of(self, term: str, other: str) -> bool:
        """Whether some sentence may say that one of two terms is a kind of the other, or another name for it."""
        both = self._naming(_key(term) | _key(other))
        return any(_tells_kind(self.sentences[n][0], term, other) for n in both)

    def lists_with(self, term: str) -> Sequence[Named]:
        """The lists in which a term stands beside others."""
        return self._lists.get(_key(term), ())

    @cached_property
    def _lists(self) -> dict[frozenset[str], list[Named]]:
        lists: dict[frozenset[str], list[Named]] = {}
        for named in (named for passage in self._passages for named in siblings.mine(passage)):
            for term in named.terms:
                lists.setdefault(_key(term), []).append(named)
        return lists

    def _naming(self, wanted: frozenset[str]) -> set[int]:
        """The places of the sentences that have all of these words."""
        return set.intersection(*(self._places.get(root, set()) for root in wanted)) if wanted else set()

    @cached_property
    def _places(self) -> dict[str, set[int]]:
        places: dict[str, set[int]] = {}
        for n, (_, seen) in enumerate(self.sentences):
            for root in seen:
                places.setdefault(root, set()).add(n)
        return places

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
        """Of one text to each of the others."""
        return self._likeness.cosines(text, others)

    def also_says(self, term: str, is_fit: Callable[[str], bool]) -> str | None:
        """Another sentence about a term, with the term left out; None when there is none that helps."""
        wanted = _key(term)
        for text, seen in self.sentences:
            if wanted <= seen and phrases.is_sound(text) and phrases.stands_alone(text) and is_fit(text):
                blanked = phrases.without(term, text)
                if blanked:
                    return blanked
        return None


def _tells_kind(text: str, term: str, other: str) -> bool:
    """Whether a word that makes kinds of a whole stands between two terms, or before both of them."""
    at = [re.search(rf"\b{re.escape(one[: max(4, len(one) - 3)])}", text, re.IGNORECASE) for one in (term, other)]
    places = sorted(found.start() for found in at if found)
    if len(places) < len(at):
        return bool(_KINDS.search(text) or _WHOLE.search(text))
    return bool(_KINDS.search(text, *places) or any(_WHOLE.search(text, 0, place) for place in places))


def _key(term: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words(term))


def _once(found: Iterable[Fact]) -> list[Fact]:
    """The first definition of each term; a term that is defined twice keeps one."""
    first: dict[frozenset[str], Fact] = {}
    for fact in found:
        first.setdefault(_key(fact.term), fact)
    return list(first.values())
