"""Which encoder and container stand behind a format, and with which settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import av
from av.audio.stream import AudioStream
from av.container import OutputContainer

from ttsqueue.audio.format import AudioFormat

_OPUS_CLOCK = 48_000
_SPEECH_RATE = 24_000


@dataclass(frozen=True, slots=True)
class Coding:
    """Settings for mono speech. `priming` is what players drop at the start, in ticks of `clock`."""

    codec: str
    container: str
    rates: tuple[int, ...] = ()
    """Sample rates the encoder takes, ascending; empty for any."""
    priming: int = 0
    bit_rate: int = 0
    """For rates up to 24 kHz; half as much again above."""
    codec_options: Mapping[str, str] = field(default_factory=dict)
    chapter_options: Mapping[str, str] = field(default_factory=dict)
    book_options: Mapping[str, str] = field(default_factory=dict)
    lossless: bool = False

    @property
    def demuxer(self) -> str:
        """How libav calls the container when it reads."""
        return "ogg" if self.container == "opus" else self.container

    def coded_rate(self, input_rate: int) -> int:
        """The lowest rate of the encoder that keeps everything, else its highest."""
        if not self.rates:
            return input_rate
        return next((rate for rate in self.rates if rate >= input_rate), self.rates[-1])

    def clock(self, coded_rate: int) -> int:
        """Ticks per second in which lengths are counted. Opus always counts at 48 kHz."""
        return _OPUS_CLOCK if self.codec == "libopus" else coded_rate

    def packet_ticks(self, stream: AudioStream) -> int:
        """What one packet of a lossy codec stands for, full or not."""
        rate = stream.codec_context.sample_rate
        return stream.codec_context.frame_size * self.clock(rate) // rate

    def add_stream(self, output: OutputContainer, rate: int) -> AudioStream:
        """The one audio stream of `output`, its encoder open."""
        stream = cast(
            "AudioStream",
            output.add_stream(self.codec, rate=rate, options=dict(self.codec_options), layout="mono"),
        )
        if self.bit_rate:
            stream.bit_rate = self.bit_rate if rate <= _SPEECH_RATE else self.bit_rate * 3 // 2
        stream.codec_context.open()
        return stream


def create_file(target: Path, coding: Coding, options: Mapping[str, str], clock: int) -> OutputContainer:
    """Open `target` for writing. An absolute path, because libav reads `name:` as a protocol."""
    if coding.container == "mp4":
        # In its own thousandths of a second a file of this kind may round its last packet away.
        options = {**options, "movie_timescale": str(clock)}
    return av.open(str(target.absolute()), "w", format=coding.container, options=dict(options))


CODINGS = {
    AudioFormat.M4B: Coding(
        codec="aac",
        container="mp4",
        rates=(8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000),
        priming=1024,
        bit_rate=64_000,
        codec_options={"aac_coder": "fast"},
        chapter_options={"brand": "M4A ", "movflags": "+faststart"},
        # The container "ipod" writes M4B as well but refuses a cover.
        book_options={"brand": "M4B "},
    ),
    AudioFormat.MP3: Coding(
        codec="libmp3lame",
        container="mp3",
        rates=(8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000),
        priming=1105,
        bit_rate=64_000,
        codec_options={"compression_level": "7"},  # twice as fast as LAME's default
        # ID3v2.3 is what car radios and old players read.
        book_options={"id3v2_version": "3"},
    ),
    AudioFormat.OPUS: Coding(
        codec="libopus",
        container="opus",
        rates=(8000, 12000, 16000, 24000, 48000),
        priming=312,
        bit_rate=32_000,
        # Joined chapters of the application "audio" begin 15 ms too quiet.
        codec_options={"application": "voip", "compression_level": "5"},
    ),
    AudioFormat.FLAC: Coding(codec="flac", container="flac", lossless=True),
    AudioFormat.WAV: Coding(
        codec="pcm_s16le",
        container="wav",
        lossless=True,
        # Above 4 GB a plain RIFF header lies about the length.
        chapter_options={"rf64": "auto"},
        book_options={"rf64": "auto"},
    ),
}
