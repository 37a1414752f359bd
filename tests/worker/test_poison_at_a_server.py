"""A sentence at which a TTS server breaks down each time costs neither the attempts of its book nor the other books."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import pytest

from tests.engines.remote import Remote, remote_server
from ttsqueue.book import VoiceSettings
from ttsqueue.engines.openai_speech import OpenAIDialect
from ttsqueue.engines.remote_call import Timeouts
from ttsqueue.engines.remote_speech import RemoteSpeech
from ttsqueue.jobs import JobStatus
from ttsqueue.queue import TTSQueue
from ttsqueue.servers.limits import ServerLimits
from ttsqueue.servers.server import SpeechServer
from ttsqueue.servers.traffic import Traffic
from ttsqueue.storage import LocalStorage

from .at_work import Studio, outcomes
from .samples import book_of, text
from .tone_engine import ToneEngine

JAM = "Then came jam and nothing else of note."
CHAPTER = f"{text(1, 8)} {JAM} {text(2, 8)}"
BOOK = replace(book_of([text(0), CHAPTER, text(3)]), voice_settings=VoiceSettings("openai:bella"))


@pytest.fixture
def remote() -> Iterator[Remote]:
    with remote_server() as remote:
        yield remote


@pytest.fixture
def traffic(queue: TTSQueue) -> Traffic:
    return Traffic(queue.provider, "attic", ServerLimits())


@pytest.fixture
async def studio(queue: TTSQueue, storage: LocalStorage, remote: Remote, traffic: Traffic) -> AsyncIterator[Studio]:
    server = SpeechServer("attic", "openai", f"{remote.address}/v1", voices=("bella",))
    engine = RemoteSpeech(OpenAIDialect(), [(server, traffic)], Timeouts(doubt=0.1))
    yield Studio(queue, storage, [engine, ToneEngine()])
    await engine.aclose()


async def test_it_is_quoted_and_the_book_fails_at_its_first_attempt(
    studio: Studio, remote: Remote, traffic: Traffic
) -> None:
    await remote.told(bad_words={"jam": 500})
    job = await studio.speak(BOOK)
    assert (job.status, job.attempts) == (JobStatus.FAILED, 1)
    assert job.error_message == (
        f'openai:bella cannot speak this (The TTS server attic speaks, but not this: HTTP 500): "{JAM}".'
    )
    assert not (await traffic.state())[0].is_open


async def test_the_fallback_speaks_it_and_the_book_completes(studio: Studio, remote: Remote) -> None:
    await remote.told(bad_words={"jam": 500})
    job = await studio.speak(BOOK, fallback="tone:high")
    assert await outcomes(studio.queue, job.id) == ["completed"]
    assert job.result is not None
    assert [[one.text for one in chapter.substitutions] for chapter in job.result.chapters] == [[], [JAM], []]
