"""Bytes to text as it was written, in whatever encoding, without marks and control codes."""

import codecs
import re
import unicodedata

from charset_normalizer import from_bytes
from langdetect import DetectorFactory, LangDetectException, detect

from ingestion.errors import MislabelledDocument

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
WIDE = {"cp932", "gb18030", "big5", "euc_jp", "euc_kr"}
LIKELY = ["cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "koi8_r", *sorted(WIDE)]
CENTRAL_EUROPEAN = {"cs", "hr", "hu", "pl", "ro", "sk", "sl", "sq"}
MIN_TELLING_LETTERS = 2
SAMPLE = 65_536
MAX_CONTROL_SHARE = 0.06
MAX_PATCHED_SHARE = 0.2
CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\x1b"))
HIGH = bytes(range(128, 256))
UTF8_CHARACTERS = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe1-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\^_])")
UNWANTED = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u2060\ufeff\ufffd-\uffff]")
LINE_ENDS = re.compile("\r\n?|[\x85\u2028\u2029]")
WESTERN_SIGNS = set("“”‘’„‚–—…•€£¥§©®°«»·×÷±²³½¼¾¿¡™†‡‰ºª´¨\xa0\xad")


def looks_written(head: bytes) -> bool:
    """Whether these bytes can be text in some encoding, so that no binary is read as text."""
    if head.startswith(tuple(mark for mark, _ in BOMS)) or _utf16_without_mark(head):
        return True
    controls = len(head) - len(head.translate(None, CONTROLS))
    return controls <= MAX_CONTROL_SHARE * len(head)


def decode(data: bytes) -> str:
    """The text, with Unix line ends; raises MislabelledDocument when no encoding fits."""
    return tidy(_decoded(data))


def tidy(text: str) -> str:
    """Without escape codes, control characters, byte order marks and replacement characters."""
    return UNWANTED.sub("", ESCAPES.sub("", LINE_ENDS.sub("\n", text)))


def _decoded(data: bytes) -> str:
    for mark, name in BOMS:
        if data.startswith(mark):
            return data.decode(name, errors="ignore")
    if wide := _utf16_without_mark(data[:SAMPLE]):
        return data.decode(wide, errors="ignore")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _legacy(data)


def _utf16_without_mark(head: bytes) -> str | None:
    """NUL in nearly every second byte means Latin text in UTF-16."""
    half = len(head) // 2
    if half < 2:
        return None
    if head[1::2].count(0) > 0.7 * half and head[::2].count(0) < 0.05 * half:
        return "utf-16-le"
    if head[::2].count(0) > 0.7 * half and head[1::2].count(0) < 0.05 * half:
        return "utf-16-be"
    return None


def _legacy(data: bytes) -> str:
    if _mostly_utf8(data):
        return _patched(data)
    name = _guess(data[:SAMPLE])
    if name is not None:
        try:
            return data.decode(name, errors="strict" if len(data) <= SAMPLE else "replace")
        except UnicodeDecodeError:
            name = None
    high = len(data) - len(data.translate(None, HIGH))
    if high > MAX_PATCHED_SHARE * len(data):
        raise MislabelledDocument("I cannot tell the encoding of this text. Save it as UTF-8 and upload it again.")
    return _patched(data)


def _mostly_utf8(data: bytes) -> bool:
    """Some characters are sound UTF-8 of several bytes: a file of mixed origin rather than one legacy encoding."""
    head = data[:SAMPLE]
    sound = sum(map(len, UTF8_CHARACTERS.findall(head)))
    high = len(head) - len(head.translate(None, HIGH))
    return sound > 0.8 * high or (sound > 0.2 * high and _is_ascii_text(head))


def _is_ascii_text(data: bytes) -> bool:
    return len(data.translate(None, HIGH)) > 0.6 * len(data)


def _patched(data: bytes) -> str:
    """UTF-8 where it is sound, Windows Western for each byte that is not."""
    return data.decode("utf-8", errors="studyrag-western")


def _western(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.start + 1].decode("cp1252", errors="ignore"), error.start + 1


codecs.register_error("studyrag-western", _western)


def _guess(data: bytes) -> str | None:
    """The most coherent of the encodings in use; Western and Central European are told apart by the language."""
    best = from_bytes(data, cp_isolation=LIKELY).best()
    if best is None:
        return None
    if best.encoding in WIDE and _isolated_high_bytes(data):
        return "cp1252" if _plausibly_western(data) else None
    if best.encoding in {"cp1250", "cp1252"}:
        return "cp1250" if _is_central_european(data) or not _plausibly_western(data) else "cp1252"
    return best.encoding


def _isolated_high_bytes(data: bytes) -> bool:
    """Accented letters stand alone between ASCII letters; East Asian characters come in runs of high bytes."""
    runs = re.findall(rb"[\x80-\xff]+", data)
    return bool(runs) and sum(len(run) == 1 for run in runs) > 0.8 * len(runs) and _is_ascii_text(data)


def _is_central_european(data: bytes) -> bool:
    """Several letters that the two code pages read differently, and a language that is written with them."""
    central, western = data.decode("cp1250", errors="replace"), data.decode("cp1252", errors="replace")
    if len({a for a, b in zip(central, western, strict=True) if a != b}) < MIN_TELLING_LETTERS:
        return False
    DetectorFactory.seed = 0
    try:
        return detect(central[:5000]) in CENTRAL_EUROPEAN
    except LangDetectException:
        return False


def _plausibly_western(data: bytes) -> bool:
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return False
    high = [c for c in text if ord(c) > 127]
    fine = sum(unicodedata.category(c) in {"Ll", "Lu"} or c in WESTERN_SIGNS for c in high)
    return fine >= 0.9 * len(high) and len(high) < 0.3 * len(text)
