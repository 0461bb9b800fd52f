"""How each of our processes begins: settings, log, and whom it reports to."""

import sys

import langsmith
from pydantic import ValidationError

from app.identity import Role
from app.settings import Settings
from app.telemetry import logs


def begin(role: Role) -> Settings:
    """What the process was told to be. Ends it with exit code 2 and a sentence when that cannot work."""
    settings = settings_or_exit()
    logs.configure(settings.log_format, role)
    # What LangChain would send by itself knows no redaction, and would be sent beside our own traces.
    langsmith.configure(enabled=False)
    if dsn := settings.sentry_dsn.get_secret_value():
        from app.telemetry.errors import report_errors

        report_errors(dsn, role)
    return settings


def settings_or_exit() -> Settings:
    """Says what is wrong with the settings, and how to put it right, on standard error."""
    try:
        return Settings()
    except ValidationError as error:
        for problem in error.errors():
            name = ".".join(str(part) for part in problem["loc"])
            print(f"{name}: {problem['msg']}".removeprefix(": ").replace("Value error, ", ""), file=sys.stderr)
        sys.exit(2)
