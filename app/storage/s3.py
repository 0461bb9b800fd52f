"""Originals and page images in a bucket of S3, or of a server that speaks its protocol."""

import weakref
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import file_digest, sha256
from http import HTTPStatus
from pathlib import Path
from typing import Any, BinaryIO

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, PartialCredentialsError

from app.outage import Outage
from app.settings import Settings
from app.storage import files
from app.storage.copies import Copies
from app.storage.keys import is_key
from tools.errors import DamagedFile, NotFound, StorageFull, StorageUnavailable, StudyError

PART = 16 << 20
"""An object larger than this is sent in parts of this size."""
LINK_SECONDS = 300
CONNECT_SECONDS, READ_SECONDS, TRIES = 3, 8, 3
RESUMED = 3
ABANDONED = timedelta(days=1)
NO_BUCKET = "The bucket of the file store does not exist: its operator must make it, or correct S3_BUCKET."
NO_KEYS = "There are no keys for the file store: its operator must set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
UNABLE = "The file store cannot do what is asked of it: its operator must look at S3_SERVER_SIDE_ENCRYPTION."
REFUSED = "The file store refuses this server: its operator must correct its keys or rights."
UNWELL = {500, 502, 503, 504}
"""A store that answers so is as good as away."""
DIGEST = "sha256"
"""The name of an object's own digest in its metadata; files that others put there have none."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """Where the objects are, and as whom they are asked for; what is empty is found as boto3 finds it."""

    name: str
    endpoint_url: str = ""
    public_url: str = ""
    """Where browsers reach the same store; empty: links are not given."""
    region: str = ""
    access_key_id: str = ""
    secret_access_key: str = field(default="", repr=False)
    session_token: str = field(default="", repr=False)
    encryption: str = ""
    """Of the server: `AES256` or `aws:kms`."""
    kms_key_id: str = ""

    def client(self, endpoint_url: str) -> Any:
        """A client with bounded patience; it may be used by many threads."""
        return boto3.client(
            "s3",
            endpoint_url=endpoint_url or None,
            region_name=self.region or ("us-east-1" if endpoint_url else None),
            aws_access_key_id=self.access_key_id or None,
            aws_secret_access_key=self.secret_access_key or None,
            aws_session_token=self.session_token or None,
            config=_config("path" if endpoint_url else "auto"),
        )

    @property
    def encrypted(self) -> dict[str, str]:
        """What a request says about the server's encryption."""
        asked = {"ServerSideEncryption": self.encryption, "SSEKMSKeyId": self.kms_key_id}
        return {name: value for name, value in asked.items() if value}


def bucket_of(settings: Settings) -> Bucket:
    """The bucket that is configured."""
    return Bucket(
        settings.s3_bucket,
        settings.s3_endpoint_url,
        settings.s3_public_url,
        settings.aws_region,
        settings.aws_access_key_id,
        settings.aws_secret_access_key.get_secret_value(),
        settings.aws_session_token.get_secret_value(),
        settings.s3_server_side_encryption,
        settings.s3_kms_key_id,
    )


