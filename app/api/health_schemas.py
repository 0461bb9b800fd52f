"""Whether every part is there."""

from typing import Literal

from pydantic import BaseModel, Field


class Dependency(BaseModel):
    """One part and its state."""

    state: Literal["ok", "down"] = Field(examples=["ok"])
    latency_ms: float | None = Field(default=None, examples=[0.4])
    detail: str | None = Field(default=None, examples=[None])


class Health(BaseModel):
    """`degraded` when a part is down; what still works goes on working."""

    status: Literal["ok", "degraded"]
    version: str = Field(examples=["0.1.0"])
    dependencies: dict[str, Dependency]


class Alive(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"
