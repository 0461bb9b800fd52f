"""What an operator is told."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field


class _FromFacts(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class PopularOut(_FromFacts):
    """A question that was asked more than once."""

    question: str = Field(examples=["What is osmosis?"])
    times: int = Field(examples=[7])


class LatencyOut(_FromFacts):
    """Milliseconds of a part of a turn."""

    part: str = Field(examples=["retrieve"])
    count: int = Field(examples=[412])
    median: int = Field(examples=[31])
    p95: int = Field(examples=[88])


class DayOut(_FromFacts):
    """The questions of one day."""

    date: str = Field(examples=["2026-03-02"])
    questions: int
    refused: int
    failed: int


class UsageOut(_FromFacts):
    """What happened in the span of time; `errors` counts what kept documents and quizzes from coming about, by code."""

    learners: int = Field(description="Who asked something in it.", examples=[3])
    questions: int = Field(examples=[412])
    refused: int = Field(examples=[20])
    failed: int = Field(examples=[1])
    documents: int = Field(examples=[12])
    quizzes: int = Field(examples=[9])
    thumbs_up: int = Field(examples=[31])
    thumbs_down: int = Field(examples=[2])
    tokens: int = Field(description="Of all models, since the first day of the span.", examples=[120_000])
    dollars: float = Field(description="Of those models whose price is known.", examples=[0.84])
    routes: dict[str, int] = Field(examples=[{"answer": 380, "quiz": 9}])
    models: dict[str, int] = Field(examples=[{"built-in tutor": 412}])
    errors: dict[str, int] = Field(examples=[{"unreadable_document": 1}])
    days: list[DayOut]


class WorkOut(_FromFacts):
    """What there is now; `queued` jobs are what waits."""

    jobs: dict[str, int] = Field(examples=[{"ready": 12, "queued": 1}])
    writing: int = Field(description="Quizzes that are being written or wait for it.", examples=[0])
    processes: dict[str, int] = Field(examples=[{"web": 1, "worker": 1, "writer": 1}])


class StoredOut(_FromFacts):
    """All that is kept; `bytes` of originals."""

    learners: int = Field(examples=[3])
    documents: int = Field(examples=[120])
    passages: int = Field(examples=[48_000])
    bytes: int = Field(examples=[734_003_200])


class Analytics(BaseModel):
    """Usage since a moment, and the state of things now. No learner is named."""

    since: datetime
    usage: UsageOut
    popular: list[PopularOut] = Field(
        description="Asked more than once; with several learners, only what two of them asked."
    )
    latencies: list[LatencyOut] = Field(description="Of the newest 5,000 turns, the slowest part first.")
    work: WorkOut
    stored: StoredOut
