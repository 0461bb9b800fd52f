"""Names as parts of keys."""

from urllib.parse import unquote

import pytest

from app.storage.keys import MOST_BYTES, MOST_BYTES_A_PART, filed_keys, is_key, names_in, part

NAMES = [
    "Cells",
    "a/b",
    "..",
    ".hidden",
    "50% off",
    "a%2Fb",
    "Ökologie",
    "北京 😀",
    "C:\\x",
    "tab\tname",
    "quo\"te's",
    " x ",
]


@pytest.mark.parametrize("name", NAMES)
def test_any_name_is_one_part_and_can_be_told_from_it(name: str) -> None:
    assert is_key(part(name))
    assert "/" not in part(name)
    assert unquote(part(name)) == name


def test_two_names_never_make_one_part() -> None:
    names = [*NAMES, "x" * 300, "x" * 301, "😀" * 200 + ".pdf", "😀" * 200 + ".txt", "a\ud800"]
    assert len({part(name) for name in names}) == len(names)


def test_the_longest_names_make_a_key_that_every_store_takes() -> None:
    name = "😀" * 250 + ".pdf"
    for key in filed_keys("u" * 64, (name, name, name), name, "d" * 32):
        assert is_key(key)
        assert key.endswith(".pdf")
        assert all(len(one.encode()) <= MOST_BYTES_A_PART for one in key.split("/"))
        assert len(key.encode()) <= MOST_BYTES


def test_a_key_names_its_place() -> None:
    [key, *_] = filed_keys("ada", (" Spring/Summer", "Biology", "Cells "), "a.pdf", "d" * 32)
    assert names_in("ada", key) == ["Spring/Summer", "Biology", "Cells", "a.pdf"]
    assert names_in("ada", "users/ada/raw_data/too/shallow.pdf") is None
