import pytest

from agent.words import cleaned, shown


def test_control_characters_go_and_line_ends_stay() -> None:
    assert cleaned(" a\x00b\x1b[31m\nc\td\u200d ") == "ab[31m\nc\td\u200d"


@pytest.mark.parametrize("name", ["<img src=x onerror=alert(1)>", "[a](javascript:x)", "`x` *y* | z", "a\nb"])
def test_a_shown_name_holds_nothing_active(name: str) -> None:
    assert not set(shown(name)) & set("<>[]`*|\n")


def test_a_shown_name_is_short() -> None:
    assert len(shown("x" * 500)) <= 120
    assert shown("ünïcödé 北京.txt") == "ünïcödé 北京.txt"
