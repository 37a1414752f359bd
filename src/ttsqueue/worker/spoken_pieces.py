"""Sound of single pieces of text, kept on this machine's disk: a crash then costs the calls under way and no more.

Content-addressed, so that a piece is found again by whoever speaks the same text for the same user in the same way, and
by nobody else: what one user had spoken, another cannot find out by how long it takes.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from ttsqueue.engines.engine import Voice
from ttsqueue.worker.log import log

MOST_BYTES = 2 * 1024**3
"""About twelve hours of speech at 24 kHz."""
LONGEST_KEPT = 7 * 24 * 3600.0
"""Seconds since a piece was last asked for."""

_DIGEST = 32
_SWEEPS = 16
"""By how many parts of the bound it may be passed: this one part."""


@dataclass(slots=True)
class SpokenPieces:
    """Files of PCM in one folder. What cannot be read is spoken again, and a full disk only keeps nothing."""

    folder: Path
    most_bytes: int = MOST_BYTES
    _since_sweep: int = 0

    async def find(self, name: str) -> bytes | None:
        """The sound of the piece of this name; None when it is not there or damaged."""
        return await asyncio.to_thread(self._find, name)

    async def keep(self, name: str, pcm: bytes) -> None:
        """A long book passes the bound by itself: now and then there is a sweep."""
        await asyncio.to_thread(self._keep, name, pcm)
        self._since_sweep += len(pcm)
        if self._since_sweep > self.most_bytes // _SWEEPS:
            await self.sweep()

    async def sweep(self) -> None:
        """Remove what is too old, then what was not asked for for longest, until the rest is small enough."""
        self._since_sweep = 0
        await asyncio.to_thread(self._sweep)

    def _find(self, name: str) -> bytes | None:
        try:
            path = self.folder / name
            content = path.read_bytes()
            path.touch()
        except OSError:
            return None
        digest, pcm = content[:_DIGEST], content[_DIGEST:]
        return pcm if hashlib.sha256(pcm).digest() == digest else None

    def _keep(self, name: str, pcm: bytes) -> None:
        draft = self.folder / f"{uuid4().hex}.draft"
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            draft.write_bytes(hashlib.sha256(pcm).digest() + pcm)
            draft.rename(self.folder / name)
        except OSError as error:
            log.warning("a piece of sound could not be kept: %s", error.strerror)
            with suppress(OSError):
                draft.unlink()

    def _sweep(self) -> None:
        left, oldest = self.most_bytes, time.time() - LONGEST_KEPT
        for path, size, used in self._by_last_use():
            left -= size
            if left < 0 or used < oldest:
                with suppress(OSError):
                    path.unlink()

    def _by_last_use(self) -> list[tuple[Path, int, float]]:
        found = []
        with suppress(OSError):
            for path in self.folder.iterdir():
                with suppress(FileNotFoundError):
                    about = path.stat()
                    found.append((path, about.st_size, about.st_mtime))
        return sorted(found, key=lambda file: file[2], reverse=True)


def piece_name(user_id: str, voice: Voice, sample_rate: int, speed: float, text: str) -> str:
    """By everything that the sound depends on, and by whose it is."""
    parts = (user_id, voice.id, voice.model, voice.language, str(sample_rate), f"{speed:g}", text)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
