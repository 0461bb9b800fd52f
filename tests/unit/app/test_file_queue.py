"""What the queue does with messages that are half there, broken, old, or in several hands."""

import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu import Connection

from app import file_queue
from app.file_queue import Channel


@pytest.fixture
def channels(tmp_path: Path) -> Iterator[tuple[Channel, Channel]]:
    """Two ends of one folder, as two processes have them."""
    file_queue.register()
    options = {"folder": str(tmp_path)}
    with (
        Connection("files://", transport_options=options) as one,
        Connection("files://", transport_options=options) as two,
    ):
        yield one.default_channel, two.default_channel


BROKEN = f"{0:020d}_x.q.msg"


def message(n: int) -> dict[str, Any]:
    return {"body": n, "properties": {}}


def test_messages_come_in_the_order_they_were_sent_each_to_its_queue(channels: tuple[Channel, Channel]) -> None:
    writer, reader = channels
    for n in range(12):
        writer._put("odd" if n % 2 else "even", message(n))
    assert [reader._get("odd")["body"] for _ in range(6)] == [1, 3, 5, 7, 9, 11]
    assert (reader._size("odd"), reader._size("even")) == (0, 6)
    with pytest.raises(Empty):
        reader._get("odd")
    assert (reader._purge("even"), reader._size("even")) == (6, 0)


def test_a_message_taken_by_another_is_passed_over(channels: tuple[Channel, Channel]) -> None:
    one, two = channels
    for n in range(4):
        one._put("q", message(n))
    assert [one._get("q")["body"], two._get("q")["body"], one._get("q")["body"], two._get("q")["body"]] == [0, 1, 2, 3]


def test_what_is_still_being_written_is_not_seen(
    channels: tuple[Channel, Channel], monkeypatch: pytest.MonkeyPatch
) -> None:
    writer, reader = channels
    half_way, go_on, write = threading.Event(), threading.Event(), Path.write_text

    def slowly(path: Path, text: str, encoding: str) -> int:
        write(path, text[:10], encoding)
        half_way.set()
        go_on.wait(60)
        return write(path, text, encoding)

    monkeypatch.setattr(Path, "write_text", slowly)
    thread = threading.Thread(target=writer._put, args=("q", message(1)))
    thread.start()
    half_way.wait(60)
    with pytest.raises(Empty):
        reader._get("q")
    go_on.set()
    thread.join()
    assert reader._get("q")["body"] == 1


@pytest.mark.parametrize(
    "content", ["", '{"body": "ab', "[]", "{}", "\udcff"], ids=["empty", "torn", "list", "bare", "bytes"]
)
def test_a_broken_message_is_put_aside_and_the_next_one_read(
    channels: tuple[Channel, Channel], tmp_path: Path, content: str
) -> None:
    (tmp_path / BROKEN).write_bytes(content.encode("utf-8", "surrogateescape"))
    channels[0]._put("q", message(1))
    assert channels[1]._get("q")["body"] == 1
    assert [path.name for path in (tmp_path / "broken").iterdir()] == [BROKEN]


def test_a_full_disk_is_an_error_and_leaves_nothing(
    channels: tuple[Channel, Channel], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        channels[0]._put("q", message(1))
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == []


def test_a_message_of_the_former_version_is_taken(channels: tuple[Channel, Channel], tmp_path: Path) -> None:
    (tmp_path / "4711_0b6f3b1e-3c52-4f6f-a9a1-5d3c8a36cb3c.q.msg").write_text(json.dumps(message(7)))
    assert channels[0]._get("q")["body"] == 7


def test_what_a_killed_process_left_is_swept_away_after_a_while(
    channels: tuple[Channel, Channel], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = [tmp_path / ".1.q.msg.part", tmp_path / "taken" / "1.q.msg"]
    for path in left:
        path.write_text("{")
    channels[0]._put("q", message(1))
    file_queue.sweep(tmp_path)
    assert all(path.exists() for path in left), "somebody may be at it"
    later = max(os.stat(path).st_ctime for path in left) + file_queue.ABANDONED_SECONDS + 1
    monkeypatch.setattr(file_queue.time, "time", lambda: later)
    file_queue.sweep(tmp_path)
    assert not any(path.exists() for path in left)
    assert channels[1]._get("q")["body"] == 1
