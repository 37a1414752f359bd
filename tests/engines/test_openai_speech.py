"""The engine for OpenAI's API, with a real server that misbehaves as it is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from pathlib import Path

import httpx
import pytest

from tests.engines.remote import Remote, remote_server
from ttsqueue.engines.openai_speech import SAMPLE_RATE, OpenAISpeech, Timeouts
from ttsqueue.errors import EngineError, RateLimited
from ttsqueue.providers.sqlite import SqliteProvider
from ttsqueue.servers.limits import ServerLimits
from ttsqueue.servers.server import SpeechServer
from ttsqueue.servers.traffic import Traffic

TEXT = "The keeper climbed the stairs, and the lamp was lit at noon."


@pytest.fixture
def remote() -> Iterator[Remote]:
    with remote_server() as remote:
        yield remote


@pytest.fixture
async def engine(remote: Remote, tmp_path: Path) -> AsyncIterator[OpenAISpeech]:
    store = SqliteProvider(tmp_path / "store.db")
    await store.open()
    server = SpeechServer("attic", "openai", f"{remote.address}/v1", "sk-secret", ("bella",), "en")
    made = OpenAISpeech([(server, Traffic(store, "attic", ServerLimits(max_concurrent=4)))], Timeouts(2, 0.6, 3, 0))
    yield made
    await made.aclose()
    await store.aclose()


async def spoken(engine: OpenAISpeech, text: str = TEXT, voice: str = "bella") -> bytes:
    async with aclosing(engine.speak(text, voice, 1.0)) as speech:
        return b"".join([pcm async for pcm in speech])


def patient(engine: OpenAISpeech) -> OpenAISpeech:
    engine._timeouts = Timeouts(2, 0.6, 3, 60)
    return engine


async def test_a_text_becomes_the_sound_of_that_text(engine: OpenAISpeech, remote: Remote) -> None:
    pcm = await spoken(engine)
    assert len(pcm) / 2 / SAMPLE_RATE == pytest.approx(len(TEXT) / 15, rel=0.05)
    (call,) = (await remote.record())["calls"]
    assert call == {"text": TEXT, "voice": "bella", "key": "Bearer sk-secret"}
    assert [voice.id for voice in await engine.voices()] == ["openai:bella"]


@pytest.mark.parametrize("trick", ["busy", "busy 0.4", "status 500", "status 503", "half", "hang"])
async def test_trouble_that_may_pass_is_waited_for(engine: OpenAISpeech, remote: Remote, trick: str) -> None:
    await remote.told(trick, trick)
    assert await spoken(patient(engine))
    assert len((await remote.record())["calls"]) == 3


@pytest.mark.parametrize("trick", ["html", "silent", "empty", "short", "endless"])
async def test_sound_that_cannot_be_right_is_asked_for_again(engine: OpenAISpeech, remote: Remote, trick: str) -> None:
    await remote.told(trick, trick)
    assert await spoken(engine)
    await remote.told(trick, trick, trick, trick)
    with pytest.raises(EngineError, match="The keeper climbed") as failure:
        await spoken(engine)
    assert (failure.value.code, failure.value.retryable) == ("BAD_SOUND", False)
    assert len((await remote.record())["calls"]) == 6


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
async def test_a_refusal_fails_at_once_with_the_reason_but_not_its_secrets(
    engine: OpenAISpeech, remote: Remote, status: int
) -> None:
    await remote.told(f"status {status}")
    with pytest.raises(EngineError, match="attic refuses: No such voice at") as failure:
        await spoken(patient(engine))
    assert not failure.value.retryable
    assert not {word for word in ("10.0.0.7", "secret", "12345", "http") if word in str(failure.value)}
    assert len((await remote.record())["calls"]) == 1


async def test_a_redirect_is_not_followed(engine: OpenAISpeech, remote: Remote) -> None:
    await remote.told("elsewhere")
    with pytest.raises(EngineError, match=r"servers\.toml"):
        await spoken(patient(engine))


async def test_a_server_that_stays_away_gives_the_job_back_without_costing_an_attempt(
    engine: OpenAISpeech, remote: Remote
) -> None:
    await remote.told("status 500")
    with pytest.raises(RateLimited, match="attic is away: HTTP 500") as failure:
        await spoken(engine)
    assert failure.value.retry_after is not None
    assert failure.value.retryable


async def test_cancelling_hangs_up_and_frees_the_place(engine: OpenAISpeech, remote: Remote) -> None:
    await remote.told(seconds=30)
    patient(engine)._client.timeout = httpx.Timeout(60)
    task = asyncio.create_task(spoken(engine))
    await asyncio.sleep(0.5)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    state, _ = await engine._servers[0][1].state()
    assert state.permits == ()
    assert len((await remote.record())["calls"]) == 1


async def test_an_unknown_voice_asks_nobody(engine: OpenAISpeech, remote: Remote) -> None:
    with pytest.raises(EngineError, match="No TTS server has the voice 'emma'"):
        await spoken(engine, voice="emma")
    assert (await remote.record())["calls"] == []


async def test_what_calls_took_is_noted_for_the_operator(engine: OpenAISpeech, remote: Remote) -> None:
    await remote.told("status 500", "busy 0", seconds=0.1)
    await spoken(patient(engine))
    state, _ = await engine._servers[0][1].state()
    assert (state.calls, state.failed, state.limited) == (3, 1, 1)
    (call,) = state.recent
    assert call.characters == len(TEXT)
    assert call.audio_seconds == pytest.approx(len(TEXT) / 15, rel=0.05)
    assert 0.1 <= call.seconds < 2
