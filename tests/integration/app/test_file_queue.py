"""Four processes write and read one folder of messages at once."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from queue import Empty

from kombu import Connection

from app.file_queue import SCHEME, register

PROCESSES, MESSAGES, BATCH = 4, 20_000, 250


def test_each_of_20_000_messages_is_taken_once(tmp_path: Path) -> None:
    command = [sys.executable, "-m", __name__, SCHEME, str(tmp_path)]
    workers = [subprocess.Popen([*command, str(n)], stdout=subprocess.PIPE, text=True) for n in range(PROCESSES)]
    taken = [worker.communicate()[0].split() for worker in workers]
    assert [worker.returncode for worker in workers] == [0] * PROCESSES
    assert all(taken), "everybody had a share"
    assert sorted(int(n) for one in taken for n in one) == list(range(MESSAGES))
    assert [path.name for path in tmp_path.rglob("*") if path.suffix in (".msg", ".part")] == []


def work(scheme: str, folder: Path, me: int) -> Iterator[int]:
    """Write a share of the messages in batches, read between them whatever is there; the numbers that were read."""
    options = {"folder": str(folder), "data_folder_in": str(folder), "data_folder_out": str(folder)}
    with Connection(f"{scheme}://", transport_options={**options, "control_folder": str(folder / "c")}) as connection:
        queue = connection.SimpleQueue("jobs")
        mine = range(me, MESSAGES, PROCESSES)
        for start in range(0, len(mine), BATCH):
            for n in mine[start : start + BATCH]:
                queue.put(n)
            yield from _there(queue, BATCH)
        (folder / f"{me}.wrote").touch()
        while True:
            all_wrote = len(list(folder.glob("*.wrote"))) == PROCESSES
            yield from _there(queue, MESSAGES)
            if all_wrote:
                return


def _there(queue: object, most: int) -> Iterator[int]:
    for _ in range(most):
        try:
            message = queue.get_nowait()  # type: ignore[attr-defined]
        except Empty:
            return
        message.ack()
        yield message.payload


if __name__ == "__main__":
    register()
    print(*work(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])))
