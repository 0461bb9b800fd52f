"""Which sinks a process has, by its settings."""

import os
from collections.abc import Iterator

from app.settings import Settings
from app.telemetry.counting import Counting
from app.telemetry.facts import Sink


def sinks_for(settings: Settings, role: str) -> list[Sink]:
    """The metrics always; a service's package is loaded only where the service is configured."""
    return [Counting(), *_services(settings, role)]


def _services(settings: Settings, role: str) -> Iterator[Sink]:
    if settings.langsmith_tracing:
        from app.telemetry.langsmith import LangSmith, Words

        key = settings.langsmith_api_key.get_secret_value()
        yield LangSmith(
            settings.langsmith_endpoint, key, settings.langsmith_project, Words(settings.redact_traces, key)
        )
    if settings.otel_exporter_otlp_endpoint:
        os.environ.pop("OTEL_SDK_DISABLED", None)  # which the supervisor sets, so that no library reports by itself
        from app.telemetry.spans import Spans, exporter_to

        yield Spans(role, exporter_to(settings.otel_exporter_otlp_endpoint))
