"""Whether a learner has met a question before: by its words, by its meaning, or by what it rests on."""

from collections.abc import Iterable

from tools.concepts import prose
from tools.questions import kinds
from tools.questions.likeness import Likeness
from tools.questions.types import Item
from tools.questions.wordings import normalised

SAME_MEANING, SAME_WITH_SAME_ANSWER = 0.9, 0.84
_RESTATED = 0.6
_SAME_WORDS, _FEWEST_WORDS = 0.85, 6
_WORTH_COMPARING = 0.34
"""Share of common words below which two questions cannot mean the same; spares the embedding."""


class Memory:
    """The questions met so far in a scope; grows with those added."""

    def __init__(self, likeness: Likeness, earlier: Iterable[Item] = ()) -> None:
        self._likeness = likeness
        self._items: list[Item] = []
        self._roots: list[frozenset[str]] = []
        self._texts: set[str] = set()
        self._rests: set[tuple[str, int, int, str]] = set()
        for item in earlier:
            self.add(item)

    def add(self, item: Item) -> None:
        """From now on this item counts as met."""
        self._items.append(item)
        self._roots.append(_roots(item))
        self._texts.add(_text(item))
        self._rests.add(_rest(item))

    def __len__(self) -> int:
        return len(self._items)

    def repeats(self, item: Item) -> bool:
        """Whether this was asked before, in the same or in other words."""
        return (
            _text(item) in self._texts
            or _rest(item) in self._rests
            or self._restates(item)
            or self._means_the_same(item)
        )

    def likeness(self, topic: str, item: Item) -> float:
        """The cosine of a topic and what an item is about."""
        return float(self._likeness.cosines(topic, [meaning(item)])[0])

    def _restates(self, item: Item) -> bool:
        """Whether this was asked from the other side, or as a statement with another term in its place."""
        mine = _roots(item)
        for other, roots in zip(self._items, self._roots, strict=True):
            fewer = min(len(mine), len(roots))
            share = _RESTATED if _place(other) == _place(item) else _SAME_WORDS if fewer >= _FEWEST_WORDS else 1.1
            if len(mine & roots) >= share * fewer:
                return True
        return False

    def _means_the_same(self, item: Item) -> bool:
        mine = _roots(item)
        near = [
            other
            for other, roots in zip(self._items, self._roots, strict=True)
            if len(mine & roots) >= _WORTH_COMPARING * min(len(mine), len(roots))
        ]
        if not near:
            return False
        cosines = self._likeness.cosines(meaning(item), [meaning(other) for other in near]).tolist()
        return any(cosine >= _limit(item, other) for cosine, other in zip(cosines, near, strict=True))


def meaning(item: Item) -> str:
    """Question and answer as one statement."""
    return kinds.of(item.kind).statement(item)


def _limit(item: Item, other: Item) -> float:
    """Two that have one answer need less in common to be one question in other words."""
    is_same = kinds.of(item.kind).tells and normalised(item.answer) == normalised(other.answer)
    return SAME_WITH_SAME_ANSWER if is_same else SAME_MEANING


def _roots(item: Item) -> frozenset[str]:
    return prose.root_words(meaning(item))


def _text(item: Item) -> str:
    return normalised(item.stem)


def _rest(item: Item) -> tuple[str, int, int, str]:
    return *_place(item), normalised(item.answer)


def _place(item: Item) -> tuple[str, int, int]:
    return item.evidence.document_id, item.evidence.page_index, item.evidence.start
