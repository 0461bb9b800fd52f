"""`python -m app`: the whole product on one machine; `python -m app web` and the like: one of its processes."""

import argparse
import importlib
import logging
import os
import sys
from collections.abc import Sequence

from app.beginning import settings_or_exit
from app.secret_file import secret_in
from app.supervisor import CannotStart, Supervisor, quiet_environment

PARTS = ("prepare", "web", "worker", "writer", "maintenance")
COMMANDS = {
    "backup": "app.backup.commands",
    "restore": "app.backup.commands",
    "migrate": "app.moving.commands",
    "move": "app.moving.commands",
}
"""What is done once, with arguments of its own, and where."""


def main() -> int:
    """Blocks until the product is stopped; the exit code is 2 for wrong settings, 1 when it cannot start."""
    if sys.argv[1:] and sys.argv[1] in COMMANDS:
        return _once(sys.argv[1], sys.argv[2:])
    parser = argparse.ArgumentParser(
        prog="python -m app",
        description="StudyRAG: all of it, or one of its processes.",
        epilog=f"Also: {', '.join(COMMANDS)}, each with --help.",
    )
    parser.add_argument("part", nargs="?", choices=PARTS, help="one process, where something else starts the others")
    part = parser.parse_args().part
    return _alone(part) if part else _everything()


def _everything() -> int:
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        Supervisor(settings_or_exit()).run()
    except CannotStart as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _once(command: str, arguments: Sequence[str]) -> int:
    for name, value in quiet_environment().items():
        os.environ.setdefault(name, value)
    return int(importlib.import_module(COMMANDS[command]).main(command, arguments))


def _alone(part: str) -> int:
    """What the supervisor gives its children stands in the environment before any library is imported."""
    settings = settings_or_exit()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    for name, value in quiet_environment().items():
        os.environ.setdefault(name, value)
    if part == "web" and not os.environ.get("CHAINLIT_AUTH_SECRET"):
        os.environ["CHAINLIT_AUTH_SECRET"] = secret_in(settings.data_dir / "secret")
    return importlib.import_module(f"app.{part}").main() or 0


if __name__ == "__main__":
    sys.exit(main())
