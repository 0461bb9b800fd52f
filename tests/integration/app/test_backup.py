"""Backup, wipe, restore: everything a learner would miss is there again."""

import asyncio
import gzip
import io
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from contextlib import aclosing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from agent.events import Done
from agent.graph import build_graph
from app.backup import commands, making, rows
from app.backup.making import back_up_to, snapshot
from app.backup.places import repository_at
from app.backup.repository import Repository, UnusableBackup
from app.backup.restoring import restore
from app.conversations import Conversation, memories_of
from app.persistence.db import Service
from app.persistence.library import Placement
from app.persistence.tables import LearnerRow
from app.reading import Reading
from app.settings import Settings
from app.turns import Turns
from app.wiring import LOCAL_LEARNER, Services
from evals.corpus import corpus
from tests.support.chroma import ChromaServer
from tests.support.databases import BOTH
from tests.support.migrations import downgrade
from tests.support.product import built_model
from tests.support.s3 import KEYS, S3Server
from tools.errors import Conflict, LockedFile, StudyError

SECRET, OTHER = (b64encode(bytes([n]) * 32).decode() for n in range(2))
ASKED = 50
NOBODY = "http://127.0.0.1:9"
CELLS = Placement("Autumn", "Biology", "Cells")


@contextmanager
def services_in(folder: Path, **settings: str) -> Iterator[Services]:
    folder.mkdir(exist_ok=True)
    services = Services(Settings.model_validate({"STUDYRAG_DATA_DIR": folder, **settings}))
    services.learners.known(LOCAL_LEARNER)
    try:
        yield services
    finally:
        services.database.engine.dispose()


def upload(services: Services, text: str, name: str = "notes.txt") -> str:
    return services.documents.accept(LOCAL_LEARNER, name, io.BytesIO(text.encode()), CELLS).document_id


def original(services: Services, document_id: str) -> bytes:
    document = services.library.document(LOCAL_LEARNER, document_id).document
    return b"".join(services.storage.stream(document.storage_key))


def back_up(services: Services, place: Path | str) -> str:
    """The name of the backup."""
    asyncio.run(back_up_to(services, str(place)))
    return repository_at(services.settings, str(place)).names()[-1]


def put_back(services: Services, place: Path | str, over: bool = False) -> None:
    repository = repository_at(services.settings, str(place))
    asyncio.run(restore(services, repository, repository.names()[-1], over))


async def asked(services: Services, questions: list[str]) -> list[Any]:
    """The citations of each answer, all in one conversation."""
    answers = []
    async with memories_of(services.settings, LOCAL_LEARNER) as saver:
        turns = Turns(services, build_graph(saver))
        for question in questions:
            async with aclosing(turns.run(Conversation(LOCAL_LEARNER, "thread"), question)) as events:
                answers += [event.citations async for _, event in events if isinstance(event, Done)]
    return [[(one.quote, one.document_id, one.page_index, one.start, one.end) for one in cited] for cited in answers]


async def remembered(services: Services) -> Any:
    async with memories_of(services.settings, LOCAL_LEARNER) as saver:
        found = await saver.aget_tuple({"configurable": {"thread_id": Conversation(LOCAL_LEARNER, "thread").memory}})
    return found and found.checkpoint["channel_values"]


def written(repository: Repository) -> dict[str, Counter[bytes]]:
    """The lines of each table of the newest backup: databases differ in how they order text."""
    found = {}
    for table, kept in repository.manifest(repository.names()[-1]).tables.items():
        with repository.fetched(kept.digest) as path, gzip.open(path) as lines:
            found[table] = Counter(lines)
    return found


