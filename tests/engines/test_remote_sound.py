"""Sound of TTS servers: its speed, its format, and headers that lie."""

from __future__ import annotations

from array import array
from itertools import pairwise

import pytest

from tests.engines.attic import TEXT, Attic, spoken
from tests.engines.remote import Remote
from ttsqueue.engines.openai_speech import OpenAIDialect
from ttsqueue.engines.remote_speech import SAMPLE_RATE, RemoteSpeech
from ttsqueue.errors import EngineError


def seconds(pcm: bytes) -> float:
    return len(pcm) / 2 / SAMPLE_RATE


def pitch(pcm: bytes) -> float:
    """Waves in a second."""
    samples = array("h", pcm)
    upward = sum(1 for before, after in pairwise(samples) if before < 0 <= after)
    return upward / seconds(pcm)


@pytest.mark.parametrize("speed", [0.5, 0.8, 1.5, 2.5])
async def test_a_speed_that_a_server_does_not_have_is_made_of_its_sound(
    remote_engine: RemoteSpeech, speed: float
) -> None:
    pcm = await spoken(remote_engine, speed=speed)
    assert seconds(pcm) == pytest.approx(len(TEXT) / 15 / speed, rel=0.05)
    usual = pitch(await spoken(remote_engine))
    assert pitch(pcm) == pytest.approx(usual, rel=0.08)


@pytest.mark.parametrize("trick", ["wav", "wav 16000", "wav 44100", "stereo", "streamed-wav", "sizeless-wav"])
async def test_wav_is_understood_whoever_sends_it(remote_engine: RemoteSpeech, remote: Remote, trick: str) -> None:
    await remote.told(trick)
    pcm = await spoken(remote_engine)
    assert seconds(pcm) == pytest.approx(len(TEXT) / 15, rel=0.02)
    assert pitch(pcm) == pytest.approx(int(trick.removeprefix("wav ") if " " in trick else 24_000) / 100, rel=0.02)


@pytest.mark.parametrize("trick", ["headless-wav", "tiny-wav", "float-wav", "rateless-wav", "crowded-wav"])
async def test_a_wav_header_that_lies_is_no_sound(openai: RemoteSpeech, remote: Remote, trick: str) -> None:
    await remote.told(trick, trick, trick)
    with pytest.raises(EngineError, match=r"cannot speak this .*WAV") as failure:
        await spoken(openai)
    assert failure.value.code == "BAD_SOUND"


async def test_a_server_can_be_asked_for_wav(attic: Attic) -> None:
    pcm = await spoken(attic.engine(OpenAIDialect(), response_format="wav"))
    assert seconds(pcm) == pytest.approx(len(TEXT) / 15, rel=0.02)


async def test_mp3_is_refused_with_what_to_do(openai: RemoteSpeech, remote: Remote) -> None:
    await remote.told("mp3")
    with pytest.raises(EngineError, match=r'answers with MP3; set response_format = "wav"'):
        await spoken(openai)
