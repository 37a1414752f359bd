"""Sound with a RIFF header, which may lie about everything. Pure."""

from __future__ import annotations

import struct
from dataclasses import dataclass

_CHUNK = struct.Struct("<4sI")
_FORMAT = struct.Struct("<HHIIHH")
_PCM, _EXTENSIBLE = 1, 0xFFFE
_SUBFORMAT = slice(24, 26)
_RATES = range(8_000, 192_001)
_NOT_KNOWN = 2**30
"""Bytes of samples. Who streams writes 0, or a number from here on."""
_HEADER = 64
"""Bytes. Some count it as sound."""


@dataclass(frozen=True, slots=True)
class Wav:
    """Signed 16-bit little-endian samples, the channels in turn."""

    pcm: bytes
    rate: int
    channels: int
    is_whole: bool
    """Whether as much came as was announced."""


def is_wav(sound: bytes) -> bool:
    return sound[:4] == b"RIFF" and sound[8:12] == b"WAVE"


def read_wav(sound: bytes) -> Wav:
    """ValueError with what is wrong."""
    form, at = b"", 12
    while at + _CHUNK.size <= len(sound):
        name, size = _CHUNK.unpack_from(sound, at)
        at += _CHUNK.size
        if name == b"fmt ":
            form = sound[at : at + min(size, 40)]
        elif name == b"data":
            return _samples(form, sound[at : at + size] if size else sound[at:], size)
        at += size + size % 2
    raise ValueError("it is a WAV file without sound")


def _samples(form: bytes, data: bytes, announced: int) -> Wav:
    if len(form) < _FORMAT.size:
        raise ValueError("it is a WAV file that does not say what it holds")
    kind, channels, rate, _, _, bits = _FORMAT.unpack_from(form)
    if kind == _EXTENSIBLE:
        kind = int.from_bytes(form[_SUBFORMAT], "little")
    if kind != _PCM or bits != 16 or channels not in (1, 2) or rate not in _RATES:
        raise ValueError(f"it is a WAV file of kind {kind} with {channels} channels of {bits} bits at {rate} Hz")
    frame = 2 * channels
    is_whole = announced >= _NOT_KNOWN or len(data) + _HEADER >= announced
    return Wav(data[: len(data) // frame * frame], rate, channels, is_whole)
