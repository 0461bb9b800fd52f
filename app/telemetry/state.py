"""What holds for the whole product at this moment, as Prometheus reads it: every web process tells the same."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from app.persistence.operation import Holdings, Work
from tools.types import JobState


class _State(Collector):
    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        return self._metrics


def state_of(work: Work, stored: Holdings, parts: Mapping[str, bool], queues: Mapping[str, int]) -> bytes:
    """In Prometheus' format; `parts` are the health checks, True for what is well, `queues` hold so many messages."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_State(list(_families(work, stored, parts, queues))))
    return generate_latest(registry)


def _families(work: Work, stored: Holdings, parts: Mapping[str, bool], queues: Mapping[str, int]) -> Iterator[Metric]:
    jobs = {state: work.jobs.get(state, 0) for state in JobState}
    yield _gauge("studyrag_jobs", "Documents by the state of their job.", "state", jobs)
    yield _gauge("studyrag_processes", "Processes that live.", "role", work.processes)
    yield _gauge("studyrag_queue_messages", "Messages that nobody has taken.", "queue", queues)
    yield _gauge("studyrag_part_up", "1 for a part that answers.", "part", parts)
    yield GaugeMetricFamily("studyrag_quizzes_in_writing", "Quizzes that are not written yet.", work.writing)
    yield GaugeMetricFamily("studyrag_stored_bytes", "Originals.", stored.bytes)
    yield GaugeMetricFamily("studyrag_passages", "Passages of all books.", stored.passages)
    yield GaugeMetricFamily("studyrag_learners", "Learners with a library.", stored.learners)


def _gauge(name: str, text: str, label: str, values: Mapping[Any, float]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=[label])
    for value, number in values.items():
        family.add_metric([value], number)
    return family
