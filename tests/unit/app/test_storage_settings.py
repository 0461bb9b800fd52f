"""Settings of the store of files that cannot work do not start."""

import subprocess
import sys
from base64 import b64encode

import pytest
from pydantic import ValidationError

from app.settings import Settings
from app.storage.local import LocalStorage
from app.storage.s3 import S3Storage
from app.wiring import Services

ONE, OTHER = (b64encode(bytes([n]) * 32).decode() for n in range(2))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"S3_ENDPOINT_URL": "http://127.0.0.1:9"}, "set S3_BUCKET"),
        ({"S3_BUCKET": "b", "S3_ENDPOINT_URL": "http://127.0.0.1:9"}, "set AWS_ACCESS_KEY_ID"),
        ({"S3_BUCKET": "b", "S3_KMS_KEY_ID": "k"}, "S3_SERVER_SIDE_ENCRYPTION=aws:kms"),
        ({"S3_BUCKET": "b", "S3_SERVER_SIDE_ENCRYPTION": "rot13"}, "AES256"),
        ({"AWS_ACCESS_KEY_ID": "a"}, "AWS_SECRET_ACCESS_KEY"),
        ({"STUDYRAG_STORAGE_KEY": "too short"}, "openssl rand -base64 32"),
        ({"STUDYRAG_STORAGE_KEY": f"{ONE},{OTHER[:-8]}"}, "openssl rand -base64 32"),
    ],
)
def test_what_cannot_work_says_what_to_set(
    settings: dict[str, str], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError, match=words):
        Settings()


def test_the_first_key_and_the_others_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STUDYRAG_STORAGE_KEY", f"{ONE}, {OTHER}")
    assert Settings().storage_keys == (bytes(32), bytes([1]) * 32)
    assert ONE not in repr(Settings())


def test_files_lie_where_the_settings_say(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(Services(Settings()).objects, LocalStorage)
    for name in ("S3_BUCKET", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "books")
    monkeypatch.setenv("S3_ENDPOINT_URL", "http://127.0.0.1:9")
    assert isinstance(Services(Settings()).objects, S3Storage)


def test_without_a_bucket_nothing_of_amazon_s_is_loaded() -> None:
    look = """
import sys
import app.worker
from app.settings import Settings
from app.wiring import Services
Services(Settings()).storage.list("users")
print(*{"boto3", "botocore"} & set(sys.modules))
"""
    looked = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert looked.stdout.strip() == ""
