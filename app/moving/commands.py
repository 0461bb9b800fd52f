"""`python -m app migrate` and `python -m app move`."""

import argparse
import asyncio
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from app.beginning import settings_or_exit
from app.moving.move import Move, Moved, folder_services
from app.persistence.db import CannotMigrate, connect, migrate
from app.settings import Settings
from app.supervisor import CannotStart, lock_folder
from app.wiring import Services
from tools.errors import StudyError
from tools.types import Learner

OBSTACLES = (CannotStart, CannotMigrate, OSError, SQLAlchemyError, StudyError)


def main(command: str, arguments: Sequence[str]) -> int:
    """The exit code: 1 when something stood in the way, which is a sentence on standard error, or is missing there."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    settings = settings_or_exit()
    asked = _parser(command, settings).parse_args(arguments)
    try:
        return _migrate(settings) if command == "migrate" else _move(settings, asked)
    except OBSTACLES as error:
        print(error, file=sys.stderr)
        return 1


def _parser(command: str, settings: Settings) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"python -m app {command}")
    if command == "move":
        parser.add_argument("folder", nargs="?", type=Path, default=settings.data_dir, help="the data folder to copy")
        parser.add_argument("--learner", required=True, type=Learner, help="the id of whom it is for, as in Supabase")
    return parser


def _migrate(settings: Settings) -> int:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = connect(settings.database)
    migrate(engine)
    print("The database has this version's schema.")
    engine.dispose()
    return 0


def _move(settings: Settings, asked: argparse.Namespace) -> int:
    folder: Path = asked.folder.expanduser().resolve()
    if not settings.database_url or not settings.chroma_url:
        print("Set DATABASE_URL and CHROMA_URL to where the library is to go.", file=sys.stderr)
        return 2
    if not (folder / "studyrag.sqlite3").exists():
        print(f"There is no library in {folder}.", file=sys.stderr)
        return 2
    with lock_folder(folder, "a move to other services"):
        moving = Move(folder_services(settings, folder), Services(settings), asked.learner)
        moved = asyncio.run(moving.run(lambda name: print(f"{name} …", file=sys.stderr, flush=True)))
    print(_table(moved))
    return int(any(one.before != one.after for one in moved))


def _table(moved: Sequence[Moved]) -> str:
    lines = [f"{'':20s}{'here':>10s}{'there':>10s}"]
    for one in moved:
        told = "" if one.before == one.after else "   missing: run it again"
        lines.append(f"{one.name:20s}{one.before:10,d}{one.after:10,d}{told}")
    return "\n".join(lines)
