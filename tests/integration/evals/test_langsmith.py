"""An eval's questions and results as a dataset and an experiment of LangSmith."""

from datetime import UTC, datetime

from app.telemetry.langsmith import client_for
from evals.langsmith import DATASET, Result, upload
from tests.support.langsmith_server import LangSmithServer

NOW = datetime(2026, 3, 1, tzinfo=UTC)
HELD = Result("What is osmosis?", "Water moves [1].", ("Water moves by osmosis.",), 1.0, NOW, NOW)
REFUSED = Result("Who was Caesar?", "", (), None, NOW, NOW)


def test_questions_are_sent_once_and_each_time_is_an_experiment_with_scores(langsmith: LangSmithServer) -> None:
    client = client_for(langsmith.url, "a-key")
    first = upload(client, [HELD])
    upload(client, [HELD, REFUSED])
    langsmith.until(lambda it: len(it.runs) == 3 and len(it.feedback) == 5)
    assert first.startswith(DATASET)
    assert [example["inputs"]["question"] for example in langsmith.examples] == [HELD.question, REFUSED.question]
    assert len(langsmith.projects) == 2
    runs = {run["inputs"]["question"]: run for run in langsmith.runs.values()}
    assert runs[HELD.question]["outputs"] == {"answer": HELD.answer, "quotes": list(HELD.quotes)}
    examples = {example["inputs"]["question"]: example["id"] for example in langsmith.examples}
    assert runs[REFUSED.question]["reference_example_id"] == examples[REFUSED.question]
    scores = sorted((given["key"], given["score"]) for given in langsmith.feedback.values())
    assert scores == [("answered", 0), ("answered", 1), ("answered", 1), ("verbatim", 1), ("verbatim", 1)]
