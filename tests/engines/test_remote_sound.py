"""Sound of TTS servers: its speed, its format, and headers that lie."""

from __future__ import annotations

from array import array
from dataclasses import replace
from itertools import pairwise

import pytest

from tests.engines.attic import TEXT, Attic, spoken
from tests.engines.made_sound import NOISE, mp3_frames, tone, wav
from tests.engines.remote import Remote
from ttsqueue.engines.dialect import Dialect
from ttsqueue.engines.elevenlabs import ElevenLabsDialect
from ttsqueue.engines.openai_speech import OpenAIDialect
from ttsqueue.engines.remote_sound import pcm_of
from ttsqueue.engines.remote_speech import SAMPLE_RATE, RemoteSpeech
from ttsqueue.engines.server_errors import BadSound, Refused
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


@pytest.mark.parametrize("dialect", [OpenAIDialect(), ElevenLabsDialect()], ids=["openai", "elevenlabs"])
async def test_a_server_that_has_no_speed_is_asked_for_none(attic: Attic, remote: Remote, dialect: Dialect) -> None:
    """It would not say that it passes over it."""
    pcm = await spoken(attic.engine(dialect, has_speed=False), speed=1.5)
    assert seconds(pcm) == pytest.approx(len(TEXT) / 15 / 1.5, rel=0.05)
    (call,) = (await remote.record())["calls"]
    assert call.get("speed", 1.0) == 1.0
    assert "voice_settings" not in call


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


async def test_a_wav_that_brings_less_than_it_says_is_asked_for_again(openai: RemoteSpeech, remote: Remote) -> None:
    await remote.told("broken-wav")
    openai._timeouts = replace(openai._timeouts, waiting=60)
    assert seconds(await spoken(openai)) == pytest.approx(len(TEXT) / 15, rel=0.02)
    assert len((await remote.record())["calls"]) == 2


async def test_who_never_brings_what_it_says_is_told_of(openai: RemoteSpeech, remote: Remote) -> None:
    await remote.told(*["broken-wav"] * 9)
    with pytest.raises(EngineError, match="attic is away: its sound breaks off"):
        await spoken(openai)


@pytest.mark.parametrize("size", [0, 0x7FFFF000, 0x7FFFFFFF - 36, 0xFFFFFFFF, 96_000, 96_036, 96_044])
def test_sizes_that_only_stand_for_a_stream_or_count_the_header_are_whole(size: int) -> None:
    assert pcm_of(wav(tone(2), size=size), "audio/wav", None, SAMPLE_RATE, 1.0) == tone(2)


async def test_a_server_can_be_asked_for_wav(attic: Attic) -> None:
    pcm = await spoken(attic.engine(OpenAIDialect(), response_format="wav"))
    assert seconds(pcm) == pytest.approx(len(TEXT) / 15, rel=0.02)


async def test_mp3_is_refused_with_what_to_do(openai: RemoteSpeech, remote: Remote) -> None:
    await remote.told("mp3")
    with pytest.raises(EngineError, match=r'answers with MP3; set response_format = "wav"'):
        await spoken(openai)


OGG = b"OggS\0\x02" + bytes(20) + NOISE
ID3 = b"ID3\x04\0\0\0\0\0\x23" + NOISE
PACKED = {
    "ID3 as mp3": ("audio/mp3", ID3, "MP3"),
    "ID3 as mpeg": ("audio/mpeg", ID3, "MP3"),
    "ID3 as wav": ("audio/wav", ID3, "MP3"),
    "ID3 as any bytes": ("application/octet-stream", ID3, "MP3"),
    "frames of MPEG 1 as pcm": ("audio/pcm", mp3_frames(b"\xff\xfb\x92\x00", 418), "MP3"),
    "frames of MPEG 2 as pcm": ("audio/pcm", mp3_frames(b"\xff\xf3\x84\x00", 192), "MP3"),
    "frames of MPEG 2.5 as any bytes": ("application/octet-stream", mp3_frames(b"\xff\xe3\x48\x00", 288), "MP3"),
    "frames of AAC as pcm": ("audio/pcm", mp3_frames(b"\xff\xf1\x58\x40\x20\x1f\xfc", 256), "AAC"),
    "MP3 whose frames are not found": ("audio/mpeg", b"\xff\xe3" + NOISE, "MP3"),
    "AAC that is not found": ("audio/aac", NOISE, "AAC"),
    "Opus": ("audio/opus", OGG, "Ogg"),
    "Ogg as pcm": ("audio/pcm", OGG, "Ogg"),
    "FLAC": ("audio/flac", b"fLaC\0\0\0\x22" + NOISE, "FLAC"),
    "MP4": ("audio/mp4", b"\0\0\0\x1cftypM4A " + NOISE, "MP4"),
    "MP4 as aac": ("audio/aac", b"\0\0\0\x1cftypM4A " + NOISE, "MP4"),
    "WebM": ("audio/webm", b"\x1aE\xdf\xa3" + NOISE, "WebM"),
    "RF64": ("audio/wav", b"RF64\xff\xff\xff\xffWAVE" + tone(2), "RF64"),
}


@pytest.mark.parametrize(("content_type", "answer", "name"), PACKED.values(), ids=PACKED)
def test_what_is_packed_is_refused_with_what_to_do_whatever_it_is_called(
    content_type: str, answer: bytes, name: str
) -> None:
    with pytest.raises(Refused, match=f'answers with {name}; set response_format = "wav" in servers.toml'):
        pcm_of(answer, content_type, SAMPLE_RATE, SAMPLE_RATE, 1.0)


@pytest.mark.parametrize("content_type", ["audio/pcm", "application/octet-stream", "audio/wav"])
def test_noise_that_nobody_can_name_is_no_sound(content_type: str) -> None:
    """What is packed in yet another way, numbers of another kind, or a voice gone wrong: it is asked for again."""
    with pytest.raises(BadSound, match="it is noise"):
        pcm_of(NOISE, content_type, SAMPLE_RATE, SAMPLE_RATE, 1.0)


@pytest.mark.parametrize(
    "content_type", ["audio/pcm", "audio/l16", "audio/mpeg", "audio/ogg", "application/octet-stream"]
)
@pytest.mark.parametrize(
    "beginning", [b"", b"\xff\xfb", b"\xff\xfb\x90\x00", b"\xff\xff" * 900, b"\xff\xf1", b"\xff\xe3\x48\x00"]
)
def test_pcm_is_pcm_whatever_it_is_called_and_begins_with(content_type: str, beginning: bytes) -> None:
    """Some servers say the same of all that they send."""
    sound = beginning + tone(2)
    assert pcm_of(sound, content_type, SAMPLE_RATE, SAMPLE_RATE, 1.0) == sound


@pytest.mark.parametrize("content_type", ["audio/mpeg", "audio/pcm", "application/octet-stream"])
def test_wav_is_wav_whatever_it_is_called(content_type: str) -> None:
    assert pcm_of(wav(tone(2)), content_type, None, SAMPLE_RATE, 1.0) == tone(2)


@pytest.mark.parametrize(("kind", "name"), [("mp3", "MP3"), ("", "something else")], ids=["mp3", "pcm"])
async def test_who_asks_for_wav_takes_nothing_else(attic: Attic, remote: Remote, kind: str, name: str) -> None:
    """The rate of anything else would be guessed."""
    await remote.told(kind or "pcm")
    with pytest.raises(EngineError, match=f"it answers with {name}, and not with WAV"):
        await spoken(attic.engine(OpenAIDialect(), response_format="wav"))