def test_after_backup_wipe_and_restore_the_same_questions_get_the_same_citations(
    tmp_path: Path, chroma: ChromaServer, postgres_url: str
) -> None:
    chroma.start()
    model = built_model()
    paragraphs = corpus()[: ASKED // 2]
    questions = [question for one in paragraphs for question in one.questions][:ASKED]
    for name in ("before", "after", "elsewhere"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "models").symlink_to(model)
    with services_in(tmp_path / "before", chroma_url=chroma.url) as services:
        services.processes.beat()
        upload(services, "\n\n".join(f"# {one.subject}\n\n{one.text}" for one in paragraphs), "handout.md")
        Reading(services).run()
        before, memory = asyncio.run(asked(services, questions)), asyncio.run(remembered(services))
        assert sum(map(bool, before)) > ASKED / 2
        services.processes.leave()
        back_up(services, tmp_path / "backup")
        first = written(repository_at(services.settings, str(tmp_path / "backup")))
        services.indexes.close()

    with services_in(tmp_path / "after", chroma_url=NOBODY) as services:
        put_back(services, tmp_path / "backup")
        assert asyncio.run(remembered(services)) == memory
        assert asyncio.run(asked(services, questions)) == before
        services.indexes.close()

    with services_in(tmp_path / "elsewhere", database_url=postgres_url, chroma_url=NOBODY) as services:
        put_back(services, tmp_path / "backup")
        assert asyncio.run(remembered(services)) == memory
        back_up(services, tmp_path / "again")
        assert written(repository_at(services.settings, str(tmp_path / "again"))) == first
        assert asyncio.run(asked(services, questions[:1])), "the numbers that the database gives go on"
        services.indexes.close()


@BOTH
def test_a_backup_sees_one_moment_whatever_is_written_meanwhile(database_url: str, tmp_path: Path) -> None:
    with services_in(tmp_path / "data", database_url=database_url) as services, snapshot(services.database) as seen:
        [learners] = rows.tables(seen, ["learners"])
        assert len(list(rows.lines(seen, learners))) == 1
        with services.database.service_session(Service.INSTALLATION) as session:
            session.add(LearnerRow(id="late", identifier="late", display_name="Late"))
        assert len(list(rows.lines(seen, learners))) == 1


@BOTH
def test_a_library_is_not_overwritten_unless_told_and_then_all_of_it(database_url: str, tmp_path: Path) -> None:
    with services_in(tmp_path / "data", database_url=database_url) as services:
        old = upload(services, "Osmosis moves water.")
        back_up(services, tmp_path / "backup")
        new = upload(services, "Mitosis divides the nucleus.", "mitosis.txt")
        key = services.library.document(LOCAL_LEARNER, new).document.storage_key
        with pytest.raises(Conflict, match="--over"):
            put_back(services, tmp_path / "backup")

        put_back(services, tmp_path / "backup", over=True)
        assert [one.document.id for one in services.library.documents(LOCAL_LEARNER)] == [old]
        assert original(services, old) == b"Osmosis moves water."
        assert key not in services.storage.list("users")
        upload(services, "Meiosis halves the chromosomes.", "meiosis.txt")


def test_nothing_is_restored_under_a_product_that_runs(tmp_path: Path) -> None:
    with services_in(tmp_path / "data") as services:
        back_up(services, tmp_path / "backup")
        services.processes.beat()
        with pytest.raises(Conflict, match="running"):
            put_back(services, tmp_path / "backup")


def test_a_damaged_backup_changes_no_row(tmp_path: Path) -> None:
    with services_in(tmp_path / "data") as services:
        upload(services, "Osmosis moves water.")
        back_up(services, tmp_path / "backup")
        kept = upload(services, "Mitosis divides the nucleus.", "mitosis.txt")
        for path in (tmp_path / "backup" / "studyrag" / "blobs").rglob("*"):
            if path.is_file():
                path.write_bytes(path.read_bytes() + b"x")
        with pytest.raises(UnusableBackup):
            put_back(services, tmp_path / "backup", over=True)
        assert original(services, kept) == b"Mitosis divides the nucleus."


def test_a_backup_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    with services_in(tmp_path / "data") as services:
        repository = repository_at(services.settings, str(tmp_path / "backup"))
        made = asyncio.run(making.back_up(services, repository, datetime.now(UTC)))
        name = repository.begin(datetime.now(UTC))
        repository.finish(name, made.model_copy(update={"revision": "9999"}))
        with pytest.raises(UnusableBackup, match="newer"):
            put_back(services, tmp_path / "backup")


def test_a_backup_of_an_older_version_goes_through_the_migrations(tmp_path: Path) -> None:
    with services_in(tmp_path / "data") as services:
        document = upload(services, "Osmosis moves water.")
        downgrade(services.database, "0013")  # before keys were claimed
        back_up(services, tmp_path / "backup")
    with services_in(tmp_path / "restored") as services:
        put_back(services, tmp_path / "backup")
        assert original(services, document) == b"Osmosis moves water."
        upload(services, "Mitosis divides the nucleus.", "mitosis.txt")


def test_a_backup_in_s3_is_encrypted_and_needs_its_key(s3: S3Server, tmp_path: Path) -> None:
    bucket = s3.bucket("backups")
    there = {
        "s3_bucket": bucket.name, "s3_endpoint_url": s3.url, "aws_access_key_id": KEYS["access_key_id"],
        "aws_secret_access_key": KEYS["secret_access_key"],
    }  # fmt: skip
    with services_in(tmp_path / "data", **there, STUDYRAG_BACKUP_KEY=SECRET) as services:
        document = upload(services, "Osmosis moves water.")
        name = back_up(services, "s3://backups/nightly")
    objects = s3.client.list_objects_v2(Bucket="backups", Prefix="nightly/")["Contents"]
    bodies = [s3.client.get_object(Bucket="backups", Key=one["Key"])["Body"].read() for one in objects]
    assert f"nightly/backups/{name}.json" in {one["Key"] for one in objects}
    assert not any(b"Osmosis" in body or b"users/" in body for body in bodies)

    with services_in(tmp_path / "other", **there, STUDYRAG_BACKUP_KEY=OTHER) as services, pytest.raises(LockedFile):
        put_back(services, "s3://backups/nightly")
    with services_in(tmp_path / "right", **there, STUDYRAG_BACKUP_KEY=SECRET) as services:
        put_back(services, "s3://backups/nightly")
        assert original(services, document) == b"Osmosis moves water."


def test_an_original_that_is_gone_is_named_and_keeps_nothing_from_being_kept(tmp_path: Path) -> None:
    with services_in(tmp_path / "data") as services:
        gone, kept = upload(services, "Osmosis."), upload(services, "Mitosis.", "mitosis.txt")
        key = services.library.document(LOCAL_LEARNER, gone).document.storage_key
        services.storage.delete(key)
        made = asyncio.run(back_up_to(services, str(tmp_path / "backup")))
        assert made.missing == [key]
    with services_in(tmp_path / "restored") as services:
        put_back(services, tmp_path / "backup")
        assert original(services, kept) == b"Mitosis."


def test_the_commands_say_what_they_did_or_what_stands_in_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STUDYRAG_DATA_DIR", str(tmp_path / "data"))
    with services_in(tmp_path / "data") as services:
        upload(services, "Osmosis moves water.")
    place = str(tmp_path / "backup")
    assert commands.main("restore", [place]) == 1
    assert commands.main("backup", []) == 2
    assert commands.main("backup", [place]) == 0
    assert commands.main("restore", [place]) == 1
    assert commands.main("restore", [place, "--over"]) == 0

    told = capsys.readouterr()
    assert ["no whole backup" in told.err, "Say where" in told.err, "--over" in told.err] == [True] * 3
    assert ["Backed up:" in told.out, "Restored:" in told.out, "1 files" in told.out] == [True] * 3


def test_a_backup_that_fails_half_way_leaves_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with services_in(tmp_path / "data") as services:
        upload(services, "Osmosis moves water.")

        def broken(_folder: str) -> list[str]:
            raise StudyError("gone")

        monkeypatch.setattr(services.storage, "list", broken)
        with pytest.raises(StudyError):
            back_up(services, tmp_path / "backup")
        assert repository_at(services.settings, str(tmp_path / "backup")).names() == []
