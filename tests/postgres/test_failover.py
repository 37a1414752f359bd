"""The primary server dies, its standby takes over at another address."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.conformance.samples import EVERYTHING, add_many, claimed, complete, new_job
from tests.postgres_server import Cluster, Standby
from ttsqueue.errors import StoreUnavailable
from ttsqueue.jobs import Job, JobStatus
from ttsqueue.providers.postgres import PostgresProvider, lane


@pytest.fixture
def primary() -> Iterator[Cluster]:
    cluster = Cluster("-c listen_addresses=127.0.0.1 -c fsync=off")
    yield cluster
    cluster.remove()


@pytest.fixture
def standby(primary: Cluster) -> Iterator[Standby]:
    """From now on a commit of the primary is one when the standby has it, too."""
    standby = Standby(primary)
    with psycopg.connect(primary.url, autocommit=True) as admin:
        admin.execute("ALTER SYSTEM SET synchronous_standby_names = 'standby'")
        admin.execute("SELECT pg_reload_conf()")
    yield standby
    standby.remove()


@pytest.fixture
async def provider(primary: Cluster, standby: Standby) -> AsyncIterator[PostgresProvider]:
    """On whichever of the two takes writes."""
    parts = urlsplit(primary.url)
    hosts = f"{parts.netloc},127.0.0.1:{standby.port}"
    provider = PostgresProvider(parts._replace(netloc=hosts, query="target_session_attrs=read-write").geturl())
    await provider.open()
    yield provider
    await provider.aclose()


async def test_work_goes_on_at_the_new_address(primary: Cluster, standby: Standby, provider: PostgresProvider) -> None:
    claim = await claimed(provider)
    await add_many(provider, 5)
    await provider.wait_for_work(0.01)
    primary.stop("immediate")
    await asyncio.to_thread(standby.promote)
    assert (await provider.settle(claim.lease, complete())).status is JobStatus.COMPLETED
    nap = asyncio.create_task(provider.wait_for_work(20))
    added = await provider.add(new_job())
    await asyncio.wait_for(nap, 3)
    assert await provider.count(EVERYTHING) == 7
    assert (await provider.get(added.id)).status is JobStatus.PENDING


async def test_a_server_that_takes_no_writes_any_more_is_left(
    primary: Cluster, standby: Standby, provider: PostgresProvider
) -> None:
    await add_many(provider, 1)
    with psycopg.connect(primary.url, autocommit=True) as admin:
        admin.execute("ALTER SYSTEM SET default_transaction_read_only = on")
        admin.execute("SELECT pg_reload_conf()")
    await asyncio.to_thread(standby.promote)  # later: what the old one still took would wait for the standby for ever
    async with asyncio.timeout(5):
        while not await _can_add(provider):  # noqa: ASYNC110 - it is the server that is asked
            await asyncio.sleep(0.1)
    with psycopg.connect(standby.url) as now_primary:
        assert now_primary.execute("SELECT count(*) FROM tts_jobs").fetchall() == [(2,)]


async def _can_add(provider: PostgresProvider) -> bool:
    with suppress(StoreUnavailable):
        await add_many(provider, 1)
        return True
    return False


async def test_a_commit_that_waits_for_a_lost_standby_does_not_keep_anybody_from_closing(
    primary: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider = PostgresProvider(primary.url)
    await provider.open()
    with psycopg.connect(primary.url, autocommit=True) as admin:
        admin.execute("ALTER SYSTEM SET synchronous_standby_names = 'lost'")
        admin.execute("SELECT pg_reload_conf()")
    monkeypatch.setattr(lane, "LONGEST_GOODBYE", 1.0)
    adding = await _first_that_waits(provider)
    await asyncio.wait_for(provider.aclose(), 10)
    assert (await adding).status is JobStatus.PENDING


async def _first_that_waits(provider: PostgresProvider) -> asyncio.Task[Job]:
    """A server takes in its new settings when its checkpointer comes to it."""
    for _ in range(20):
        adding = asyncio.create_task(provider.add(new_job()))
        await asyncio.wait([adding], timeout=0.5)
        if not adding.done():
            return adding
        await asyncio.sleep(0.5)
    raise AssertionError("nothing waited for the standby")
