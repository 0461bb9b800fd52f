from pathlib import Path
from threading import Thread

from app.secret_file import secret_in


def test_the_secret_of_a_folder_is_one_for_all_who_come_at_once(tmp_path: Path) -> None:
    found: list[str] = []
    threads = [Thread(target=lambda: found.append(secret_in(tmp_path / "new" / "secret_key"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    assert len(found[0]) >= 32
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["secret_key"]
    assert (tmp_path / "new" / "secret_key").stat().st_mode & 0o777 == 0o600
