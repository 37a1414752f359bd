"""What espeak says; its sound is not bit-stable, so durations are compared."""

from __future__ import annotations

import asyncio
import time
from array import array

import pytest

from tests.engines.speech import STORY, seconds
from ttsqueue.engines.espeak import EspeakEngine
from ttsqueue.errors import EngineError


async def test_speech_is_sound_and_not_silence(engine: EspeakEngine) -> None:
    samples = array("h", b"".join([pcm async for pcm in engine.speak(STORY, "en-us", 1.0)]))
    assert len(samples) > 5 * engine.sample_rate
    assert max(samples) > 5000


@pytest.mark.parametrize("speed", [0.5, 1.5, 2.0, 3.0])
async def test_duration_scales_with_speed(engine: EspeakEngine, speed: float) -> None:
    # Pauses do not scale exactly.
    assert await seconds(engine, STORY, speed) == pytest.approx(await seconds(engine, STORY) / speed, rel=0.12)


async def test_speed_out_of_bounds_counts_as_the_bound(engine: EspeakEngine) -> None:
    assert await seconds(engine, STORY, 0.01) == pytest.approx(await seconds(engine, STORY, 0.5), rel=0.02)
    assert await seconds(engine, STORY, 99) == pytest.approx(await seconds(engine, STORY, 3), rel=0.02)


async def test_two_pieces_sound_as_long_as_the_whole(engine: EspeakEngine) -> None:
    whole = await seconds(engine, STORY * 2)
    assert await seconds(engine, STORY) * 2 == pytest.approx(whole, rel=0.005)


@pytest.mark.parametrize("text", ["", " ", "\n\n\t ", "\x00", "\u200b", "\ud800"])
async def test_text_without_anything_to_say_is_nearly_silent(engine: EspeakEngine, text: str) -> None:
    assert await seconds(engine, text) < 0.1


@pytest.mark.parametrize("text", ["😀", "...", "— …", "\U000e0041", "\ue000", "\uffff", "مرحبا", "字" * 500])
async def test_odd_text_does_not_harm_the_engine(engine: EspeakEngine, text: str) -> None:
    await seconds(engine, text)
    assert await seconds(engine, "Good evening.") > 0.5


@pytest.mark.parametrize("odd", ["\x00", "\x01 20S", "\x1b[0m", "\x85", "\x7f"])
async def test_control_characters_change_nothing(engine: EspeakEngine, odd: str) -> None:
    spoken = odd.lstrip("\x00\x01\x1b\x85\x7f")
    expected = await seconds(engine, f"{STORY} {spoken} {STORY}")
    assert await seconds(engine, f"{STORY}{odd} {STORY}") == pytest.approx(expected, rel=0.02)


@pytest.mark.parametrize("invisible", ["\u00ad", "\u200b", "\ufeff", "\ud800"])
async def test_invisible_characters_do_not_split_words(engine: EspeakEngine, invisible: str) -> None:
    word = "lighthouse keeper " * 5
    hyphenated = word.replace("ghth", f"gh{invisible}th")
    assert await seconds(engine, hyphenated) == pytest.approx(await seconds(engine, word), rel=0.01)


async def test_markup_is_read_and_not_obeyed(engine: EspeakEngine) -> None:
    plain = await seconds(engine, "Hello there.")
    assert await seconds(engine, 'Hello <audio src="/etc/hostname"/> there.') > plain + 1
    assert await seconds(engine, 'Hello <break time="20s"/> there.') < plain + 10
    assert await seconds(engine, "Hello [[h@l'oU]] there.") > plain + 0.5


@pytest.mark.parametrize("text", ["1" * 200_000, "word " * 1_000_000, "a" * 1_000_000])
async def test_endless_text_starts_to_sound_at_once(engine: EspeakEngine, text: str) -> None:
    await engine.voices()
    began = time.monotonic()
    speech = engine.speak(text, "en-us", 1.0)
    await anext(speech)
    assert time.monotonic() - began < 1.5
    await speech.aclose()


async def test_a_hundred_thousand_accents_are_survived(engine: EspeakEngine) -> None:
    assert await seconds(engine, "e" + "\u0301" * 100_000 + " and more words after them") > 1


async def test_four_speak_at_the_same_time(engine: EspeakEngine) -> None:
    alone = await seconds(engine, STORY * 20)
    together = await asyncio.gather(*(seconds(engine, STORY * 20) for _ in range(4)))
    assert together == pytest.approx([alone] * 4, rel=0.02)


async def test_an_unknown_voice_is_refused_for_good(engine: EspeakEngine) -> None:
    with pytest.raises(EngineError, match="no voice 'klingonese'") as caught:
        await seconds(engine, STORY, voice="klingonese")
    assert caught.value.code == "UNKNOWN_VOICE"
    assert not caught.value.retryable
