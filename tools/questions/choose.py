"""Which passages to ask about: all over the scope, or those that a search finds."""

import random
import re
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from copy import copy

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

    def __init__(self, shelf: PassageShelf, document_ids: Collection[str]) -> None:
        self._shelf = shelf
        self.places = [place for place in shelf.places(sorted(document_ids)) if not _is_apparatus(place)]
        self._chapter_of = _chapters(self.places)
        self._members: dict[ChapterKey, list[str]] = {}
        for place in self.places:
            self._members.setdefault(self._chapter_of[place.passage_id], []).append(place.passage_id)
        self._read: dict[ChapterKey, list[Passage]] = {}

    def chapter(self, source: SourcePassage) -> Sequence[Passage]:
        """All passages of the source's chapter, in reading order."""
        key = self._chapter_of.get(source.passage.id)
        if key is None:
            return [source.passage]
        return self._passages(key)

    def beside(self, passage: Passage) -> list[Sequence[Passage]]:
        """The chapters before and after a passage's own in the same document."""
        document_id, number = self._chapter_of.get(passage.id, ("", 0))
        near = [(document_id, number - 1), (document_id, number + 1)]
        return [self._passages(key) for key in near if key in self._members]

    def _passages(self, key: ChapterKey) -> Sequence[Passage]:
        if key not in self._read:
            passages = self._shelf.passages(self._members[key])
            self._read[key] = [passages[id_] for id_ in self._members[key] if id_ in passages]
        return self._read[key]

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
        """For each chapter its passages, in an order that visits every section before any a second time."""
        by_chapter: dict[ChapterKey, list[PassagePlace]] = {}
        for place in self.places:
            by_chapter.setdefault(self._chapter_of[place.passage_id], []).append(place)
        return {key: deque(_spread(places, f"{seed}:{key}")) for key, places in by_chapter.items()}


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


def _spread(places: Iterable[PassagePlace], seed: str) -> Iterator[str]:
    sections: dict[tuple[str, ...], list[str]] = {}
    for place in places:
        sections.setdefault(place.section, []).append(place.passage_id)
    chance = random.Random(seed)
    groups = list(sections.values())
    for group in groups:
        chance.shuffle(group)
    chance.shuffle(groups)
    while groups:
        yield from (group.pop() for group in groups)
        groups = [group for group in groups if group]


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
