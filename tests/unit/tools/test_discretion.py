"""A log learns what kind of error it was and where, not what the learner had said."""

from tools.discretion import told

SAID = "my private diary"


def read(text: str) -> None:
    raise ValueError(f"cannot read {text}")


def failed() -> Exception:
    try:
        try:
            read(SAID)
        except ValueError as error:
            raise RuntimeError(f"while reading {SAID}") from error
    except RuntimeError as error:
        return error
    raise AssertionError


def test_kinds_and_places_are_told_and_words_are_not() -> None:
    text = told(failed())
    assert SAID not in text
    assert text.index("builtins.ValueError") < text.index("builtins.RuntimeError")
    assert "in read" in text


def test_what_speaks_of_the_program_or_the_machine_keeps_its_words() -> None:
    assert told(TypeError("read() takes 1 argument")).endswith("TypeError: read() takes 1 argument")
    full = told(OSError(28, "No space left on device", f"{SAID}.pdf"))
    assert full.endswith("OSError: No space left on device")
