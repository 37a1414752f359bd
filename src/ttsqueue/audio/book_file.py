"""Joining encoded chapters to one book: packets are copied, nothing is encoded again.

A lossy chapter starts with its encoder's priming and ends with padding. All of it is copied, so a chapter takes
whole packets and no mark can drift; players drop the priming of the first chapter, so that every later
chapter is heard exactly at its mark. FLAC numbers its frames through the file and sums up all samples: its
chapters are decoded and encoded again, which loses nothing.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final, cast

import av
from av import Packet
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer

from ttsqueue.audio.coding import Coding
from ttsqueue.audio.sound import SAMPLE_BYTES, BookPart
from ttsqueue.errors import AudioError

_SKIP: Final = "skip_samples"


class BookFile:
    """A book while it is written. `clock` is the number of ticks per second in which all its parts count."""

    def __init__(self, output: OutputContainer, coding: Coding, clock: int) -> None:
        self._output = output
        self._coding = coding
        self._stream = coding.add_stream(output, clock)
        self._packet_ticks = coding.packet_ticks(self._stream)
        self._time_base = Fraction(1, clock)
        self._position = 0

    def append(self, part: BookPart) -> None:
        """AudioError if the part does not hold what its sound promises."""
        start = self._position
        try:
            with av.open(str(part.path.absolute()), "r", format=self._coding.demuxer) as source:
                if self._coding.codec == "flac":
                    self._encode_again(source)
                else:
                    self._copy(source)
        except (av.InvalidDataError, av.EOFError):
            raise AudioError(f"The sound of {part.title!r} is damaged; speak this chapter again.") from None
        if self._position - start != part.sound.samples:
            raise AudioError(f"The sound of {part.title!r} is incomplete; speak this chapter again.")

    def finish(self) -> None:
        """What the encoder still holds."""
        if self._coding.codec == "flac":
            self._output.mux(self._stream.encode(None))

    def _copy(self, source: InputContainer) -> None:
        for packet in source.demux(source.streams.audio[0]):
            if packet.size:  # the last one is empty
                self._output.mux_one(self._fitted(packet))

    def _fitted(self, packet: Packet[AudioStream]) -> Packet[AudioStream]:
        if packet.is_discard or packet.has_sidedata(_SKIP):
            packet = self._without_notes(packet)
        packet.stream = self._stream
        packet.time_base = self._time_base
        packet.pts = packet.dts = self._position - self._coding.priming
        packet.duration = self._packet_ticks or packet.size // SAMPLE_BYTES
        self._position += packet.duration
        return packet

    def _without_notes(self, packet: Packet[AudioStream]) -> Packet[AudioStream]:
        """A file's notes about samples to skip hold for the start of the book only."""
        copy = cast("Packet[AudioStream]", Packet(bytes(packet)))
        copy.is_keyframe = True
        if self._position == 0 and packet.has_sidedata(_SKIP):
            copy.set_sidedata(packet.get_sidedata(_SKIP))
        return copy

    def _encode_again(self, source: InputContainer) -> None:
        for frame in source.decode(source.streams.audio[0]):
            frame.pts, frame.time_base = self._position, self._time_base
            self._position += frame.samples
            self._output.mux(self._stream.encode(frame))
