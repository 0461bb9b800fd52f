from collections.abc import Awaitable, Callable

import pytest

from app.models.failover import COOLDOWN, Deployment, Failover, ModelTimedOut, ModelUnusable
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

    async def __call__(self, place: Deployment) -> str:
        name = place.model
        self.asked.append(name)
        if self.errors.get(name):
            raise self.errors[name].pop(0)
        return name


def of(*names: str) -> list[Deployment]:
    return [Deployment(name) for name in names]


async def run(failover: Failover, models: Models) -> tuple[str, str]:
    place, answer = await failover.run(models)
    return place.model, answer


async def test_the_first_model_answers_when_it_can() -> None:
    models = Models()
    assert await run(Failover(of("a", "b"), 60), models) == ("a", "a")
    assert models.asked == ["a"]


async def test_a_busy_model_is_asked_once_more() -> None:
    models = Models(a=[ModelBusy(retry_after=0)])
    assert await run(Failover(of("a", "b"), 60), models) == ("a", "a")
    assert models.asked == ["a", "a"]


async def test_the_next_model_answers_after_the_retry_failed() -> None:
    models = Models(a=[ModelBusy(retry_after=0), ModelBusy(retry_after=0)])
    assert await run(Failover(of("a", "b"), 60), models) == ("b", "b")
    assert models.asked == ["a", "a", "b"]


@pytest.mark.parametrize("error", [ModelTimedOut(), ModelFailed(), ModelUnusable(), ModelBusy(retry_after=30)])
async def test_nobody_waits_where_a_retry_would_not_help(error: StudyError) -> None:
    models = Models(a=[error])
    assert await run(Failover(of("a", "b"), 60), models) == ("b", "b")
    assert models.asked == ["a", "b"]


async def test_waiting_is_offered_if_any_model_was_only_busy() -> None:
    models = Models(a=[ModelUnusable("wrong key")], b=[ModelBusy("slow down", retry_after=9)])
    with pytest.raises(ModelBusy, match="slow down") as caught:
        await Failover(of("a", "b"), 60).run(models)
    assert caught.value.retry_after == 9


async def test_the_first_cause_is_named_if_waiting_helps_nowhere() -> None:
    models = Models(a=[ModelUnusable("wrong key")], b=[ModelFailed("too long")])
    with pytest.raises(ModelFailed, match="wrong key"):
        await Failover(of("a", "b"), 60).run(models)


async def test_no_further_model_is_tried_when_the_time_is_used_up() -> None:
    clock = Clock()

    async def slow(place: Deployment) -> str:
        clock.now += 40
        raise ModelTimedOut(place.model)

    with pytest.raises(ModelTimedOut, match="a"):
        await Failover(of("a", "b", "c"), 30, clock).run(slow)


async def _run(failover: Failover, call: Callable[[Deployment], Awaitable[str]]) -> str:
    try:
        place, answer = await failover.run(call)
    except StudyError as error:
        return str(error)
    failover.succeeded(place)
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
    failover, models = Failover(of("a", "b"), 60, clock), Models(a=list(errors))
    for _ in range(turns):
        assert await _run(failover, models) == "b"
    models.asked.clear()
    assert await _run(failover, models) == "b"
    assert models.asked == ["b"]
    clock.now += COOLDOWN
    assert await _run(failover, models) == "a"


async def test_a_model_alone_and_dead_says_why_and_for_how_long() -> None:
    failover, models = Failover(of("a"), 60, Clock()), Models(a=[ModelTimedOut("gone")])
    await _run(failover, models)
    with pytest.raises(ModelTimedOut, match="gone") as caught:
        await failover.run(models)
    assert caught.value.retry_after == COOLDOWN
    assert models.asked == ["a"]


async def test_one_failure_after_the_pause_is_enough_to_pause_again() -> None:
    clock = Clock()
    failover, models = Failover(of("a", "b"), 60, clock), Models(a=[ModelUnusable()] * 3)
    for _ in range(2):
        await _run(failover, models)
    clock.now += COOLDOWN
    await _run(failover, models)
    models.asked.clear()
    await _run(failover, models)
    assert models.asked == ["b"]


async def test_a_success_forgives_what_was_before() -> None:
    failover, models = Failover(of("a", "b"), 60, Clock()), Models(a=[ModelUnusable()])
    assert await _run(failover, models) == "b"
    assert await _run(failover, models) == "a"
    models.errors["a"] = [ModelUnusable()]
    assert await _run(failover, models) == "b"
    assert await _run(failover, models) == "a"


async def test_a_question_that_is_too_long_does_not_count_against_the_model() -> None:
    failover, models = Failover(of("a", "b"), 60, Clock()), Models(a=[ModelFailed()] * 3)
    for _ in range(3):
        assert await _run(failover, models) == "b"
    assert await _run(failover, models) == "a"


async def test_the_places_of_a_model_share_its_load_and_stand_in_for_one_another() -> None:
    places = [Deployment("a", "one"), Deployment("a", "two"), Deployment("b")]
    failover, asked = Failover(places, 60, Clock()), []

    async def call(place: Deployment) -> str:
        asked.append(place.api_base)
        if place.api_base == "two":
            raise ModelTimedOut
        return "yes"

    for _ in range(4):
        await _run(failover, call)
    assert asked == ["one", "two", "one", "one", "one"]


async def test_a_place_is_not_asked_more_often_in_a_minute_than_its_provider_allows() -> None:
    clock, models = Clock(), Models()
    failover = Failover([Deployment("a", requests_per_minute=2), Deployment("b")], 60, clock)
    assert [await _run(failover, models) for _ in range(3)] == ["a", "a", "b"]
    clock.now += 60
    assert await _run(failover, models) == "a"


async def test_a_provider_that_says_how_long_to_wait_is_left_alone_for_that_long() -> None:
    clock = Clock()
    failover, models = Failover(of("a", "b"), 60, clock), Models(a=[ModelBusy(retry_after=600)])
    assert await _run(failover, models) == "b"
    clock.now += 599
    assert await _run(failover, models) == "b"
    clock.now += 1
    assert await _run(failover, models) == "a"


async def test_a_learners_own_model_goes_before_those_whose_state_is_known_already() -> None:
    operators, models = Failover(of("a", "b"), 60, Clock()), Models(a=[ModelTimedOut()])
    await _run(operators, models)
    own = Deployment("mine", is_learners=True)
    models.errors["mine"] = [ModelUnusable()]
    models.asked.clear()
    assert await _run(operators.behind(own), models) == "b"
    assert models.asked == ["mine", "b"]