def _config(addressing: str) -> Config:
    return Config(
        signature_version="s3v4",
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": TRIES},
        max_pool_connections=32,
        s3={"addressing_style": addressing},
        # We send SHA-256 ourselves; what boto3 would add by itself not every server understands.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )


class S3Storage:
    """Implements tools.ports.Storage; what was put or copied here can be read on while the store is away."""

    def __init__(self, bucket: Bucket, copies: Copies) -> None:
        self._bucket = bucket
        self._copies = copies
        self._client = bucket.client(bucket.endpoint_url)
        self._public = bucket.client(bucket.public_url) if bucket.public_url else None
        weakref.finalize(self, self._client.close)  # a link needs no connection, so the other client has none
        self._outage = Outage("the store of files")

    def put(self, key: str, content: BinaryIO) -> None:
        """Store what is left to read, all of it or nothing; the store compares each part with its SHA-256."""
        _check(key)
        with self._copies.temporary() as path:
            files.write(path, content)
            with self._asking():
                version = self._send(key, path)
            with self._copies.kept(path, key, version):
                pass

    def stream(self, key: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes from `start` up to `end`, in blocks; of a copy while the store is away. Raises NotFound at once."""
        _check(key)
        try:
            if end is not None and end <= start:  # S3 knows no empty range
                self._head(key)
                return iter(())
            return self._blocks(key, self._get(key, start, end), start, end)
        except StorageUnavailable:
            with self._copies.held(key) as path:
                if path is None:
                    raise
                return files.blocks(path, start, end)

    @contextmanager
    def local_copy(self, key: str) -> Iterator[Path]:
        """The copy on this machine, fetched and compared with its digest when it is not the newest version."""
        _check(key)
        with ExitStack() as held:
            yield self._held(key, held)

    def delete(self, key: str) -> None:
        """Remove an object; one that is not there is no error."""
        if is_key(key):
            with self._asking():
                self._client.delete_object(Bucket=self._bucket.name, Key=key)
            self._copies.drop(key)

    def list(self, folder: str) -> Sequence[str]:
        """The keys below a folder, in order; what consoles make to show an empty folder is none."""
        if not is_key(folder):
            return []
        found: list[str] = []
        with self._asking():
            pages = self._client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self._bucket.name, Prefix=f"{folder}/"):
                found += [one["Key"] for one in page.get("Contents", ())]
        return sorted(key for key in found if is_key(key))

    def link(self, key: str, media_type: str, disposition: str) -> str | None:
        """Signed, for LINK_SECONDS; None unless browsers can reach the store."""
        if self._public is None:
            return None
        asked = {"ResponseContentType": media_type, "ResponseContentDisposition": disposition}
        url: str = self._public.generate_presigned_url(
            "get_object", {"Bucket": self._bucket.name, "Key": key, **asked}, LINK_SECONDS
        )
        return url

    def check(self) -> str:
        """Which bucket answers. Raises StorageUnavailable."""
        with self._asking():
            try:
                self._client.head_bucket(Bucket=self._bucket.name)
            except ClientError as error:
                if _status(error) == HTTPStatus.NOT_FOUND:
                    raise StorageUnavailable(NO_BUCKET) from error
                raise
        return f"bucket {self._bucket.name}"

    def sweep(self) -> None:
        """Remove the parts of uploads that nobody will finish: they cost as much as objects."""
        self._copies.sweep()
        long_ago = datetime.now(UTC) - ABANDONED
        with self._asking():
            for one in self._unfinished():
                if one["Initiated"] < long_ago:
                    self._abort(one["Key"], one["UploadId"])

    def _held(self, key: str, held: ExitStack) -> Path:
        try:
            version = self._head(key)["ETag"]
        except StorageUnavailable:
            path = held.enter_context(self._copies.held(key))
            if path is None:
                raise
            return path
        return held.enter_context(self._copies.held(key, version)) or self._fetched(key, held)

    def _fetched(self, key: str, held: ExitStack) -> Path:
        reply = self._get(key, 0, None)
        assert reply is not None
        path = held.enter_context(self._copies.temporary())
        if reply["Metadata"].get(DIGEST) not in (None, _written(path, self._blocks(key, reply, 0, None))):
            raise DamagedFile
        return held.enter_context(self._copies.kept(path, key, reply["ETag"]))

    def _send(self, key: str, path: Path) -> str:
        """Returns the version."""
        with path.open("rb") as file:
            digest = file_digest(file, "sha256")
            file.seek(0)
            described = {"Metadata": {DIGEST: digest.hexdigest()}, **self._bucket.encrypted}
            if path.stat().st_size > PART:
                return self._send_parts(key, file, described)
            checksum = b64encode(digest.digest()).decode()
            reply = self._client.put_object(
                Bucket=self._bucket.name, Key=key, Body=file, ChecksumSHA256=checksum, **described
            )
        return str(reply["ETag"])

    def _send_parts(self, key: str, file: BinaryIO, described: dict[str, Any]) -> str:
        place = {"Bucket": self._bucket.name, "Key": key}
        upload = self._client.create_multipart_upload(**place, ChecksumAlgorithm="SHA256", **described)["UploadId"]
        try:
            parts = [self._send_part(place, upload, n, sent) for n, sent in enumerate(_parts(file), start=1)]
            done = self._client.complete_multipart_upload(**place, UploadId=upload, MultipartUpload={"Parts": parts})
        except BaseException:
            self._abort(key, upload)
            raise
        return str(done["ETag"])

    def _send_part(self, place: dict[str, str], upload: str, n: int, sent: bytes) -> dict[str, Any]:
        checksum = b64encode(sha256(sent).digest()).decode()
        reply = self._client.upload_part(**place, UploadId=upload, PartNumber=n, Body=sent, ChecksumSHA256=checksum)
        return {"PartNumber": n, "ETag": reply["ETag"], "ChecksumSHA256": checksum}

    def _unfinished(self) -> Iterator[dict[str, Any]]:
        """Uploads in parts; none where the server does not list them, and then removes them itself."""
        pages = self._client.get_paginator("list_multipart_uploads")
        try:
            for page in pages.paginate(Bucket=self._bucket.name, Prefix="users/"):  # the bucket may be shared
                yield from page.get("Uploads", ())
        except ClientError as error:
            if _status(error) != HTTPStatus.NOT_IMPLEMENTED:
                raise

    def _abort(self, key: str, upload: str) -> None:
        with suppress(ClientError, BotoCoreError):  # the next sweep finds it
            self._client.abort_multipart_upload(Bucket=self._bucket.name, Key=key, UploadId=upload)

    def _get(self, key: str, start: int, end: int | None, version: str | None = None) -> dict[str, Any] | None:
        """The reply to a request for this range, of this version if one is given; None behind the end of the object."""
        asked: dict[str, Any] = {"IfMatch": version} if version else {}
        if start or end is not None:
            asked["Range"] = f"bytes={start}-{'' if end is None else end - 1}"
        with self._asking():
            try:
                reply: dict[str, Any] = self._client.get_object(Bucket=self._bucket.name, Key=key, **asked)
            except ClientError as error:
                if _status(error) != HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                    raise
                return None
        return reply

    def _head(self, key: str) -> dict[str, Any]:
        with self._asking():
            reply: dict[str, Any] = self._client.head_object(Bucket=self._bucket.name, Key=key)
        return reply

    def _blocks(self, key: str, reply: dict[str, Any] | None, start: int, end: int | None) -> Iterator[bytes]:
        """What a reply brings; one that breaks off is gone on with where it broke, if the object is still the same."""
        at, breaks = start, 0
        while reply is not None:
            try:
                with closing(reply["Body"]) as body:
                    for block in body.iter_chunks(files.BLOCK):
                        at += len(block)
                        yield block
                return
            except BotoCoreError as error:
                breaks += 1
                if breaks > RESUMED:
                    raise StorageUnavailable from error
                reply = self._get(key, at, end, reply["ETag"])

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """Raises what the store's errors mean, and StorageUnavailable without asking while it is known to be away."""
        if self._outage.spares():
            raise StorageUnavailable
        try:
            yield
        except ClientError as error:
            self._hear(error)
            raise _meaning(error) from error
        except (NoCredentialsError, PartialCredentialsError) as error:
            self._outage.ends()
            raise StorageUnavailable(NO_KEYS) from error
        except BotoCoreError as error:
            self._outage.begins(_unnamed(error))
            raise StorageUnavailable from error
        self._outage.ends()

    def _hear(self, error: ClientError) -> None:
        """A store that says what is wrong is there, unless it says that it is not well."""
        if _status(error) in UNWELL and isinstance(_meaning(error), StorageUnavailable):
            self._outage.begins(_unnamed(error))
        else:
            self._outage.ends()


def _unnamed(error: Exception) -> Exception:
    """For the log: what went wrong, without the key, in which there are a learner's own words."""
    return ConnectionError(type(error).__name__)


def _check(key: str) -> None:
    if not is_key(key):
        raise NotFound


def _status(error: ClientError) -> int:
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


def _meaning(error: ClientError) -> StudyError:
    match error.response.get("Error", {}).get("Code"), _status(error):
        case "NoSuchBucket", _:
            return StorageUnavailable(NO_BUCKET)
        case _, HTTPStatus.NOT_FOUND:
            return NotFound()
        case _, HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN:
            return StorageUnavailable(REFUSED)
        case "BadDigest" | "InvalidDigest" | "XAmzContentChecksumMismatch" | "XAmzContentSHA256Mismatch", _:
            return DamagedFile("This file did not reach the store as it was sent. Please upload it again.")
        case "QuotaExceeded" | "XMinioStorageFull" | "XMinioAdminBucketQuotaExceeded", _:
            return StorageFull()
        case _, HTTPStatus.INSUFFICIENT_STORAGE:
            return StorageFull()
        case _, HTTPStatus.NOT_IMPLEMENTED:
            return StorageUnavailable(UNABLE)
    return StorageUnavailable()


def _parts(file: BinaryIO) -> Iterator[bytes]:
    while part := file.read(PART):
        yield part


def _written(path: Path, blocks: Iterator[bytes]) -> str:
    """The digest of what was written."""
    digest = sha256()
    with files.full_disk_is_an_error(), path.open("wb") as file:
        for block in blocks:
            digest.update(block)
            file.write(block)
    return digest.hexdigest()
