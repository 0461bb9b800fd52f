"""PostgreSQL: connections that outlive a restart of the server, and transactions in the role of whom they are for.

No session of the server keeps anything between two transactions, so a pooler may hand it on (pgbouncer, Supabase's).
"""

import json
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, OperationalError
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_random_exponential

from tools.errors import StorageFull, StudyError

LEARNER_ROLE, SERVICE_ROLE = "studyrag_learner", "studyrag_service"

CONNECTION: dict[str, Any] = {
    "prepare_threshold": None,  # a pooler may give the next statement to a server that knows none of ours
    "connect_timeout": 5,
    "application_name": "studyrag",
    "client_encoding": "utf8",  # also to a server that does not say what its bytes mean, so that it can be refused
    # A server that hangs, or a network that swallows: some twenty seconds instead of the system's two hours.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 20_000,
}
PATIENCE_SECONDS = 5.0
"""A restart takes less; who asks meanwhile waits, and notices nothing."""
LONGEST_STATEMENT = "30s"
"""Of a learner; a service may have more to do."""
_DISK_FULL = "53100"
_BEGIN = text(
    "SELECT set_config('role', :role, true), set_config('request.jwt.claims', :claims, true),"
    " set_config('statement_timeout', :longest, true), set_config('TimeZone', 'UTC', true)"
)


class DatabaseUnavailable(StudyError):
    """The library cannot be reached just now. Please try again in a moment."""

    code = "database_unavailable"
    status = 503
    retryable = True


def engine_of(url: str) -> Engine:
    """An engine for `postgresql+psycopg://…`; a connection that broke meanwhile is replaced before it is used."""
    engine = create_engine(
        url,
        hide_parameters=True,  # as for SQLite
        pool_pre_ping=True,
        pool_size=20,
        max_overflow=20,
        pool_timeout=10,
        pool_recycle=1800,
        connect_args=CONNECTION,
        json_serializer=_json,
    )
    event.listen(engine, "do_connect", _connect_patiently)
    return engine


def _connect_patiently(dialect: Dialect, _record: object, arguments: Any, options: Any) -> Any:
    """Nothing has been asked yet, so asking again is safe."""
    away: type[Exception] = dialect.loaded_dbapi.OperationalError
    for attempt in Retrying(
        retry=retry_if_exception_type(away),
        wait=wait_random_exponential(0.05, max=0.5),
        stop=stop_after_delay(PATIENCE_SECONDS),
        reraise=True,
    ):
        with attempt:
            return dialect.connect(*arguments, **options)
    raise AssertionError("Retrying returns or raises")


def work_as(connection: Connection, learner_id: str | None) -> None:
    """Give the transaction a learner's rights and claims, or those of a service; they end with it."""
    role = SERVICE_ROLE if learner_id is None else LEARNER_ROLE
    claims = json.dumps({"role": role} if learner_id is None else {"sub": learner_id, "role": role})
    longest = "0" if learner_id is None else LONGEST_STATEMENT
    connection.execute(_BEGIN, {"role": role, "claims": claims, "longest": longest})


def told(error: DBAPIError) -> StudyError | None:
    """What a failed statement means to a learner; None where it is an error of ours."""
    state = getattr(error.orig, "sqlstate", None)
    if state == _DISK_FULL:
        return StorageFull()
    if error.connection_invalidated or isinstance(error, OperationalError):
        return DatabaseUnavailable(retry_after=2)
    return None


def _json(value: object) -> str:
    """What SQLite would keep and PostgreSQL refuse to look into: the character zero."""
    dumped = json.dumps(value)
    return dumped if "\\u0000" not in dumped else json.dumps(_without_zero(value))


def _without_zero(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "\ufffd")
    if isinstance(value, dict):
        return {_without_zero(key): _without_zero(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_without_zero(part) for part in value]
    return value
