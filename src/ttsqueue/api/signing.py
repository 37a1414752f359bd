"""Addresses of sound that a bare `<audio>` can play: signed, and good for a while."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkstemp
from urllib.parse import quote

from ttsqueue.errors import Forbidden
from ttsqueue.storage.disk import give_name

LIFETIME = 6 * 3600
"""Seconds; a listener who pauses over lunch must not be cut off."""

_STEP = 3600
"""Expiry is rounded up to this many seconds, so that an address stays the same for a while and caches know it."""


@dataclass(frozen=True, slots=True)
class AudioLinks:
    """Makes and checks addresses. `secret` is shared by all API processes of one site."""

    secret: bytes
    public_url: str = ""
    """What the addresses begin with, without a slash at the end; empty for addresses on the same host."""

    def url(self, audio_file_id: str) -> str:
        expires = (int(time.time()) + LIFETIME) // _STEP * _STEP + _STEP
        signature = self._signature(audio_file_id, expires)
        return f"{self.public_url}/api/tts/audio/{quote(audio_file_id)}?expires={expires}&signature={signature}"

    def check(self, audio_file_id: str, expires: int, signature: str) -> None:
        """Forbidden."""
        expected = self._signature(audio_file_id, expires)
        if not hmac.compare_digest(expected.encode(), signature.encode(errors="replace")):
            raise Forbidden("This address was not made by this server; ask for the job again to get a new one.")
        if expires < time.time():
            raise Forbidden("This address has expired; ask for the job again to get a new one.")

    def _signature(self, audio_file_id: str, expires: int) -> str:
        message = f"audio {expires} {audio_file_id}".encode(errors="replace")
        return hmac.new(self.secret, message, hashlib.sha256).hexdigest()[:43]


def load_secret(folder: Path) -> bytes:
    """The site's secret in the data folder, made at the first call; two processes that make it at once agree."""
    path = folder / "secret"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        _make_secret(path)
    return path.read_bytes()


def _make_secret(path: Path) -> None:
    descriptor, name = mkstemp(dir=path.parent, prefix="secret.")  # not by process ids: all containers may have one
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(32))
        with suppress(FileExistsError):
            give_name(draft, path)
    finally:
        draft.unlink(missing_ok=True)
