from collections import Counter

from tests.unit.tools.questions.shelf import item
from tools.questions import order
from tools.questions.types import Kind


def test_every_place_holds_the_key_equally_often() -> None:
    items = [item(id=f"i{n}") for n in range(20)]
    places = [[o.id for o in order.shown(one, n, "quiz")].index("o0") for n, one in enumerate(items)]
    assert set(Counter(places).values()) == {5}


def test_the_order_is_that_of_the_quiz_and_loses_nothing() -> None:
    first, again, other = (order.shown(item(), 3, seed) for seed in ("a", "a", "b"))
    assert first == again
    assert sorted(o.id for o in other) == ["o0", "o1", "o2", "o3"]


def test_true_comes_before_false() -> None:
    choice = item(kind=Kind.TRUE_FALSE, options=item().options[:2])
    assert order.shown(choice, 0, "a") == choice.options
