import pytest

from tools.language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("What is the function of the cell?", "English"),
        ("Was ist die Funktion der Zelle?", "German"),
        ("Quelle est la fonction de la cellule et pourquoi ?", "French"),
        ("¿Qué es la fotosíntesis y para qué sirve?", "Spanish"),
        ("光合作用是什么?", "Chinese"),
        ("光合成とは何ですか", "Japanese"),
        ("Что такое осмос?", "a Cyrillic script"),
        ("osmosis", None),
        ("", None),
    ],
)
def test_a_language_is_guessed_or_left_open(text: str, language: str | None) -> None:
    assert language_of(text) == language
