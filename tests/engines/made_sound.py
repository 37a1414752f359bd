"""Sound as TTS servers send it, right and wrong."""

from __future__ import annotations

import math
import random
import struct
from collections.abc import Callable
from functools import cache

RATE = 24_000
NOISE = random.Random(7).randbytes(60_000)
"""As packed sound looks to whoever takes it for PCM."""


@cache
def _period(loudness: int) -> bytes:
    return b"".join(struct.pack("<h", int(loudness * math.sin(2 * math.pi * at / 100))) for at in range(100))


def tone(length: float, loudness: int = 8000, rate: int = RATE) -> bytes:
    """So many seconds of PCM, of a hundred samples to a wave."""
    return _period(loudness) * int(length * rate / 100)


def wav(
    pcm: bytes, rate: int = RATE, channels: int = 1, size: int | None = None, bits: int = 16, kind: int = 1
) -> bytes:
    """With a chunk that nobody needs in front."""
    form = struct.pack("<HHIIHH", kind, channels, rate, rate * channels * 2, channels * 2, bits)
    size = len(pcm) if size is None else size
    chunks = b"LIST" + struct.pack("<I", 5) + b"hello\0" + b"fmt " + struct.pack("<I", 16) + form
    return b"RIFF\xff\xff\xff\xffWAVE" + chunks + b"data" + struct.pack("<I", size) + pcm


def stereo(pcm: bytes) -> bytes:
    return b"".join(pcm[at : at + 2] * 2 for at in range(0, len(pcm), 2))


def mp3_frames(head: bytes, length: int) -> bytes:
    """Of silence."""
    return (head + bytes(length - len(head))) * 40


def odd(kind: str, spoken: bytes) -> bytes:
    """What is sent instead of `spoken`; itself, when there is nothing odd about it."""
    kinds: dict[str, Callable[[], bytes]] = {
        "silent": lambda: tone(2, 0),
        "silent-wav": lambda: wav(tone(2, 0)),
        "empty": lambda: b"",
        "short": lambda: tone(0.01),
        "stereo": lambda: wav(stereo(spoken), channels=2),
        "streamed-wav": lambda: wav(spoken, size=0xFFFFFFFF),
        "sizeless-wav": lambda: wav(spoken, size=0),
        "broken-wav": lambda: wav(spoken[: len(spoken) // 20 * 6], size=len(spoken)),
        "headless-wav": lambda: b"RIFF\0\0\0\0WAVE",
        "tiny-wav": lambda: b"RIFF\0\0\0\0WAVEdata\xff\xff\xff\xff\0\0",
        "float-wav": lambda: wav(spoken, bits=32, kind=3),
        "rateless-wav": lambda: wav(spoken, rate=0),
        "crowded-wav": lambda: wav(spoken, channels=255),
        "mp3": lambda: mp3_frames(b"\xff\xfb\x90\x00", 417),
    }
    return kinds[kind]() if kind in kinds else spoken
