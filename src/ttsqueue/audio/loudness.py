"""How loud a chapter is (EBU R 128), and the one gain that brings it to the level of all others."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import av
from av.filter import Graph
from av.frame import Frame

from ttsqueue.audio.pcm import pcm_frame
from ttsqueue.audio.sound import SAMPLE_BYTES

TARGET_LUFS = -18.0
CEILING = 0.891  # -1 dBFS: room for what lossy decoders add between the samples
_MOST_GAIN = 30.0  # dB; what is quieter than that is noise, not speech
_NOTHING_MEASURED = -70.0  # the absolute gate of EBU R 128, and what ebur128 says for silence


@dataclass(frozen=True, slots=True)
class Level:
    """What was measured: LUFS (None if too short or silent) and the highest sample, 1.0 being full scale."""

    loudness: float | None
    peak: float
    silent: bool


@dataclass(frozen=True, slots=True)
class Gain:
    """What is done to every sample: `decibels` up or down, peaks held below the ceiling if `limited`."""

    decibels: float
    limited: bool


def gain_for(level: Level) -> Gain:
    """One linear gain to the target; the limiter only where a peak would pass the ceiling."""
    if level.loudness is None:
        return Gain(0.0, limited=False)
    decibels = min(TARGET_LUFS - level.loudness, _MOST_GAIN)
    return Gain(decibels, limited=level.peak * 10 ** (decibels / 20) > CEILING)


class LoudnessMeter:
    """Measures mono PCM as it streams by."""

    def __init__(self, sample_rate: int) -> None:
        self._rate = sample_rate
        self._samples = 0
        self._silent = True
        self._last: Frame | None = None
        self._graph = Graph()
        self._graph.link_nodes(
            self._graph.add_abuffer(
                sample_rate=sample_rate, format="s16", layout="mono", time_base=Fraction(1, sample_rate)
            ),
            self._graph.add("ebur128", "metadata=1:peak=sample:framelog=quiet"),
            self._graph.add("abuffersink"),
        ).configure()

    def add(self, pcm: bytes) -> None:
        """Take in whole samples."""
        if not pcm:
            return
        self._silent = self._silent and pcm.count(0) == len(pcm)
        self._graph.push(pcm_frame(pcm, self._rate, self._samples))
        self._samples += len(pcm) // SAMPLE_BYTES
        self._drain()

    def result(self) -> Level:
        """Ends the measurement."""
        # Only whole tenths of a second are measured: fill up the last one.
        self.add(bytes(-self._samples % (self._rate // 10) * SAMPLE_BYTES))
        if self._silent or self._last is None:
            return Level(None, 0.0, silent=True)
        found = self._last.metadata
        loudness = float(found["lavfi.r128.I"])
        peak = float(found["lavfi.r128.sample_peak"])
        return Level(loudness if loudness > _NOTHING_MEASURED else None, peak, silent=False)

    def _drain(self) -> None:
        while True:
            try:
                self._last = self._graph.pull()
            except av.BlockingIOError:
                return
