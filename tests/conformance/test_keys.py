"""Keys of servers: let in by digest, revoked by name."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from ttsqueue.errors import KeyNameTaken
from ttsqueue.provider import QueueProvider
from ttsqueue.server_keys import ServerKey

SHOP = ServerKey("shop", "aa" * 32, is_admin=False)
OFFICE = ServerKey("büro", "bb" * 32, is_admin=True)


def without_times(keys: list[ServerKey]) -> list[ServerKey]:
    return [replace(key, created_at=None) for key in keys]


async def test_a_key_is_found_by_its_digest_as_it_was_added(provider: QueueProvider, other: QueueProvider) -> None:
    for key in (SHOP, OFFICE):
        await provider.add_key(key)
        found = await other.key_with(key.digest)
        assert found is not None
        assert found.created_at is not None
        assert replace(found, created_at=None) == key


async def test_an_unknown_digest_finds_nothing(provider: QueueProvider) -> None:
    await provider.add_key(SHOP)
    assert await provider.key_with("") is None
    assert await provider.key_with(SHOP.digest.upper()) is None


async def test_keys_are_listed_by_name(provider: QueueProvider) -> None:
    for key in (SHOP, OFFICE):
        await provider.add_key(key)
    assert without_times(await provider.keys()) == [OFFICE, SHOP]


@pytest.mark.parametrize("twin", [replace(OFFICE, name="shop"), replace(SHOP, name="kiosk")], ids=["name", "digest"])
async def test_a_name_or_key_that_is_there_already_is_refused(provider: QueueProvider, twin: ServerKey) -> None:
    await provider.add_key(SHOP)
    with pytest.raises(KeyNameTaken) as refusal:
        await provider.add_key(twin)
    assert refusal.value.name == twin.name
    assert without_times(await provider.keys()) == [SHOP]


async def test_of_6_that_take_one_name_at_once_one_gets_it(provider: QueueProvider, other: QueueProvider) -> None:
    answers = await asyncio.gather(
        *((provider, other)[n % 2].add_key(replace(SHOP, digest=f"{n:064x}")) for n in range(6)),
        return_exceptions=True,
    )
    assert sum(isinstance(answer, KeyNameTaken) for answer in answers) == 5
    assert len(await provider.keys()) == 1


async def test_a_removed_key_is_unknown_at_once_and_its_name_free(
    provider: QueueProvider, other: QueueProvider
) -> None:
    await provider.add_key(SHOP)
    assert await other.remove_key("shop") is True
    assert await provider.key_with(SHOP.digest) is None
    assert await provider.remove_key("shop") is False
    await provider.add_key(SHOP)
