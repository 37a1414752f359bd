"""Decoding a picture and encoding it anew, smaller."""

from __future__ import annotations

from fractions import Fraction
from typing import cast

import av
from av import CodecContext, Packet, VideoCodecContext, VideoFrame

from ttsqueue.errors import AudioError


def smaller_jpeg(data: bytes, codec: str, *, max_pixels: int, long_side: int) -> bytes:
    """`codec` is libav's name for the decoder of `data`; sizes in pixels. AudioError if it cannot be decoded."""
    frame = _decode(data, codec, max_pixels)
    scale = min(1.0, long_side / max(frame.width, frame.height))
    encoder = VideoCodecContext.create("mjpeg", "w")
    encoder.width = max(1, round(frame.width * scale))
    encoder.height = max(1, round(frame.height * scale))
    encoder.pix_fmt = "yuvj420p"
    encoder.time_base = Fraction(1)
    encoder.options = {"qmin": "2", "qmax": "4"}
    smaller = frame.reformat(encoder.width, encoder.height, "yuvj420p", interpolation="AREA")
    return b"".join(bytes(packet) for packet in encoder.encode(smaller) + encoder.encode(None))


def _decode(data: bytes, codec: str, max_pixels: int) -> VideoFrame:
    decoder = cast("VideoCodecContext", CodecContext.create(codec, "r"))
    # A second header inside may claim more than the first one, which was checked.
    decoder.options = {"max_pixels": str(max_pixels)}
    try:
        frames = decoder.decode(Packet(data)) + decoder.decode(None)
    except (av.FFmpegError, MemoryError):
        frames = []
    if not frames:
        raise AudioError("The cover is damaged; choose another picture.")
    return frames[0]
