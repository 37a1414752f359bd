"""Sound made to fit: one channel, the rate that is wanted, another pace."""

from __future__ import annotations

from fractions import Fraction

import av
from av.filter import Graph

_SAMPLE_BYTES = 2
_SLOWEST = 0.5
"""That FFmpeg's atempo takes."""


def fitted(pcm: bytes, rate: int, wanted_rate: int, *, channels: int = 1, tempo: float = 1.0) -> bytes:
    """Mono signed 16-bit little-endian PCM at `wanted_rate`, `tempo` times as fast at the same pitch."""
    samples = len(pcm) // _SAMPLE_BYTES // channels
    if not samples or (rate == wanted_rate and channels == 1 and tempo == 1.0):
        return pcm
    layout = "mono" if channels == 1 else "stereo"
    graph = Graph()
    source = graph.add_abuffer(format="s16", sample_rate=rate, layout=layout, time_base=Fraction(1, rate))
    steps = [source]
    if tempo != 1.0:
        steps.append(graph.add("atempo", f"{max(tempo, _SLOWEST):.4f}"))
    steps += [
        graph.add("aformat", f"sample_fmts=s16:channel_layouts=mono:sample_rates={wanted_rate}"),
        graph.add("abuffersink"),
    ]
    graph.link_nodes(*steps).configure()
    graph.push(_frame(pcm, samples, rate, layout))
    graph.push(None)
    return _drained(graph)


def _frame(pcm: bytes, samples: int, rate: int, layout: str) -> av.AudioFrame:
    frame = av.AudioFrame(format="s16", layout=layout, samples=samples)
    frame.sample_rate = rate
    frame.time_base = Fraction(1, rate)
    frame.pts = 0
    frame.planes[0].update(pcm[: samples * frame.layout.nb_channels * _SAMPLE_BYTES])
    return frame


def _drained(graph: Graph) -> bytes:
    sound = bytearray()
    while True:
        try:
            frame = graph.pull()
        except (av.EOFError, av.BlockingIOError):
            return bytes(sound)
        assert isinstance(frame, av.AudioFrame)  # noqa: S101 - it is an abuffersink
        sound += bytes(frame.planes[0])[: frame.samples * _SAMPLE_BYTES]
