from pathlib import Path
from threading import Thread

from app.sealing import Sealer, secret_in

SECRET = "a secret of this installation, for tests"


def test_what_is_sealed_can_be_opened_for_its_owner_with_the_same_secret_only() -> None:
    sealer = Sealer(SECRET)
    sealed = sealer.seal("a key", "ada")
    assert sealer.open(sealed, "ada") == "a key"
    assert sealer.open(sealed, "bob") is None
    assert Sealer(f"{SECRET}?").open(sealed, "ada") is None
    assert sealer.open(sealed[:-1], "ada") is None
    assert sealer.open(b"", "ada") is None
    assert b"a key" not in sealed
    assert sealer.seal("a key", "ada") != sealed


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
