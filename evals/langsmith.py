"""Puts an eval's questions and what we answered into LangSmith: `LANGSMITH_API_KEY=… python -m evals.langsmith`.

The questions are a dataset, the same each time; what the built-in tutor answers is a new experiment on it, with the
share of its quotes that stand on their pages and whether it answered at all as scores.
"""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from uuid import UUID, uuid4, uuid5

from langsmith import Client

from app.settings import Settings
from app.telemetry.langsmith import client_for
from evals.citations import answered, is_verbatim, library
from tools import refusal

DATASET = "studyrag-citations"
QUESTIONS = 200


@dataclass(frozen=True, slots=True)
class Result:
    """How one question went; `verbatim` is the share of its quotes that stand on their pages, None without a quote."""

    question: str
    answer: str
    quotes: tuple[str, ...]
    verbatim: float | None
    started: datetime
    ended: datetime


def results() -> Iterator[Result]:
    """Of the questions of `evals.citations`, refused ones as well."""
    shelf, questions = library()
    search = shelf.searcher()
    for question in islice(dict.fromkeys(questions), QUESTIONS):
        started = datetime.now(UTC)
        found = search.search(question, shelf.scope(), 8)
        text, cited = asyncio.run(answered(found, shelf)) if refusal.supports(found) else ("", [])
        held = [is_verbatim(citation, shelf) for citation in cited]
        verbatim = sum(held) / len(held) if held else None
        quotes = tuple(citation.quote for citation in cited)
        yield Result(question, text, quotes, verbatim, started, datetime.now(UTC))


def upload(client: Client, told: Iterable[Result]) -> str:
    """The name of the new experiment; questions that the dataset holds already are not sent again."""
    told = list(told)
    known = client.has_dataset(dataset_name=DATASET)
    dataset = client.read_dataset(dataset_name=DATASET) if known else client.create_dataset(DATASET)
    ids = {result.question: uuid5(dataset.id, result.question) for result in told}
    there = {example.id for example in client.list_examples(dataset_id=dataset.id)}
    new = [{"id": id_, "inputs": {"question": asked}} for asked, id_ in ids.items() if id_ not in there]
    if new:
        client.create_examples(dataset_id=dataset.id, examples=new)
    name = f"{DATASET}-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    experiment = client.create_project(name, reference_dataset_id=dataset.id)
    for result in told:
        _send(client, result, ids[result.question], experiment.id, name)
    client.flush()
    return name


def _send(client: Client, result: Result, example: UUID, experiment: UUID, name: str) -> None:
    run = uuid4()
    client.create_run(
        "answer",
        {"question": result.question},
        "chain",
        project_name=name,
        id=run,
        trace_id=run,
        dotted_order=f"{result.started:%Y%m%dT%H%M%S%f}Z{run}",
        outputs={"answer": result.answer, "quotes": list(result.quotes)},
        start_time=result.started,
        end_time=result.ended,
        reference_example_id=example,
    )
    scores = {"answered": float(bool(result.answer)), "verbatim": result.verbatim}
    for key, score in scores.items():
        if score is not None:
            client.create_feedback(run, key, score=score, trace_id=run, session_id=experiment)


def main() -> None:
    """Print the experiment's name; nothing happens where there is no key."""
    settings = Settings()
    key = settings.langsmith_api_key.get_secret_value()
    if not key:
        print("Nothing was sent: there is no key for LangSmith. Set LANGSMITH_API_KEY.")
        return
    print(upload(client_for(settings.langsmith_endpoint, key), results()))


if __name__ == "__main__":
    main()
