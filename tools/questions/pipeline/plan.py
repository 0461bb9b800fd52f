"""Which passages are asked about, and which of them comes next."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from tools import refusal
from tools.questions.choose import ChapterKey, ScopeLibrary, shares, topic_of
from tools.questions.pipeline.topic import Topic
from tools.questions.types import Wanted
from tools.types import Found, Passage
from tools.words import stem, words

_WIDTH, _SEARCHED = 4, 40
"""A search for a topic looks for so many passages for each question asked for, and for so many more."""
_RELEVANT = 0.55
_NEAREST, _OFTEN = 3, 3

Find = Callable[[str, int], Found]


@dataclass(frozen=True, slots=True)
class Ground:
    """Where questions may come from: the books of a scope, what the learner calls it, and a search in it.

    Without a search a topic is not looked for.
    """

    library: ScopeLibrary
    label: str = "this scope"
    search: Find | None = None


class Unsupported(Exception):
    """The scope says too little about a topic; `nearest` names what it holds that is closest."""

    def __init__(self, topic: str, nearest: tuple[str, ...]) -> None:
        super().__init__(f"The books in this scope do not say enough about “{topic}”.")
        self.nearest = nearest


class Rota:
    """Which passage comes next: each chapter until it has given what is due from it, then whatever is left."""

    def __init__(self, queues: dict[ChapterKey, deque[str]], due: Iterable[ChapterKey] = ()) -> None:
        self._all = {key: list(queue) for key, queue in queues.items()}
        self._queues = queues
        self._due = deque(due)
        self._chapter = {id_: key for key, ids in self._all.items() for id_ in ids}

    def next(self, count: int) -> list[str]:
        """The next `count` passages, of different chapters as far as possible; none when the round is over."""
        while self._due and not self._queues[self._due[0]]:
            self._due.popleft()
        due = list(dict.fromkeys(self._due))[:count]
        keys, batch = due or list(self._queues), list[str]()
        while len(batch) < count and (keys := [key for key in keys if self._queues[key]]):
            batch += [self._queues[key].popleft() for key in keys[: count - len(batch)]]
        return batch

    def took(self, passage_id: str) -> None:
        """A question was made from this passage: its chapter has had its turn."""
        key = self._chapter[passage_id]
        if key in self._due:
            self._due.remove(key)
        else:
            self._queues[key] = self._queues.pop(key)

    def again(self) -> None:
        """Begin another round through all passages."""
        for key, ids in self._all.items():
            self._queues[key] = deque(ids)


@dataclass(frozen=True, slots=True)
class Plan:
    """Which passages are asked about; a tier is used up before the next one is begun."""

    tiers: Sequence[Rota]
    topic: Topic | None = None


def planned(wanted: Wanted, ground: Ground, seed: str) -> Plan:
    """All of the scope in proportion, or what treats the topic. Raises Unsupported."""
    if wanted.topic is None or ground.search is None:
        return _everywhere(wanted.count, ground.library, seed)
    found = ground.search(wanted.topic, _WIDTH * wanted.count + _SEARCHED)
    if not refusal.supports(found) and not _is_named(wanted.topic, found):
        raise Unsupported(wanted.topic, _nearest(found))
    topic = Topic.of(wanted.topic, found, ground.library)
    return Plan(list(_tiers(topic, found, ground.library)), topic)


def _is_named(topic: str, found: Found) -> bool:
    """Whether passages say the topic in its own words, one after another: what a book speaks of so often is in it."""
    named = tuple(map(stem, words(topic)))
    said = (tuple(map(stem, words(hit.passage.text))) for hit in found.hits)
    return bool(named) and sum(_holds(named, text) for text in said) >= _OFTEN


def _holds(wanted: tuple[str, ...], text: tuple[str, ...]) -> bool:
    return any(text[at : at + len(wanted)] == wanted for at in range(len(text) - len(wanted) + 1))


def _everywhere(count: int, library: ScopeLibrary, seed: str) -> Plan:
    queues = library.queues(seed)
    sizes = {key: len(queue) for key, queue in queues.items()}
    return Plan([Rota(queues, shares(sizes, count, seed))])


def _tiers(topic: Topic, found: Found, library: ScopeLibrary) -> Iterator[Rota]:
    """The passages where the topic is treated, then those that a search finds, then the chapters around them."""
    least = _RELEVANT * found.hits[0].score
    near = [hit.passage for hit in found.hits if hit.score >= least]
    left = {place.passage_id for place in library.places}
    for ids in (_there(topic, near, library), [p.id for p in near if topic.may_be_in(p)], _around(topic, library)):
        yield Rota({("", 0): deque(id_ for id_ in dict.fromkeys(ids) if id_ in left)})
        left -= {*ids}


def _there(topic: Topic, near: Sequence[Passage], library: ScopeLibrary) -> list[str]:
    """The passages that treat a topic, those first that a search finds."""
    found = [passage.id for passage in near if topic.is_treated(passage.document_id, passage.section)]
    return found + [place.passage_id for place in library.places if topic.is_treated(place.document_id, place.section)]


def _around(topic: Topic, library: ScopeLibrary) -> list[str]:
    """The chapters that hold the sections where a topic is treated."""
    chapters = {(document_id, section[:1]) for document_id, section in topic.sections if section}
    return [place.passage_id for place in library.places if (place.document_id, place.section[:1]) in chapters]


def _nearest(found: Found) -> tuple[str, ...]:
    """What the scope holds that is closest to a topic it does not hold."""
    headings = (topic_of(hit.passage) for hit in found.hits if hit.passage.section)
    return tuple(dict.fromkeys(headings))[:_NEAREST]
