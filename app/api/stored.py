"""A stored object as an HTTP reply: whole, or the one range of it that was asked for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import RedirectResponse, Response, StreamingResponse

from tools.ports import Storage

_RANGE = re.compile(r"bytes=(?=.*\d)(\d*)-(\d*)")


@dataclass(frozen=True, slots=True)
class Stored:
    """An object that never changes under its tag; `size` in bytes."""

    key: str
    size: int
    tag: str
    media_type: str


def reply(storage: Storage, stored: Stored, asked: Request, headers: Mapping[str, str]) -> Response:
    """200 with everything, 206 with the range, 416 for a range behind the end; 307 to a store that browsers reach.

    `headers` hold the Content-Disposition. Raises NotFound.
    """
    if link := storage.link(stored.key, stored.media_type, headers["Content-Disposition"]):
        return RedirectResponse(link, 307, {"Cache-Control": "no-store"})
    tag = f'"{stored.tag}"'
    shared = {**headers, "Accept-Ranges": "bytes", "ETag": tag}
    wanted = asked.headers.get("range") if asked.headers.get("if-range", tag) == tag else None
    match = _RANGE.fullmatch(wanted or "")
    if match is None:
        shared["Content-Length"] = str(stored.size)
        return StreamingResponse(storage.stream(stored.key), 200, shared, stored.media_type)
    start, end = _span(match[1], match[2], stored.size)
    if start >= end:
        return Response(status_code=416, headers={**shared, "Content-Range": f"bytes */{stored.size}"})
    shared |= {"Content-Range": f"bytes {start}-{end - 1}/{stored.size}", "Content-Length": str(end - start)}
    return StreamingResponse(storage.stream(stored.key, start, end), 206, shared, stored.media_type)


def _span(first: str, last: str, size: int) -> tuple[int, int]:
    """From where up to where; `-500` are the last 500 bytes."""
    if not first:
        return max(size - int(last), 0), size
    return int(first), min(int(last) + 1, size) if last else size


def disposition(kind: str, filename: str) -> str:
    """The Content-Disposition header for a name in any script."""
    quoted = quote(filename)
    return f'{kind}; filename="{filename}"' if quoted == filename else f"{kind}; filename*=utf-8''{quoted}"
