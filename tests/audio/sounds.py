"""Sound made in code, and an independent decoder to listen to results."""

from __future__ import annotations

import array
import math
import random
import shutil
import subprocess
from pathlib import Path

import av

RATE = 22050


def tone(seconds: float, level: float = 0.1, rate: int = RATE) -> bytes:
    """A sine of 1 kHz; `level` is its peak, 1.0 being full scale."""
    step = 2 * math.pi * 1000 / rate
    return array.array("h", (round(32767 * level * math.sin(step * i)) for i in range(int(seconds * rate)))).tobytes()


def noise(seconds: float, level: float = 0.1) -> bytes:
    """White noise, always the same."""
    chance = random.Random(7)
    most = int(32767 * level)
    return array.array("h", (chance.randint(-most, most) for _ in range(int(seconds * RATE)))).tobytes()


def silence(seconds: float) -> bytes:
    return bytes(2 * int(seconds * RATE))


def heard(path: Path, rate: int = RATE) -> array.array[int]:
    """What a player plays: decoded by the system's ffmpeg where there is one, else by PyAV."""
    if shutil.which("ffmpeg"):
        command = [
            "ffmpeg",
            "-v",
            "error",
            "-i",
            str(path),
            "-map",
            "0:a",
            "-f",
            "s16le",
            "-ac",
            "1",
            "-ar",
            str(rate),
            "-",
        ]
        done = subprocess.run(command, capture_output=True, check=True)
        assert done.stderr == b""
        return array.array("h", done.stdout)
    return array.array("h", _decoded(path, rate))


def _decoded(path: Path, rate: int) -> bytes:
    resampler = av.AudioResampler("s16", "mono", rate)
    with av.open(str(path)) as source:
        frames = [*source.decode(source.streams.audio[0])]
    return b"".join(bytes(out.planes[0])[: 2 * out.samples] for frame in frames for out in resampler.resample(frame))


def peak(samples: array.array[int]) -> float:
    return max(map(abs, samples), default=0) / 32768


def onset_after(samples: array.array[int], second: float, rate: int = RATE) -> float:
    """Where sound begins near `second`, looked for from 0.2 s before it."""
    first = max(0, int((second - 0.2) * rate))
    return next(i for i in range(first, len(samples)) if abs(samples[i]) > 2000) / rate
