"""Mono signed 16-bit little-endian PCM, the form in which engines yield speech."""

from __future__ import annotations

from fractions import Fraction

from av import AudioFrame

from ttsqueue.audio.sound import SAMPLE_BYTES


def pcm_frame(pcm: bytes, sample_rate: int, start: int) -> AudioFrame:
    """`pcm` as a frame that begins at sample `start`. Never empty: libav's filters fail on that."""
    frame = AudioFrame(format="s16", layout="mono", samples=len(pcm) // SAMPLE_BYTES)
    frame.sample_rate = sample_rate
    frame.time_base = Fraction(1, sample_rate)
    frame.pts = start
    frame.planes[0].update(pcm)
    return frame
