import pytest

from app.models.meter import Budget, LearnerMeter
from app.persistence.learners import LearnerStore
from app.persistence.usage import Spent, UsageStore
from tests.support.learners import ADA, BOB
from tests.unit.app.conftest import Desk
from tools.errors import ModelBudgetSpent
from tools.types import Learner


def meter(desk: Desk, owner: Learner = ADA, **budget: float) -> LearnerMeter:
    LearnerStore(desk.database).known(owner)
    return LearnerMeter(UsageStore(desk.database), owner, Budget(**budget))  # type: ignore[arg-type]


def spent(read: int = 60, written: int = 40, dollars: float | None = 0.01, is_own: bool = False) -> Spent:
    return Spent("openai/small", is_own, read, written, dollars)


async def test_without_a_budget_nothing_is_refused(desk: Desk) -> None:
    mine = meter(desk)
    await mine.note(spent(10**9))
    await mine.check()


@pytest.mark.parametrize("budget", [{"tokens": 200}, {"dollars": 0.02}])
async def test_what_is_used_up_is_refused_until_midnight_and_for_one_learner_only(
    desk: Desk, budget: dict[str, float]
) -> None:
    await meter(desk, **budget).note(spent())
    await meter(desk, **budget).check()
    await meter(desk, **budget).note(spent())
    with pytest.raises(ModelBudgetSpent) as caught:
        await meter(desk, **budget).check()
    assert 0 < (caught.value.retry_after or 0) <= 86_400
    await meter(desk, BOB, **budget).check()


async def test_a_learners_own_key_costs_the_operator_nothing(desk: Desk) -> None:
    await meter(desk, tokens=100).note(spent(is_own=True))
    await meter(desk, tokens=100).check()


async def test_a_turn_knows_its_own_sum_and_says_nothing_of_a_price_it_does_not_know(desk: Desk) -> None:
    mine = meter(desk)
    assert (mine.tokens, mine.dollars) == ({}, None)
    await mine.note(spent())
    await mine.note(spent(5, 5, 0.5))
    assert (mine.tokens, mine.dollars) == ({"input": 65, "output": 45}, 0.51)
    await mine.note(spent(dollars=None))
    assert mine.dollars is None
