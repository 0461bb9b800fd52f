"""What the models take for one piece of work, however deep below it they are asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from app.telemetry import metrics


@dataclass
class Bill:
    """Tokens, and dollars where every price is known."""

    read: int = 0
    written: int = 0
    dollars: float = 0.0
    priced: bool = True

    @property
    def tokens(self) -> dict[str, int]:
        """`input` and `output`; empty when no model was asked."""
        return {"input": self.read, "output": self.written} if self.read + self.written else {}

    @property
    def known_dollars(self) -> float | None:
        """None when no model was asked, or one whose price is not known."""
        return round(self.dollars, 8) if self.priced and self.tokens else None


_bill: ContextVar[Bill | None] = ContextVar("_bill", default=None)


@contextmanager
def billed() -> Iterator[Bill]:
    """What models take within the block, and in the tasks begun in it, is on this bill."""
    bill = Bill()
    token = _bill.set(bill)
    try:
        yield bill
    finally:
        _bill.reset(token)


def note(model: str, read: int, written: int, dollars: float | None) -> None:
    """Count one answer; `model` is a label of few values."""
    metrics.model_tokens.labels(model, "read").inc(read)
    metrics.model_tokens.labels(model, "written").inc(written)
    metrics.model_dollars.labels(model).inc(dollars or 0.0)
    if bill := _bill.get():
        bill.read, bill.written = bill.read + read, bill.written + written
        bill.dollars, bill.priced = bill.dollars + (dollars or 0.0), bill.priced and dollars is not None
