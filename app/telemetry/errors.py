"""Errors for Sentry: what stands in the log as an error, without what learners said and without what they sent."""

from typing import Any

import sentry_sdk
from sentry_sdk.integrations.logging import LoggingIntegration

from tools.correlation import request_id

Event = dict[str, Any]


def report_errors(dsn: str, role: str) -> None:
    """From now on, in this process. Raises BadDsn for what is no DSN."""
    sentry_sdk.init(
        dsn,
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[LoggingIntegration(level=None)],
        include_local_variables=False,
        server_name=role,
        before_send=_discreet,  # type: ignore[arg-type]
    )


def _discreet(event: Event, _hint: Event) -> Event:
    """The kinds of the errors and their places stay; their words, which may be a learner's, go."""
    for error in event.get("exception", {}).get("values", []):
        error["value"] = ""
    event.get("logentry", {}).pop("params", None)
    if "logentry" in event:
        event["logentry"]["formatted"] = event["logentry"].get("message", "")
    event.setdefault("tags", {})["request_id"] = request_id()
    return event
