"""What doctor says of a Redis, and what is said at the start of a program."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest

from tests.redis_server import Server
from ttsqueue.cli.check_redis import check_redis
from ttsqueue.cli.finding import State
from ttsqueue.errors import StoreUnavailable
from ttsqueue.providers.redis import RedisProvider
from ttsqueue.providers.redis.condition import Condition

FINE = Condition("7.0.15", syncs="everysec", memory=5_000_000)


def said(found: Condition) -> list[str]:
    """What is not fine."""
    return [finding.message for finding in check_redis(found) if finding.state is not State.OK]


def test_a_server_that_is_set_up_well_is_fine() -> None:
    assert said(FINE) == []


async def test_a_server_that_evicts_and_forgets_is_warned_about_at_the_start(caplog: pytest.LogCaptureFixture) -> None:
    server = Server("--maxmemory-policy", "allkeys-lru", "--appendonly", "no")
    provider = RedisProvider(server.url)
    try:
        with caplog.at_level(logging.WARNING):
            await provider.open()
        found = await provider.condition()
    finally:
        await provider.aclose()
        server.remove()
    assert [record.getMessage() for record in caplog.records if "ttsqueue" in record.name] == found.dangers
    assert "maxmemory-policy allkeys-lru" in found.dangers[0]
    assert "appendonly yes" in found.dangers[1]


@pytest.mark.parametrize(
    ("syncs", "state", "words"),
    [
        ("always", State.OK, "on disk at once"),
        ("everysec", State.OK, "or two when the disk is busy"),
        ("no", State.WARN, "set appendfsync everysec"),
    ],
)
async def test_doctor_says_when_jobs_are_on_disk(syncs: str, state: State, words: str) -> None:
    server = Server("--appendonly", "yes", "--appendfsync", syncs)
    provider = RedisProvider(server.url)
    try:
        await provider.open()
        (safety,) = [each for each in check_redis(await provider.condition()) if each.subject == "safety"]
    finally:
        await provider.aclose()
        server.remove()
    assert (safety.state, words in safety.message) == (state, True)


async def test_doctor_claims_nothing_that_it_may_not_look_at() -> None:
    server = Server("--appendonly", "yes", "--appendfsync", "no")
    server.run("ACL", "SETUSER", "books", "on", "nopass", "~{tts}*", "+@all", "-config")
    provider = RedisProvider(server.url.replace("redis://", "redis://books@"))
    try:
        await provider.open()
        (safety,) = [each for each in check_redis(await provider.condition()) if each.subject == "safety"]
    finally:
        await provider.aclose()
        server.remove()
    assert safety.message.endswith("kept on disk; how soon, we may not look.")


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (replace(FINE, version="5.0.14"), "too old"),
        (replace(FINE, version=""), "does not let us look"),
        (replace(FINE, most_memory=6_000_000), "5 MB of 6 MB"),
        (replace(FINE, is_local=False), "rediss://"),
    ],
)
def test_doctor_says_what_to_do(found: Condition, words: str) -> None:
    assert any(words in message for message in said(found))


async def test_a_user_who_may_not_look_at_settings_can_work_all_the_same() -> None:
    server = Server("--appendonly", "yes")
    try:
        server.run("ACL", "SETUSER", "books", "on", ">secret", "~{tts}*", "+@all", "-info", "-config")
        provider = RedisProvider(server.url.replace("redis://", "redis://books@"), "secret")
        await provider.open()
        assert (await provider.stats()).pending == 0
        assert (await provider.condition()).version == ""
        await provider.aclose()
        wrong = RedisProvider(server.url.replace("redis://", "redis://books@"), "guess")
        with pytest.raises(StoreUnavailable, match="refuses the user name or password"):
            await wrong.open()
    finally:
        server.remove()
