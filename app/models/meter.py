"""What a learner's models cost, against what the operator allows a day."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from app.persistence.usage import Spent, UsageStore
from app.telemetry import spending
from tools.errors import ModelBudgetSpent
from tools.types import Learner

OWN = "a learner's own"


@dataclass(frozen=True, slots=True)
class Budget:
    """Of a learner and a day (UTC); 0 is no limit."""

    tokens: int = 0
    dollars: float = 0.0


@dataclass
class LearnerMeter:
    """Implements app.models.litellm_chat.Meter; one for each turn or quiz, whose own sum it tells afterwards."""

    usage: UsageStore
    learner: Learner
    budget: Budget
    spent: list[Spent] = field(default_factory=list)

    @property
    def tokens(self) -> dict[str, int]:
        """`input` and `output`; empty when no model was asked."""
        read, written = sum(one.read for one in self.spent), sum(one.written for one in self.spent)
        return {"input": read, "output": written} if self.spent else {}

    @property
    def dollars(self) -> float | None:
        """None when no model was asked, or one whose price is not known."""
        known = [one.dollars for one in self.spent if one.dollars is not None]
        return round(sum(known), 8) if known and len(known) == len(self.spent) else None

    async def check(self) -> None:
        """Raises ModelBudgetSpent when nothing is left of today."""
        if not (self.budget.tokens or self.budget.dollars):
            return
        so_far = await asyncio.to_thread(self.usage.today, self.learner)
        too_many = self.budget.tokens and so_far.tokens >= self.budget.tokens
        if too_many or (self.budget.dollars and so_far.dollars >= self.budget.dollars):
            raise ModelBudgetSpent(retry_after=_until_midnight())

    async def note(self, spent: Spent) -> None:
        """Written down even when the turn is being stopped."""
        self.spent.append(spent)
        spending.note(OWN if spent.is_own else spent.model, spent.read, spent.written, spent.dollars)
        await asyncio.shield(asyncio.to_thread(self.usage.add, self.learner, spent))


def _until_midnight() -> int:
    now = datetime.now(UTC)
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return max(1, round((midnight - now).total_seconds()))
