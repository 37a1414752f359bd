"""One chapter: PCM is spooled while its loudness is measured, then encoded at the right level."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryFile

import av
from av import AudioFrame
from av.filter import Graph

from ttsqueue.audio.coding import CODINGS, create_file
from ttsqueue.audio.format import AudioFormat
from ttsqueue.audio.loudness import CEILING, Gain, LoudnessMeter, gain_for
from ttsqueue.audio.pcm import pcm_frame
from ttsqueue.audio.sound import SAMPLE_BYTES, ChapterSound

_BLOCK = 128 * 1024  # bytes; memory stays at a few of these for a chapter of any length
_SHORTEST = 0.5  # seconds; players stumble over less, and a chapter without speech is kept as silence


class ChapterFile:
    """Takes the PCM of one chapter and leaves the encoded file at `target`."""

    def __init__(self, target: Path, fmt: AudioFormat, sample_rate: int, temp_folder: Path) -> None:
        self._target = target
        self._coding = CODINGS[fmt]
        self._rate = sample_rate
        self._meter = LoudnessMeter(sample_rate)
        # Has no name from the start: a crash leaves nothing behind.
        self._spool = TemporaryFile(dir=temp_folder)  # noqa: SIM115
        self._size = 0

    def add(self, pcm: bytes) -> None:
        """Take in the next whole samples."""
        self._size += len(pcm)
        self._spool.write(pcm)
        self._spool.flush()  # a full disk shows here, not at the end
        self._meter.add(pcm)

    def finish(self, each_block: Callable[[], None]) -> ChapterSound:
        """Encode, and make sure it is on the disk. `each_block` is called now and then and may raise."""
        level = self._meter.result()
        shortest = int(self._rate * _SHORTEST) * SAMPLE_BYTES
        self._spool.write(bytes(max(0, shortest - self._size)))
        coded_rate = self._coding.coded_rate(self._rate)
        clock = self._coding.clock(coded_rate)
        ticks = self._encode(gain_for(level), coded_rate, each_block)
        return ChapterSound(
            duration=ticks / clock,
            samples=ticks,
            sample_rate=clock,
            loudness=level.loudness,
            silent=level.silent,
            size=flushed_size(self._target),
        )

    def close(self) -> None:
        """Give back the room on the disk."""
        with suppress(OSError):  # what the disk had no room for is not wanted any more
            self._spool.close()

    def _encode(self, gain: Gain, coded_rate: int, each_block: Callable[[], None]) -> int:
        """Returns the ticks that all packets together stand for."""
        samples = packets = 0
        with create_file(self._target, self._coding, self._coding.chapter_options, coded_rate) as output:
            stream = self._coding.add_stream(output, coded_rate)
            packet_ticks = self._coding.packet_ticks(stream)
            for frame in self._levelled(gain, coded_rate, each_block):
                samples += frame.samples if frame else 0
                for packet in stream.encode(frame):
                    output.mux_one(packet)
                    packets += 1
        return samples if self._coding.lossless else packets * packet_ticks

    def _levelled(self, gain: Gain, coded_rate: int, each_block: Callable[[], None]) -> Iterator[AudioFrame | None]:
        """The whole chapter with the gain applied, then None."""
        graph = _level_graph(gain, self._rate, coded_rate)
        for frame in self._frames():
            each_block()
            graph.push(frame)
            yield from _pulled(graph)
        graph.push(None)
        yield from _pulled(graph)
        yield None

    def _frames(self) -> Iterator[AudioFrame]:
        self._spool.seek(0)
        start = 0
        while pcm := self._spool.read(_BLOCK):
            yield pcm_frame(pcm, self._rate, start)
            start += len(pcm) // SAMPLE_BYTES


def _level_graph(gain: Gain, input_rate: int, coded_rate: int) -> Graph:
    graph = Graph()
    source = graph.add_abuffer(sample_rate=input_rate, format="s16", layout="mono", time_base=Fraction(1, input_rate))
    nodes = [source, graph.add("volume", f"{gain.decibels}dB")]
    if gain.limited:
        # By default the limiter would raise the level again, and lose its delay's length at the end.
        nodes.append(graph.add("alimiter", f"limit={CEILING}:level=false:latency=1"))
    nodes.append(graph.add("aformat", f"sample_fmts=s16:sample_rates={coded_rate}:channel_layouts=mono"))
    nodes.append(graph.add("abuffersink"))
    graph.link_nodes(*nodes).configure()
    return graph


def _pulled(graph: Graph) -> Iterator[AudioFrame]:
    while True:
        try:
            frame = graph.pull()
        except (av.BlockingIOError, av.EOFError):
            return
        if isinstance(frame, AudioFrame) and frame.samples:
            yield frame


def flushed_size(path: Path) -> int:
    """Bytes of a finished file, once they are safe on the disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        return os.fstat(file.fileno()).st_size
