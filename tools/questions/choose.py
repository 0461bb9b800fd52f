"""Which passages to ask about: all over the scope, or those that a search finds."""

import random
import re
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy

from tools.concepts.find import find
from tools.concepts.types import Concept, ConceptShelf
from tools.questions.types import PassagePlace, PassageShelf, SourcePassage
from tools.types import Passage

_SMALLEST_CHAPTER = 30
_APPARATUS = re.compile(
    r"(?:front matter|(?:table of )?contents|index|preface|acknowledg|bibliography|references|about the author"
    r"|exercises?|solutions|problems|homework|answers|review questions|caveat)\b",
    re.IGNORECASE,
)
"""Headings of parts that state nothing: what is asked there is not for us to ask again."""

_NO_TOPIC = re.compile(
    r"(?:(?:section|chapter) )?(?:summary|introduction|overview|review|recap|conclusion"
    r"|key (?:terms|concepts|points))\b\W*$",
    re.IGNORECASE,
)

ChapterKey = tuple[str, int]


def topic_of(passage: Passage) -> str:
    """The heading that a learner knows a passage by: its section's, or the chapter's where that says nothing."""
    headings = (*passage.section[1:2], *passage.section[:1], passage.book)
    return next((heading for heading in headings if not _NO_TOPIC.match(heading)), passage.book)


class ScopeLibrary:
    """The chapters of a scope, as far as they are asked for; implements Corpus."""

    def __init__(
        self, shelf: PassageShelf, document_ids: Collection[str], concepts: ConceptShelf | None = None
    ) -> None:
        self._shelf = shelf
        self._concepts = concepts or _FoundNow(shelf)
        self._weights = self._concepts.weights(document_ids)
        self._by_passage: dict[str, dict[str, list[Concept]]] = {}
        self.places = [place for place in shelf.places(sorted(document_ids)) if not _is_apparatus(place)]
        self._chapter_of = _chapters(self.places)
        self._members: dict[ChapterKey, list[str]] = {}
        for place in self.places:
            self._members.setdefault(self._chapter_of[place.passage_id], []).append(place.passage_id)

    def concepts(self, passage: Passage) -> Sequence[Concept]:
        """Those that a passage explains."""
        return self._explained(passage.document_id).get(passage.id, [])

    def around(self, passage: Passage) -> Sequence[Concept]:
        """Those of the passage's chapter, in reading order."""
        key = self._chapter_of.get(passage.id)
        return self._of(key) if key else self.concepts(passage)

    def beside(self, passage: Passage) -> Sequence[Concept]:
        """Those of the chapters before and after, in the same document."""
        document_id, number = self._chapter_of.get(passage.id, ("", 0))
        near = ((document_id, number - 1), (document_id, number + 1))
        return [concept for key in near if key in self._members for concept in self._of(key)]

    def _of(self, key: ChapterKey) -> list[Concept]:
        explained = self._explained(key[0])
        return [concept for id_ in self._members[key] for concept in explained.get(id_, ())]

    def _explained(self, document_id: str) -> dict[str, list[Concept]]:
        """The concepts of a document by the passage that explains them."""
        if document_id not in self._by_passage:
            found = self._by_passage.setdefault(document_id, {})
            for concept in self._concepts.concepts(document_id):
                found.setdefault(concept.passage_id, []).append(concept)
        return self._by_passage[document_id]

    def page_text(self, document_id: str, page_index: int) -> str | None:
        """None where there is no such page."""
        return self._shelf.page_text(document_id, page_index)

    def source(self, passage_id: str) -> SourcePassage | None:
        """A passage with its page; None when it has gone since the places were read."""
        passage = self._shelf.passages([passage_id]).get(passage_id)
        text = self._shelf.page_text(passage.document_id, passage.page_index) if passage else None
        if passage is None or text is None:
            return None
        return SourcePassage(passage, text, passage.section[0] if passage.section else passage.book)

    def within(self, passage_ids: Collection[str]) -> "ScopeLibrary":
        """The same books, where only these passages are asked about."""
        part = copy(self)
        part.places = [place for place in self.places if place.passage_id in passage_ids]
        return part

    def texts(self, document_id: str, section: tuple[str, ...]) -> list[str]:
        """What stands under a heading, with the headings below it."""
        ids = [
            place.passage_id
            for place in self.places
            if place.document_id == document_id and place.section[: len(section)] == section
        ]
        return [
            " ".join((*passage.section[len(section) - 1 :], passage.text))
            for passage in self._shelf.passages(ids).values()
        ]

    def queues(self, seed: str) -> dict[ChapterKey, deque[str]]:
        """For each chapter its passages, in an order that visits every section before any a second time.

        What explains the weightiest concepts of a section comes first, what explains none last.
        """
        by_chapter: dict[ChapterKey, list[PassagePlace]] = {}
        for place in self.places:
            by_chapter.setdefault(self._chapter_of[place.passage_id], []).append(place)
        return {key: deque(_spread(places, self._weights, f"{seed}:{key}")) for key, places in by_chapter.items()}


