"""Any number of processes on one data folder: what dies is taken up by the others, and nothing else is."""

from pathlib import Path

from tests.support.chaos import documents, done, fleet, run, settled


def test_killed_processes_lose_nothing_settle_nothing_alive_and_do_nothing_twice(tmp_path: Path) -> None:
    with fleet(tmp_path) as ships:
        work = run(ships, rounds=2, files=documents())
        assert settled(work) == {}
        assert all(done(work)[what] for what in ("processes killed", "documents read", "quizzes written"))
