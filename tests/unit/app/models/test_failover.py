from collections.abc import Awaitable, Callable

import pytest

from app.models.failover import COOLDOWN, Failover, ModelTimedOut, ModelUnusable
from tools.errors import ModelBusy, ModelFailed, StudyError


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


class Models:
    """Each model answers with its name, or raises the errors laid down for it, one a call."""

    def __init__(self, **errors: list[StudyError]) -> None:
        self.errors = errors
        self.asked: list[str] = []

    async def __call__(self, name: str) -> str:
        self.asked.append(name)
        if self.errors.get(name):
            raise self.errors[name].pop(0)
        return name


async def test_the_first_model_answers_when_it_can() -> None:
    models = Models()
    assert await Failover(("a", "b"), 60).run(models) == ("a", "a")
    assert models.asked == ["a"]


async def test_a_busy_model_is_asked_once_more() -> None:
    models = Models(a=[ModelBusy(retry_after=0)])
    assert await Failover(("a", "b"), 60).run(models) == ("a", "a")
    assert models.asked == ["a", "a"]


async def test_the_next_model_answers_after_the_retry_failed() -> None:
    models = Models(a=[ModelBusy(retry_after=0), ModelBusy(retry_after=0)])
    assert await Failover(("a", "b"), 60).run(models) == ("b", "b")
    assert models.asked == ["a", "a", "b"]


@pytest.mark.parametrize("error", [ModelTimedOut(), ModelFailed(), ModelUnusable(), ModelBusy(retry_after=30)])
async def test_nobody_waits_where_a_retry_would_not_help(error: StudyError) -> None:
    models = Models(a=[error])
    assert await Failover(("a", "b"), 60).run(models) == ("b", "b")
    assert models.asked == ["a", "b"]


async def test_waiting_is_offered_if_any_model_was_only_busy() -> None:
    models = Models(a=[ModelUnusable("wrong key")], b=[ModelBusy("slow down", retry_after=9)])
    with pytest.raises(ModelBusy, match="slow down") as caught:
        await Failover(("a", "b"), 60).run(models)
    assert caught.value.retry_after == 9


async def test_the_first_cause_is_named_if_waiting_helps_nowhere() -> None:
    models = Models(a=[ModelUnusable("wrong key")], b=[ModelFailed("too long")])
    with pytest.raises(ModelFailed, match="wrong key"):
        await Failover(("a", "b"), 60).run(models)


async def test_no_further_model_is_tried_when_the_time_is_used_up() -> None:
    clock = Clock()

    async def slow(name: str) -> str:
        clock.now += 40
        raise ModelTimedOut(name)

    with pytest.raises(ModelTimedOut, match="a"):
        await Failover(("a", "b", "c"), 30, clock).run(slow)


async def _run(failover: Failover, call: Callable[[str], Awaitable[str]]) -> str:
    try:
        name, answer = await failover.run(call)
    except StudyError as error:
        return str(error)
    failover.succeeded(name)
    return answer


@pytest.mark.parametrize(
    ("errors", "turns"),
    [
        ([ModelTimedOut("gone")], 1),
        ([ModelBusy("gone", retry_after=30)], 1),
        ([ModelUnusable("gone"), ModelUnusable("gone")], 2),
        ([ModelBusy("gone", retry_after=0)] * 4, 2),
    ],
)
async def test_a_dead_model_is_left_alone_and_tried_again_later(errors: list[StudyError], turns: int) -> None:
    clock = Clock()
    failover, models = Failover(("a", "b"), 60, clock), Models(a=list(errors))
    for _ in range(turns):
        assert await _run(failover, models) == "b"
    models.asked.clear()
    assert await _run(failover, models) == "b"
    assert models.asked == ["b"]
    clock.now += COOLDOWN
    assert await _run(failover, models) == "a"


async def test_a_model_alone_and_dead_says_why_and_for_how_long() -> None:
    failover, models = Failover(("a",), 60, Clock()), Models(a=[ModelTimedOut("gone")])
    await _run(failover, models)
    with pytest.raises(ModelTimedOut, match="gone") as caught:
        await failover.run(models)
    assert caught.value.retry_after == COOLDOWN
    assert models.asked == ["a"]


async def test_one_failure_after_the_pause_is_enough_to_pause_again() -> None:
    clock = Clock()
    failover, models = Failover(("a", "b"), 60, clock), Models(a=[ModelUnusable()] * 3)
    for _ in range(2):
        await _run(failover, models)
    clock.now += COOLDOWN
    await _run(failover, models)
    models.asked.clear()
    await _run(failover, models)
    assert models.asked == ["b"]


async def test_a_success_forgives_what_was_before() -> None:
    failover, models = Failover(("a", "b"), 60, Clock()), Models(a=[ModelUnusable()])
    assert await _run(failover, models) == "b"
    assert await _run(failover, models) == "a"
    models.errors["a"] = [ModelUnusable()]
    assert await _run(failover, models) == "b"
    assert await _run(failover, models) == "a"


async def test_a_question_that_is_too_long_does_not_count_against_the_model() -> None:
    failover, models = Failover(("a", "b"), 60, Clock()), Models(a=[ModelFailed()] * 3)
    for _ in range(3):
        assert await _run(failover, models) == "b"
    assert await _run(failover, models) == "a"