class _FoundNow:
    """Finds the concepts of documents that are not kept with any; implements ConceptShelf."""

    def __init__(self, shelf: PassageShelf) -> None:
        self._shelf = shelf
        self._found: dict[str, list[Concept]] = {}

    def weights(self, document_ids: Collection[str]) -> dict[str, float]:
        """By passage, of the weightiest concept explained there."""
        found = sorted((one for id_ in document_ids for one in self.concepts(id_)), key=lambda one: one.weight)
        return {concept.passage_id: concept.weight for concept in found}

    def concepts(self, document_id: str) -> Sequence[Concept]:
        """In reading order."""
        if document_id not in self._found:
            ids = [place.passage_id for place in self._shelf.places([document_id])]
            self._found[document_id] = find(list(self._shelf.passages(ids).values()), ())
        return self._found[document_id]


def _is_apparatus(place: PassagePlace) -> bool:
    return any(_APPARATUS.match(heading) for heading in place.section)


def _chapters(places: Sequence[PassagePlace]) -> dict[str, ChapterKey]:
    """The chapter of each passage; short ones that follow one another count as one."""
    found: dict[str, ChapterKey] = {}
    document, heading, number, size = "", "", 0, 0
    for place in places:
        here = place.section[0] if place.section else ""
        if place.document_id != document or (here != heading and size >= _SMALLEST_CHAPTER):
            number, size = number + 1, 0
        document, heading, size = place.document_id, here, size + 1
        found[place.passage_id] = document, number
    return found


def _spread(places: Iterable[PassagePlace], weights: Mapping[str, float], seed: str) -> Iterator[str]:
    """Passages that explain concepts by weight, section after section; then the others, by chance."""
    chance = random.Random(seed)
    shuffled = list(places)
    chance.shuffle(shuffled)
    explaining: dict[tuple[str, ...], list[str]] = {}
    others: dict[tuple[str, ...], list[str]] = {}
    for place in shuffled:
        sections = explaining if place.passage_id in weights else others
        sections.setdefault(place.section, []).append(place.passage_id)
    for group in explaining.values():
        group.sort(key=lambda id_: weights[id_])
    yield from _in_rounds(explaining.values())
    yield from _in_rounds(others.values())


def _in_rounds(groups: Iterable[list[str]]) -> Iterator[str]:
    """One of each group before a second one of any."""
    while groups := [group for group in groups if group]:
        yield from (group.pop() for group in groups)


def shares(sizes: dict[ChapterKey, int], count: int, seed: str) -> list[ChapterKey]:
    """`count` chapters to ask about in turn: in proportion to size, as many different ones as there can be."""
    total = sum(sizes.values()) or 1
    exact = {key: count * size / total for key, size in sizes.items()}
    given = {key: int(share) for key, share in exact.items()}
    chance = random.Random(seed)
    luck = {key: chance.random() for key in sizes}
    by_rest = sorted(sizes, key=lambda key: (given[key] - exact[key], luck[key]))
    for key in by_rest[: count - sum(given.values())]:
        given[key] += 1
    turns = [(n / given[key] + luck[key] / given[key], key) for key in sizes for n in range(given[key])]
    return [key for _, key in sorted(turns)]
