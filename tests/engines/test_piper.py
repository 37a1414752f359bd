"""Real piper, with tiny voices that the tests make."""

from __future__ import annotations

import asyncio
import time
from array import array
from itertools import pairwise
from pathlib import Path

import psutil
import pytest

from tests.engines.piper_voices import make_voice, make_voice_without
from tests.engines.speech import STORY, children, seconds
from ttsqueue.engines.piper import PiperEngine
from ttsqueue.errors import EngineError, TextRefused

VOICE = "en_US-hum-low"


async def sound_of(piper: PiperEngine, text: str, voice: str = VOICE) -> bytes:
    return b"".join([pcm async for pcm in piper.speak(text, voice, 1.0)])


def pitch(pcm: bytes) -> float:
    samples = array("h", pcm)
    upward = sum(before < 0 <= after for before, after in pairwise(samples))
    return upward * PiperEngine.sample_rate / len(samples)


async def test_a_voice_is_listed_under_the_name_of_its_file(piper: PiperEngine) -> None:
    (voice,) = await piper.voices()
    assert (voice.id, voice.language, voice.label) == (f"piper:{VOICE}", "en-US", "hum (low)")
    assert not voice.may_cost


async def test_text_becomes_sound(piper: PiperEngine) -> None:
    pcm = await sound_of(piper, STORY)
    assert 5 < len(pcm) / 2 / piper.sample_rate < 30
    assert pitch(pcm) == pytest.approx(440, rel=0.02)


async def test_sentences_are_heard_one_after_another(piper: PiperEngine) -> None:
    alone = await seconds(piper, "Good evening.", voice=VOICE)
    assert await seconds(piper, "Good evening. " * 5, voice=VOICE) == pytest.approx(alone * 5, rel=0.01)


@pytest.mark.parametrize("speed", [0.5, 2.0, 2.5])
async def test_duration_scales_with_speed(piper: PiperEngine, speed: float) -> None:
    usual = await seconds(piper, STORY, voice=VOICE)
    assert await seconds(piper, STORY, speed, VOICE) == pytest.approx(usual / speed, rel=0.01)


async def test_the_pace_of_a_voice_is_kept_at_speed_one(piper: PiperEngine, folder: Path) -> None:
    make_voice(folder, "calm", inference={"length_scale": 1.5})
    usual = await seconds(piper, STORY, voice=VOICE)
    assert await seconds(piper, STORY, voice="calm") == pytest.approx(usual * 1.5, rel=0.01)


@pytest.mark.parametrize("rate", [16_000, 44_100])
async def test_a_voice_of_another_rate_sounds_the_same(piper: PiperEngine, folder: Path, rate: int) -> None:
    make_voice(folder, "other", rate=rate)
    usual, other = await sound_of(piper, STORY), await sound_of(piper, STORY, "other")
    assert len(other) == pytest.approx(len(usual), rel=0.005)
    assert pitch(other) == pytest.approx(440, rel=0.02)


async def test_each_speaker_of_a_voice_is_a_voice(piper: PiperEngine, folder: Path) -> None:
    make_voice(folder, "choir", speakers=["Ann", "Bob"])
    ids = [voice.id for voice in await piper.voices() if "choir" in voice.id]
    assert ids == ["piper:choir", "piper:choir#Ann", "piper:choir#Bob"]
    heard = {name: pitch(await sound_of(piper, "Good evening.", name)) for name in ("choir", "choir#Ann", "choir#Bob")}
    assert heard["choir"] == pytest.approx(heard["choir#Ann"], rel=0.02) == pytest.approx(440, rel=0.02)
    assert heard["choir#Bob"] == pytest.approx(880, rel=0.02)


async def test_a_voice_that_is_called_like_another_ones_speaker_speaks_itself(piper: PiperEngine, folder: Path) -> None:
    make_voice(folder, "team", speakers=["ann", "zoe"])
    make_voice(folder, "zoe")
    assert pitch(await sound_of(piper, "Good evening.", "zoe")) == pytest.approx(440, rel=0.02)
    assert pitch(await sound_of(piper, "Good evening.", "team#zoe")) == pytest.approx(880, rel=0.02)
    with pytest.raises(EngineError, match="no voice"):
        await sound_of(piper, "Good evening.", "ann")


