"""A book that is cancelled asks its TTS server for nothing more."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import pytest

from tests.engines.remote import Remote, remote_server
from ttsqueue.book import VoiceSettings
from ttsqueue.engines.openai_speech import OpenAIDialect
from ttsqueue.engines.remote_speech import RemoteSpeech
from ttsqueue.queue import TTSQueue
from ttsqueue.servers.limits import ServerLimits
from ttsqueue.servers.server import SpeechServer
from ttsqueue.servers.traffic import Traffic
from ttsqueue.storage import LocalStorage

from .at_work import Studio, eventually
from .samples import book

SLOTS = 3


@pytest.fixture
def remote() -> Iterator[Remote]:
    with remote_server() as remote:
        yield remote


@pytest.fixture
async def studio(queue: TTSQueue, storage: LocalStorage, remote: Remote) -> AsyncIterator[Studio]:
    server = SpeechServer("attic", "openai", f"{remote.address}/v1", voices=("bella",))
    engine = RemoteSpeech(OpenAIDialect(), [(server, Traffic(queue.provider, "attic", ServerLimits()))])
    yield Studio(queue, storage, [engine])
    await engine.aclose()


async def test_cancel_hangs_up_and_no_new_call_is_made_after_two_seconds(studio: Studio, remote: Remote) -> None:
    await remote.told(seconds=30)
    job = replace(book(8), voice_settings=VoiceSettings("openai:bella"))
    job_id = await studio.queue.add_job(job)

    async def so_many_calls() -> bool:
        return len((await remote.record())["calls"]) == SLOTS

    async with studio.narrating(chapters=SLOTS):
        await eventually(so_many_calls)
        cancelled = time.monotonic()
        await studio.queue.cancel_job(job_id)

        async def all_hung_up() -> bool:
            return bool((await remote.record())["hung_up"] == SLOTS)

        await eventually(all_hung_up)
        assert time.monotonic() - cancelled < 2.5  # and some for the looking
        await asyncio.sleep(1)
        assert len((await remote.record())["calls"]) == SLOTS
