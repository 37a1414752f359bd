"""A file out of storage as an HTTP answer: whole, in part, or not at all because the client has it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formatdate
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.responses import Response, StreamingResponse

from ttsqueue.api.byte_range import RangeNotSatisfiable, wanted_range
from ttsqueue.api.problems import problem
from ttsqueue.storage import Storage, StoredFile, media_type

_FOREVER = "private, max-age=31536000, immutable"
"""A file never changes under its id."""


@dataclass(frozen=True, slots=True)
class AudioFile:
    """A file that lies in storage."""

    storage: Storage
    about: StoredFile

    @classmethod
    async def of(cls, storage: Storage, file_id: str) -> AudioFile:
        """FileNotFoundError, AudioError, StoreUnavailable."""
        return cls(storage, await storage.about(file_id))

    @property
    def headers(self) -> dict[str, str]:
        """What every answer about this file says."""
        return {
            "ETag": f'"{self.about.id}"',
            "Last-Modified": formatdate(self.about.modified, usegmt=True),
            "Cache-Control": _FOREVER,
            "Accept-Ranges": "bytes",
            "X-Content-Type-Options": "nosniff",
        }


def audio_answer(file: AudioFile, method: str, asked: Headers, extra: Mapping[str, str]) -> Response:
    """200, 206, 304 or 416, as the headers of the request ask."""
    headers = {**file.headers, **extra}
    if _is_known(asked.get("if-none-match"), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    part = None
    if method == "GET" and asked.get("if-range", headers["ETag"]) in (headers["ETag"], headers["Last-Modified"]):
        try:
            part = wanted_range(asked.get("range"), file.about.size)
        except RangeNotSatisfiable:
            size = f"bytes */{file.about.size}"
            return problem(416, "range_not_satisfiable", "The file is shorter than that.", Content_Range=size)
    return _content(file, method, part, headers)


def _content(file: AudioFile, method: str, part: range | None, headers: dict[str, str]) -> Response:
    sent = range(file.about.size) if part is None else part
    headers["Content-Length"] = str(len(sent))
    if part is not None:
        headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{file.about.size}"
    status, kind = 200 if part is None else 206, media_type(file.about.id)
    if method == "HEAD":
        return Response(status_code=status, headers=headers, media_type=kind)
    return StreamingResponse(file.storage.content(file.about.id, sent), status, headers, kind)


def _is_known(if_none_match: str | None, etag: str) -> bool:
    known = [tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")]
    return etag in known or known == ["*"]


def disposition(file_name: str, *, download: bool) -> str:
    """The Content-Disposition header (RFC 6266); the plain form is for clients that know no other."""
    plain = re.sub(r'[^ -~]|["\\%]', "_", file_name)
    kind = "attachment" if download else "inline"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, safe='')}"
