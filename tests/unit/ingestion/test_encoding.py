"""Text as written, whatever its encoding."""

import pytest

from ingestion.errors import MislabelledDocument
from ingestion.partition.encoding import decode, looks_written

GERMAN = "Die Größe der Blätter ändert sich über die Jahre, schön für Käfer. "
FRENCH = "Les élèves étudient où naît l’énergie : déjà très intéressant à goûter. "
CZECH = "Fotosyntéza přeměňuje světelnou energii na chemickou, žluťoučký kůň úpěl. "
POLISH = "Fotosynteza przekształca energię światła; zażółć gęślą jaźń. "
RUSSIAN = "Фотосинтез превращает энергию света в химическую энергию. "
JAPANESE = "光合成は植物が光エネルギーを使う反応である。\n"
CHINESE = "光合作用是植物利用光能的过程。\n"
KOREAN = "광합성은 식물이 빛 에너지를 사용하는 반응이다. "


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (GERMAN, "utf-8"),
        (GERMAN, "utf-8-sig"),
        (GERMAN, "utf-16"),
        (GERMAN, "utf-16-le"),
        (GERMAN, "cp1252"),
        (GERMAN, "latin-1"),
        (FRENCH, "cp1252"),
        ("Zoë naïve café Straße\n", "latin-1"),
        (CZECH, "cp1250"),
        (POLISH, "cp1250"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc_jp"),
        (CHINESE, "gb18030"),
        ("光合作用是植物利用光能的過程。\n", "big5"),
        (KOREAN, "euc_kr"),
    ],
)
def test_text_comes_back_as_written(text: str, encoding: str) -> None:
    assert decode((text * 40).encode(encoding)) == text * 40


def test_marks_control_codes_and_line_ends_are_tidied() -> None:
    assert decode(b"\xef\xbb\xbfLine one\r\nLine two\r") == "Line one\nLine two\n"
    assert decode("\ufeffa\n\ufeffb\n".encode("utf-16")) == "a\nb\n"
    assert decode(b"a\x00b\x1b[31mred\x1b[0m\x07") == "abred"


def test_a_file_of_mixed_origin_keeps_what_is_sound() -> None:
    text = decode("café Größe ".encode() * 20 + "café ".encode("latin-1") + b"\xff\xfe\x81 end")
    assert text.startswith("café Größe ")
    assert text.endswith("end")
    assert "\ufffd" not in text


def test_no_guess_is_better_than_mojibake() -> None:
    with pytest.raises(MislabelledDocument):
        decode(bytes(range(128, 256)) * 20)


def test_binary_is_not_text() -> None:
    assert looks_written("Größe 北京".encode())
    assert looks_written("plain".encode("utf-16"))
    assert not looks_written(bytes(range(256)) * 4)