@pytest.mark.parametrize("text", ["", " ", "\n\n\t ", "\x00", "\x01\x1b", "\u200b", "\ud800"])
async def test_text_without_anything_to_say_yields_nothing_and_does_no_harm(piper: PiperEngine, text: str) -> None:
    assert await sound_of(piper, text) == b""
    assert await sound_of(piper, "Good evening.")


@pytest.mark.parametrize("text", ["😀", "...", "مرحبا", "字" * 500, "1" * 400, "e" + "\u0301" * 400, "[[", "]] [[ x"])
async def test_odd_text_does_no_harm(piper: PiperEngine, text: str) -> None:
    await sound_of(piper, text)
    assert await sound_of(piper, "Good evening.")


@pytest.mark.parametrize("odd", ["\x00", "\x01", "\x1b", "\x7f", "\ud800"])
async def test_characters_that_cannot_be_spoken_change_nothing(piper: PiperEngine, odd: str) -> None:
    usual = await seconds(piper, STORY, voice=VOICE)
    assert await seconds(piper, STORY.replace("lamp", f"lamp {odd}"), voice=VOICE) == pytest.approx(usual, rel=0.01)


async def test_double_brackets_are_text_and_no_phonemes(piper: PiperEngine) -> None:
    usual = await seconds(piper, "He wrote aaaaaaaaaaaaaaaaaaaaaaaaaaaa there.", voice=VOICE)
    raw = await seconds(piper, "He wrote [[əəəəəəəəəəəəəəəəəəəəəəəəəəəəəəəəəəəəəəəəəəəəəəəə]] there.", voice=VOICE)
    assert raw != pytest.approx(usual, rel=0.01)
    assert raw == await seconds(
        piper, "He wrote [ [əəəəəəəəəəəəəəəəəəəəəəəəəəəəəəəəəəəəəəəəəəəəəəəə]] there.", voice=VOICE
    )


async def test_a_text_that_the_model_cannot_speak_is_refused_and_the_next_one_is_not(
    piper: PiperEngine, folder: Path
) -> None:
    make_voice_without("ʒ", folder, "coarse")
    with pytest.raises(TextRefused, match="piper voice coarse cannot speak this: ") as refusal:
        await sound_of(piper, "A vision of leisure.", "coarse")
    assert str(folder) not in str(refusal.value)
    assert await sound_of(piper, "Good evening.", "coarse")


async def test_cancelling_stops_in_the_middle_of_a_sentence(piper: PiperEngine, folder: Path) -> None:
    make_voice(folder, "slow", slow=True)
    task = asyncio.create_task(sound_of(piper, STORY, "slow"))
    for _ in range(200):
        await asyncio.sleep(0.05)
        if any(child.cpu_times().user > 1.5 for child in children(program="piper_child")):
            break
    began = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert time.monotonic() - began < 0.5
    assert children(program="piper_child") == []


async def test_a_child_keeps_its_voice_and_is_used_again(piper: PiperEngine, folder: Path) -> None:
    make_voice(folder, "other")
    await asyncio.gather(sound_of(piper, STORY), sound_of(piper, STORY, "other"))
    before = {child.pid for child in children(program="piper_child")}
    assert len(before) == 2
    for voice in (VOICE, "other", "other", VOICE):
        await sound_of(piper, STORY, voice)
        assert len({process.voice for process in piper._pool._idle}) == 2
    assert {child.pid for child in children(program="piper_child")} == before


async def test_memory_stays_flat(piper: PiperEngine) -> None:
    await sound_of(piper, STORY)
    (child,) = children(program="piper_child")
    before = child.memory_info().rss
    for _ in range(60):
        await sound_of(piper, STORY * 2)
    assert child.memory_info().rss - before < 16 * 1024**2


async def test_children_are_nice_and_inherit_no_secret(piper: PiperEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_API_KEY", "very-secret-value")
    await sound_of(piper, STORY)
    (child,) = children(program="piper_child")
    assert child.nice() >= min(psutil.Process().nice() + 10, 19)
    assert "very-secret-value" not in str(child.environ())
