"""Is this sound what the text should sound like? Pure, and careful: only what cannot be right is refused."""

from __future__ import annotations

from array import array

from ttsqueue.text import has_words

_FASTEST = 80.0
"""Characters per second; twice what a voice at double speed manages."""
_SLOWEST = 0.5
_SHORTEST_TEXT = 20
"""Below that a word may take any time."""
_LEAD = 10.0
"""Seconds of silence and breath that any text may have."""
_QUIET = 100
"""Of 32,767: nobody hears it."""
_SPARSE = 0.02
"""Share of tenths of a second that must be louder."""


def fault_of(pcm: bytes, text: str, sample_rate: int) -> str | None:
    """What is wrong with mono signed 16-bit little-endian PCM for this text; None if nothing is."""
    if not has_words(text):
        return None
    if len(pcm) < 2:
        return "there was no sound"
    seconds = len(pcm) / 2 / sample_rate
    if len(text) >= _SHORTEST_TEXT and seconds < len(text) / _FASTEST:
        return f"the sound is far too short ({seconds:.1f} s)"
    if seconds > longest_seconds(text):
        return f"the sound is far too long ({seconds:.0f} s)"
    return "the sound is silence" if _is_silent(pcm, sample_rate) else None


def longest_seconds(text: str) -> float:
    """More than this is no speech of that text."""
    return _LEAD + len(text) / _SLOWEST


def _is_silent(pcm: bytes, sample_rate: int) -> bool:
    samples = array("h", pcm[: len(pcm) // 2 * 2])
    step = sample_rate // 10
    parts = range(0, len(samples), step)
    loud = sum(max(samples[at : at + step]) > _QUIET for at in parts)
    return loud < _SPARSE * len(parts)
