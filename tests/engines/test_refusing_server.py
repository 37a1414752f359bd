"""A server that refuses a voice which another one speaks: its key is wrong, or there is no money left."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import httpx
import pytest

from tests.engines.attic import TEXT, Attic, spoken
from tests.engines.remote import Remote, remote_server
from ttsqueue.engines.openai_speech import OpenAIDialect
from ttsqueue.engines.remote_call import Timeouts
from ttsqueue.engines.remote_speech import RemoteSpeech
from ttsqueue.errors import EngineError
from ttsqueue.servers.limits import ServerLimits
from ttsqueue.servers.server import SpeechServer
from ttsqueue.servers.traffic import Traffic

WRONG_KEY = "status 401"
REFUSALS = pytest.mark.parametrize(
    "trick",
    [WRONG_KEY, "status 404", "elsewhere", "quota insufficient_quota"],
    ids=["key", "voice", "address", "money"],
)


@pytest.fixture(scope="module")
def second_server() -> Iterator[Remote]:
    with remote_server() as remote:
        yield remote


@pytest.fixture
def refusing(second_server: Remote) -> Remote:
    httpx.delete(f"{second_server.address}/control")
    return second_server


def pool(attic: Attic, *remotes: Remote, waiting: float = 60) -> RemoteSpeech:
    """All with the voices bella and emma."""
    servers = []
    for name, remote in zip(("good", "bad"), remotes, strict=True):
        server = SpeechServer(name, "openai", f"{remote.address}/v1", voices=("bella", "emma"), model="kokoro")
        servers.append((server, Traffic(attic.store, name, ServerLimits(max_concurrent=2))))
    attic.made.append(RemoteSpeech(OpenAIDialect(), servers, Timeouts(5, 10, 30, waiting, doubt=0.1)))
    return attic.made[-1]


async def refuses_all(remote: Remote, trick: str) -> None:
    await remote.told(poison=(" ", trick))


async def asked(remote: Remote) -> int:
    """How often."""
    return len((await remote.record())["calls"])


@REFUSALS
async def test_a_server_that_refuses_ends_nothing_that_another_speaks(
    attic: Attic, remote: Remote, refusing: Remote, trick: str
) -> None:
    engine = pool(attic, remote, refusing)
    await remote.told(seconds=0.05)
    await refuses_all(refusing, trick)
    sounds = await asyncio.gather(*(spoken(engine, f"{TEXT} {number}") for number in range(20)), return_exceptions=True)
    assert [type(sound) for sound in sounds] == [bytes] * 20
    assert 1 <= await asked(refusing) <= 20


async def test_a_server_that_refused_is_passed_over_for_a_while(attic: Attic, remote: Remote, refusing: Remote) -> None:
    """And the operator reads why it has nothing to do."""
    engine = pool(attic, remote, refusing)
    await refuses_all(refusing, WRONG_KEY)
    while not await asked(refusing):
        await spoken(engine)
    for number in range(10):
        await spoken(engine, f"{TEXT} {number}")
    assert await asked(refusing) == 1
    state, _ = await engine._servers[1][1].state()
    assert state.last_trouble
    assert "No such voice" in state.last_trouble.words


async def test_a_voice_that_is_refused_keeps_no_other_voice_from_the_server(
    attic: Attic, remote: Remote, refusing: Remote
) -> None:
    engine = pool(attic, remote, refusing)
    await refuses_all(refusing, "status 404")
    while not await asked(refusing):
        await spoken(engine)
    await refusing.told()
    while await asked(refusing) < 2:
        await spoken(engine, voice="emma")


@pytest.mark.parametrize("trick", ["status 500", "busy 30"], ids=["away", "busy"])
async def test_a_server_that_refused_is_no_reason_to_wait_for_another(
    attic: Attic, remote: Remote, refusing: Remote, trick: str
) -> None:
    """That it might be asked at once says nothing: it would refuse."""
    engine = pool(attic, remote, refusing, waiting=1)
    await refuses_all(refusing, WRONG_KEY)
    await remote.told(poison=("a", trick))
    with pytest.raises(EngineError, match="good") as failure:
        async with asyncio.timeout(20):
            await spoken(engine)
    assert failure.value.retryable


async def test_when_all_refuse_the_book_fails_at_once_with_the_reason(
    attic: Attic, remote: Remote, refusing: Remote
) -> None:
    engine = pool(attic, remote, refusing)
    for server in (remote, refusing):
        await refuses_all(server, WRONG_KEY)
    for number in (1, 2):
        with pytest.raises(EngineError, match="refuses: No such voice at") as failure:
            await spoken(engine)
        assert (failure.value.code, failure.value.retryable) == ("REFUSED", False)
        assert [await asked(remote), await asked(refusing)] == [number, number]


async def test_a_text_that_one_server_refuses_is_not_taken_to_another(
    attic: Attic, remote: Remote, refusing: Remote
) -> None:
    """It is the same model there."""
    engine = pool(attic, remote, refusing)
    for server in (remote, refusing):
        await refuses_all(server, "status 400")
    with pytest.raises(EngineError, match="refuses: No such voice at"):
        await spoken(engine)
    assert await asked(remote) + await asked(refusing) == 1
