from collections import deque

import pytest

from tests.unit.tools.questions.shelf import TextShelf
from tools.questions.pipeline.plan import Ground, Rota, Unsupported, planned
from tools.questions.types import Wanted
from tools.types import Found, Hit

QUEUES = {("book", 1): ["a1", "a2", "a3"], ("book", 2): ["b1"], ("book", 3): ["c1", "c2"]}


def turns(*due: tuple[str, int]) -> Rota:
    return Rota({key: deque(ids) for key, ids in QUEUES.items()}, due)


@pytest.mark.parametrize("count", [1, 2, 4, 5])
def test_a_round_reads_every_passage_once(count: int) -> None:
    some, read = turns(), list[str]()
    while batch := some.next(count):
        read += batch
    assert sorted(read) == sorted(id_ for ids in QUEUES.values() for id_ in ids)


def test_passages_come_from_as_many_chapters_as_there_are() -> None:
    assert {id_[0] for id_ in turns().next(3)} == {"a", "b", "c"}


def test_a_chapter_is_asked_until_it_has_given_what_is_due() -> None:
    some = turns(("book", 3), ("book", 1))
    assert some.next(1) == ["c1"]
    assert some.next(1) == ["c2"]
    some.again()
    some.took("c1")
    assert some.next(1) == ["a1"]


def test_without_a_search_a_topic_is_not_looked_for() -> None:
    ground = Ground(TextShelf({"cell": ["One.", "Two."]}).library())
    assert planned(Wanted(2, topic="opera"), ground, "s").topic is None


def test_a_topic_that_is_not_there_is_said() -> None:
    ground = Ground(TextShelf({"cell": ["One."]}).library(), search=lambda topic, k: Found(topic))
    with pytest.raises(Unsupported, match="opera"):
        planned(Wanted(2, topic="opera"), ground, "s")


@pytest.mark.parametrize(("times", "is_known"), [(3, True), (2, False)])
def test_a_topic_that_is_named_often_is_there_however_little_a_search_makes_of_it(times: int, is_known: bool) -> None:
    texts = [*["Proofs by induction, and more."] * times, *["A book about something else."] * 9]
    shelf = TextShelf({"cell": texts})
    passages = shelf.passages([place.passage_id for place in shelf.places(["cell"])]).values()

    def search(topic: str, k: int) -> Found:
        return Found(topic, tuple(Hit(passage, 0.1, 0.1, 0.0) for passage in passages))

    ground = Ground(shelf.library(), search=search)
    if is_known:
        assert planned(Wanted(2, topic="induction"), ground, "s").topic
    else:
        with pytest.raises(Unsupported):
            planned(Wanted(2, topic="induction"), ground, "s")
