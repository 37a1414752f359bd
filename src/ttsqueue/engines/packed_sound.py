"""Is it PCM, or sound in a format that nobody asked for? Pure.

What a server calls its sound says little: some call all of it `audio/mpeg`, and MP3 comes as `audio/wav`. So the bytes
themselves are looked at, and the name given to them only says what else they might be.
"""

from __future__ import annotations

from array import array

_BEGINNINGS = (
    (0, b"ID3", "MP3"),
    (0, b"OggS", "Ogg"),
    (0, b"fLaC", "FLAC"),
    (0, b"RF64", "RF64"),
    (0, b"\x1aE\xdf\xa3", "WebM"),
    (4, b"ftyp", "MP4"),
)
"""As samples they would be as loud as speech never begins."""
_TYPES = {"mpeg": "MP3", "mp3": "MP3", "aac": "AAC", "opus": "Ogg", "ogg": "Ogg", "flac": "FLAC", "webm": "WebM",
          "mp4": "MP4", "m4a": "MP4"}  # fmt: skip

# Headers of frames, by ISO/IEC 11172-3, 13818-3 and 13818-7; bit rates of layer III in kbit/s.
_BIT_RATES = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_LOW_BIT_RATES = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_SAMPLE_RATES = (44_100, 48_000, 32_000)
_MPEG_1, _MPEG_2 = 3, 2
_LAYER_3, _AAC = 1, 0

_EVERY = 32
"""Samples, of which one and its neighbour are looked at."""
_FEWEST = 50
"""Pairs of samples, below which chance has a say."""
_LOUD = 10_000
"""Of 32,767, on average. Packed sound has 15,800 and more, floats and big-endian samples 10,800; 138 voices of
espeak-ng stay below 6,000."""
_JUMPY = 1.0
"""Steps from sample to sample, by the loudness: at most 0.7 in those voices, 1.1 to 1.4 in what is packed."""


def packed_format(sound: bytes) -> str | None:
    """The name of the format that these bytes are in; None when they tell of none."""
    for at, beginning, name in _BEGINNINGS:
        if sound.startswith(beginning, at):
            return name
    return _format_of_frames(sound)


def format_in_type(content_type: str) -> str | None:
    """The packed format that a content type in small letters names; None when it names none."""
    return next((name for word, name in _TYPES.items() if word in content_type), None)


def is_noise(sound: bytes) -> bool:
    """Whether these bytes, as PCM, jump about at full scale as speech never does, and anything packed always."""
    samples = array("h", sound[: len(sound) // 2 * 2])
    pairs = list(zip(samples[::_EVERY], samples[1::_EVERY], strict=False))
    loudness = sum(abs(sample) for sample, _ in pairs)
    steps = sum(abs(after - sample) for sample, after in pairs)
    return len(pairs) >= _FEWEST and loudness > _LOUD * len(pairs) and steps > _JUMPY * loudness


def _format_of_frames(sound: bytes) -> str | None:
    """PCM may begin like a frame, but hardly with a second one exactly where the first one ends."""
    length = _frame_length(sound[:6])
    if not length or sound[:2] != sound[length : length + 2] or not _frame_length(sound[length : length + 6]):
        return None
    return "AAC" if _layer(sound) == _AAC else "MP3"


def _frame_length(head: bytes) -> int:
    """In bytes, of a frame of MP3 or AAC; 0 when this is no head of one."""
    if len(head) < 6 or head[0] != 0xFF or head[1] < 0xE0:
        return 0
    if _layer(head) == _AAC and head[1] >= 0xF0:
        return (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
    return _mp3_frame_length(head) if _layer(head) == _LAYER_3 else 0


def _mp3_frame_length(head: bytes) -> int:
    version, bit_rate, sample_rate, padding = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3, head[2] >> 1 & 1
    if version == 1 or bit_rate in (0, 15) or sample_rate == 3:
        return 0
    if version == _MPEG_1:
        return 144_000 * _BIT_RATES[bit_rate] // _SAMPLE_RATES[sample_rate] + padding
    halving = 2 if version == _MPEG_2 else 4
    return 72_000 * _LOW_BIT_RATES[bit_rate] // (_SAMPLE_RATES[sample_rate] // halving) + padding


def _layer(head: bytes) -> int:
    return head[1] >> 1 & 3
