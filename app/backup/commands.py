"""`python -m app backup` and `python -m app restore`."""

import argparse
import asyncio
import logging
import sys
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from alembic.util import CommandError

from app.backup.making import back_up_to
from app.backup.manifest import Manifest
from app.backup.places import repository_at
from app.backup.restoring import restore
from app.beginning import settings_or_exit
from app.settings import Settings
from app.wiring import Services
from tools.errors import NotFound, StudyError

Run = Callable[[Services, argparse.Namespace], Coroutine[Any, Any, Manifest]]


def main(command: str, arguments: Sequence[str]) -> int:
    """The exit code; what stands in the way is a sentence on standard error."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    settings = settings_or_exit()
    asked = _parser(command, settings).parse_args(arguments)
    if not asked.place:
        print("Say where: a folder, s3://bucket/folder, or STUDYRAG_BACKUP_TO.", file=sys.stderr)
        return 2
    run, done = (_back_up, "Backed up") if command == "backup" else (_restore, "Restored")
    try:
        manifest = asyncio.run(run(Services(settings), asked))
    except (StudyError, OSError, CommandError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{done}: {_told(manifest)}")
    return 0


def _parser(command: str, settings: Settings) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"python -m app {command}")
    parser.add_argument("place", nargs="?", default=settings.backup_to, help="a folder, or s3://bucket/folder")
    if command == "restore":
        parser.add_argument("--name", help="of the backup, such as 20261121T220500000000Z; else the newest")
        parser.add_argument("--over", action="store_true", help="put it in the place of the library that is there")
    return parser


async def _back_up(services: Services, asked: argparse.Namespace) -> Manifest:
    return await back_up_to(services, asked.place)


async def _restore(services: Services, asked: argparse.Namespace) -> Manifest:
    repository = repository_at(services.settings, asked.place)
    names = repository.names()
    if not names:
        raise NotFound(f"There is no whole backup in {asked.place}.")
    return await restore(services, repository, asked.name or names[-1], asked.over)


def _told(manifest: Manifest) -> str:
    rows = sum(table.rows for table in manifest.tables.values())
    moment = f"{manifest.created_at:%Y-%m-%d %H:%M:%S} UTC"
    told = f"{rows:,} rows, {len(manifest.files):,} files, {manifest.memories.rows:,} conversations, as of {moment}"
    return f"{told}; without {len(manifest.missing)} originals that were gone" if manifest.missing else told
