from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import psutil
import pytest

from tests.audio.sounds import RATE, heard, noise, peak, silence, tone
from ttsqueue.audio import AudioFormat, ChapterSound, Encoder
from ttsqueue.audio.loudness import CEILING, LoudnessMeter

LOSSLESS = [AudioFormat.FLAC, AudioFormat.WAV]


async def encode(
    encoder: Encoder, target: Path, pcm: bytes, fmt: AudioFormat = AudioFormat.WAV, rate: int = RATE
) -> ChapterSound:
    async with encoder.chapter(target, fmt, rate) as chapter:
        await chapter.write(pcm)
        return await chapter.finish()


def loudness_of(path: Path) -> float | None:
    meter = LoudnessMeter(RATE)
    meter.add(heard(path).tobytes())
    return meter.result().loudness


@pytest.mark.parametrize("fmt", AudioFormat)
async def test_a_chapter_plays_as_long_as_its_pcm(encoder: Encoder, out: Path, fmt: AudioFormat) -> None:
    target = out / f"chapter{fmt.chapter_suffix}"
    sound = await encode(encoder, target, tone(3.2), fmt)
    # Older decoders play the last packet to its end.
    assert 3.2 - 0.001 <= len(heard(target)) / RATE <= 3.2 + 0.05
    assert 3.2 <= sound.duration <= 3.2 + 0.11
    assert sound.duration == sound.samples / sound.sample_rate
    assert sound.size == target.stat().st_size
    assert not sound.silent


@pytest.mark.parametrize("fmt", LOSSLESS)
async def test_a_lossless_chapter_has_every_sample(encoder: Encoder, out: Path, fmt: AudioFormat) -> None:
    pcm = noise(2.345, level=0.9)  # passes through the limiter
    sound = await encode(encoder, out / "chapter", pcm, fmt)
    assert sound.samples == len(pcm) // 2 == len(heard(out / "chapter"))


@pytest.mark.parametrize("rate", [8000, 22050, 44100, 96000])
@pytest.mark.parametrize("fmt", AudioFormat)
async def test_any_rate_of_an_engine_keeps_its_pitch_and_length(
    encoder: Encoder, out: Path, fmt: AudioFormat, rate: int
) -> None:
    await encode(encoder, out / "chapter", tone(1.0, rate=rate), fmt, rate)
    samples = heard(out / "chapter")
    middle = samples[RATE // 4 : RATE * 3 // 4]
    assert abs(sum(1 for before, now in pairwise(middle) if before < 0 <= now) - 500) <= 2
    assert abs(len(samples) / RATE - 1.0) <= 0.13  # one packet at 8 kHz is 0.128 s


@pytest.mark.parametrize("level", [0.01, 0.03, 0.1, 0.4, 0.99])
async def test_chapters_of_any_level_come_out_equally_loud(encoder: Encoder, out: Path, level: float) -> None:
    pcm = (noise(0.7, level) + silence(0.3)) * 4
    sound = await encode(encoder, out / "chapter.m4a", pcm, AudioFormat.M4B)
    assert sound.loudness is not None
    found = loudness_of(out / "chapter.m4a")
    assert found is not None
    assert abs(found - -18.0) <= 1.0


async def test_peaks_that_would_clip_are_held_down(encoder: Encoder, out: Path) -> None:
    click = tone(0.01, level=0.9)
    await encode(encoder, out / "chapter", (noise(0.5, level=0.01) + click) * 6)
    assert 0.5 < peak(heard(out / "chapter")) <= CEILING + 0.01


async def test_noise_below_speech_is_not_blown_up(encoder: Encoder, out: Path) -> None:
    await encode(encoder, out / "chapter", noise(2, level=0.0005))
    found = loudness_of(out / "chapter")
    assert found is None or found < -30


@pytest.mark.parametrize("fmt", AudioFormat)
@pytest.mark.parametrize(("pcm", "silent"), [(b"", True), (b"\x01", True), (b"\x10\x20", False)])
async def test_almost_nothing_becomes_half_a_second(
    encoder: Encoder, out: Path, fmt: AudioFormat, pcm: bytes, silent: bool
) -> None:
    sound = await encode(encoder, out / "chapter", pcm, fmt)
    assert (sound.silent, sound.loudness) == (silent, None)
    assert 0.5 <= sound.duration <= 0.6
    assert abs(len(heard(out / "chapter")) / RATE - 0.5) <= 0.06


async def test_zeros_are_silent_and_keep_their_length(encoder: Encoder, out: Path) -> None:
    sound = await encode(encoder, out / "chapter", silence(2))
    assert (sound.silent, sound.loudness, sound.duration) == (True, None, 2.0)


async def test_pieces_may_be_cut_in_the_middle_of_a_sample(encoder: Encoder, out: Path) -> None:
    pcm = tone(6)
    async with encoder.chapter(out / "pieces", AudioFormat.WAV, RATE) as chapter:
        for start in range(0, len(pcm), 33_333):
            await chapter.write(pcm[start : start + 33_333])
        await chapter.finish()
    await encode(encoder, out / "whole", pcm)
    assert (out / "pieces").read_bytes() == (out / "whole").read_bytes()


async def test_memory_stays_flat_for_a_long_chapter(encoder: Encoder, out: Path) -> None:
    minute = noise(10) * 6
    await encode(encoder, out / "short", minute, AudioFormat.FLAC)
    (child,) = psutil.Process().children()
    before = child.memory_info().rss
    async with encoder.chapter(out / "long", AudioFormat.FLAC, RATE) as chapter:
        for _ in range(20):  # 53 MB of PCM
            await chapter.write(minute)
        highest = child.memory_info().rss
        await chapter.finish()
    assert max(highest, child.memory_info().rss) - before < 12_000_000


async def test_one_child_encodes_many_chapters(encoder: Encoder, out: Path) -> None:
    pids: set[int] = set()
    for number in range(3):
        await encode(encoder, out / str(number), tone(0.6))
        pids.update(child.pid for child in psutil.Process().children())
    assert len(pids) == 1
