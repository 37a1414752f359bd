"""What a server has to be asked for again is paid for again, and counts for the next book."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import pytest

from tests.engines.remote import Remote, remote_server
from ttsqueue.book import VoiceSettings
from ttsqueue.costs.ceilings import Ceilings
from ttsqueue.costs.ledger import charges_of, spent
from ttsqueue.costs.price_list import PriceList
from ttsqueue.costs.purse import Purse
from ttsqueue.engines.catalogue import VoiceCatalogue
from ttsqueue.engines.openai_speech import OpenAIDialect
from ttsqueue.engines.remote_speech import RemoteSpeech
from ttsqueue.errors import LimitReached
from ttsqueue.jobs import Job, JobStatus
from ttsqueue.provider import QueueProvider
from ttsqueue.queue import TTSQueue
from ttsqueue.servers.limits import ServerLimits
from ttsqueue.servers.server import SpeechServer
from ttsqueue.servers.traffic import Traffic
from ttsqueue.storage import LocalStorage
from ttsqueue.worker import Narrator

from .at_work import at_work, final
from .samples import USER, book_of

SENTENCE = "The keeper wound the clock and wrote it down."
BOOK = replace(book_of([SENTENCE]), voice_settings=VoiceSettings("openai:bella"))


@pytest.fixture
def remote() -> Iterator[Remote]:
    with remote_server() as remote:
        yield remote


@pytest.fixture
def server(remote: Remote) -> SpeechServer:
    """A character costs 1."""
    url = f"{remote.address}/v1"
    return SpeechServer("attic", "openai", url, voices=("bella",), price_per_million_characters=1_000_000)


@pytest.fixture
def purse(queue: TTSQueue, server: SpeechServer) -> Purse:
    """There is money for one book, and not for two."""
    return Purse(queue.provider, PriceList((server,)), Ceilings(per_user=1.5 * len(SENTENCE), together=1000))


@pytest.fixture
async def narrator(
    queue: TTSQueue, storage: LocalStorage, server: SpeechServer, purse: Purse
) -> AsyncIterator[Narrator]:
    engine = RemoteSpeech(OpenAIDialect(), [(server, Traffic(queue.provider, server.name, ServerLimits()))])
    async with Narrator(queue.provider, storage, VoiceCatalogue([engine]), 1, purse=purse) as narrator:
        yield narrator
    await engine.aclose()


async def spoken(queue: TTSQueue, narrator: Narrator) -> Job:
    job = await queue.provider.add(BOOK)
    async with at_work(queue, narrator.narrate):
        return await final(queue, job.id)


async def spent_by(provider: QueueProvider, name: str) -> float:
    note = await provider.note(f"spending:{name}")
    return spent(charges_of(note.text), note.read_at.timestamp())


@pytest.mark.parametrize(("tricks", "times"), [((), 1), (("silent",), 2), (("silent", "silent"), 3)])
async def test_each_call_that_brought_sound_counts(
    queue: TTSQueue, remote: Remote, narrator: Narrator, tricks: tuple[str, ...], times: int
) -> None:
    await remote.told(*tricks)
    assert (await spoken(queue, narrator)).status is JobStatus.COMPLETED
    for name in (USER, "all"):
        assert await spent_by(queue.provider, name) == times * len(SENTENCE)


async def test_a_book_that_has_begun_is_not_stopped_and_the_next_one_waits(
    queue: TTSQueue, remote: Remote, narrator: Narrator, purse: Purse
) -> None:
    await remote.told("silent", "silent")
    assert (await spoken(queue, narrator)).status is JobStatus.COMPLETED
    with pytest.raises(LimitReached, match=r"of which 0\.00 is left"):
        await purse.check(BOOK)


async def test_what_a_server_refused_is_not_paid_for_twice(queue: TTSQueue, remote: Remote, narrator: Narrator) -> None:
    await remote.told("status 400")
    assert (await spoken(queue, narrator)).status is JobStatus.COMPLETED
    assert await spent_by(queue.provider, USER) == len(SENTENCE)
