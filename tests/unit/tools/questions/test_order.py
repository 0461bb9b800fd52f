import random
from collections import Counter

from tests.unit.tools.questions.shelf import item
from tools.questions import order
from tools.questions.types import Kind


def places_of_keys(count: int, chance: random.Random) -> list[int]:
    used = Counter[int]()
    places = []
    for n in range(count):
        places.append(order.shown(item(id=f"i{n}"), used, chance).index("o0"))
        used[places[-1]] += 1
    return places


def test_the_key_stands_at_every_place_about_as_often() -> None:
    for seed in range(20):
        counts = Counter(places_of_keys(40, random.Random(seed)))
        assert max(counts.values()) - min(counts[place] for place in range(4)) <= 2


def test_the_places_that_are_left_do_not_tell_where_the_last_key_stands() -> None:
    quizzes = [places_of_keys(4, random.Random(seed)) for seed in range(300)]
    assert len({places[3] for places in quizzes if set(places[:3]) == {0, 1, 2}}) > 1


def test_no_option_is_lost() -> None:
    assert sorted(order.shown(item(), Counter())) == ["o0", "o1", "o2", "o3"]


def test_true_comes_before_false() -> None:
    choice = item(kind=Kind.TRUE_FALSE, options=item().options[:2])
    assert order.shown(choice, Counter()) == ["o0", "o1"]
