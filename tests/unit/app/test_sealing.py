from app.sealing import Sealer

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
