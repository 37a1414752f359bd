"""The server goes away, comes back, is full: one sentence, and work goes on when the cause is over."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack, suppress

import psycopg
import pytest

from tests.conformance.samples import EVERYTHING, HAND_BACK, add_many, claimed, complete, new_job
from tests.conformance.test_workers import worker
from tests.postgres.test_schema import run_sql
from tests.postgres_server import Cluster
from ttsqueue.errors import StoreUnavailable
from ttsqueue.jobs import Job, JobStatus
from ttsqueue.providers.postgres import PostgresProvider, connection
from ttsqueue.providers.postgres.faults import explained

_OTHERS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


def cut_all_connections(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(_OTHERS)


def take_all_connections(url: str, others: ExitStack) -> None:
    with suppress(psycopg.OperationalError):
        while True:
            others.enter_context(psycopg.connect(url))


async def opened(url: str) -> PostgresProvider:
    provider = PostgresProvider(url)
    await provider.open()
    return provider


async def test_a_server_that_was_killed_and_started_again_has_lost_nothing(
    cluster: Cluster, own: PostgresProvider
) -> None:
    claim = await claimed(own)
    cluster.stop("immediate")
    cluster.start()
    (later,) = await add_many(own, 1)
    assert (await own.settle(claim.lease, complete())).status is JobStatus.COMPLETED
    assert (await own.get(later)).status is JobStatus.PENDING


async def test_a_short_restart_is_waited_for(cluster: Cluster, own: PostgresProvider) -> None:
    cluster.stop("immediate")
    adding = asyncio.create_task(add_many(own, 1))
    await asyncio.sleep(0.3)
    assert not adding.done()
    await asyncio.to_thread(cluster.start)
    (job_id,) = await adding
    assert (await own.get(job_id)).status is JobStatus.PENDING


async def test_a_server_that_stays_away_is_named_as_that(
    cluster: Cluster, own: PostgresProvider, own_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "PATIENCE", 0.2)
    cluster.stop("immediate")
    try:
        with pytest.raises(
            StoreUnavailable, match=r"^The database does not answer; check that the server runs"
        ) as gone:
            await own.add(new_job())
        assert "127.0.0.1" not in str(gone.value)
        with pytest.raises(StoreUnavailable, match="does not answer"):
            await PostgresProvider(own_url).open()
    finally:
        cluster.start()
    await own.add(new_job())
    assert (await own.stats()).pending == 1


async def test_of_jobs_that_come_in_while_the_server_dies_none_is_lost_or_doubled(
    cluster: Cluster, own: PostgresProvider
) -> None:
    adding = [asyncio.create_task(add_many(own, 40)) for _ in range(8)]
    await asyncio.sleep(0.05)
    await asyncio.to_thread(cluster.stop, "immediate")
    await asyncio.to_thread(cluster.start)
    answers = await asyncio.gather(*adding, return_exceptions=True)
    assert {type(answer) for answer in answers} <= {list, StoreUnavailable}
    kept = [job_id for answer in answers if isinstance(answer, list) for job_id in answer]
    for job_id in kept:
        assert isinstance(await own.get(job_id), Job)
    stats = await own.stats()
    assert stats.pending == await own.count(EVERYTHING) >= len(kept)


async def test_cut_connections_are_made_anew(provider: PostgresProvider, url: str) -> None:
    claim = await claimed(provider)
    cut_all_connections(url)
    assert (await provider.get(claim.job.id)).status is JobStatus.PROCESSING
    assert await provider.heartbeat([claim.lease]) == frozenset()
    cut_all_connections(url)
    assert (await provider.settle(claim.lease, complete())).status is JobStatus.COMPLETED


async def test_whoever_listens_hears_what_happened_while_its_connection_was_cut(
    provider: PostgresProvider, url: str
) -> None:
    other = await opened(url)
    changes = other.changes()
    assert await anext(changes) == frozenset()
    cut_all_connections(url)
    (job_id,) = await add_many(provider, 1)
    heard: frozenset[str] = frozenset()
    async with asyncio.timeout(5):
        while job_id not in heard:
            heard = await anext(changes)
        (later,) = await add_many(provider, 1)
        while later not in heard:
            heard = await anext(changes)
    await changes.aclose()
    await other.aclose()


async def test_a_sleeper_whose_connection_was_cut_wakes(provider: PostgresProvider, url: str) -> None:
    other = await opened(url)
    await other.wait_for_work(0.01)
    cut_all_connections(url)
    nap = asyncio.create_task(other.wait_for_work(20))
    await asyncio.sleep(0.05)
    await provider.add(new_job())
    await asyncio.wait_for(nap, 3)
    await other.aclose()


async def test_a_server_without_a_free_connection_is_named_as_that(own: PostgresProvider, own_url: str) -> None:
    with ExitStack() as others:
        take_all_connections(own_url, others)
        with pytest.raises(StoreUnavailable, match=r"has no connection left for us; raise max_connections"):
            await PostgresProvider(own_url).open()
        await own.add(new_job())


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (psycopg.errors.DiskFull("could not extend file"), "its disk is full"),
        (psycopg.errors.ReadOnlySqlTransaction("cannot execute INSERT"), "is read-only"),
        (psycopg.errors.InsufficientPrivilege("permission denied"), "connect as the owner"),
        (psycopg.OperationalError("server closed the connection at 10.1.2.3"), "does not answer"),
        (psycopg.errors.UndefinedTable("relation secret"), "SQLSTATE 42P01"),
    ],
)
def test_trouble_is_told_in_one_sentence_of_ours(error: psycopg.Error, sentence: str) -> None:
    told = str(explained(error))
    assert sentence in told
    assert told.endswith(".")
    assert "10.1.2.3" not in told
    assert "secret" not in told


async def test_a_wrong_password_or_database_is_named_without_showing_it(url: str) -> None:
    with pytest.raises(StoreUnavailable, match="has no database of the name") as refusal:
        await PostgresProvider(url + "_gone").open()
    assert url not in str(refusal.value)


async def test_a_standby_is_named_as_read_only(provider: PostgresProvider, url: str) -> None:
    name = url.rpartition("/")[2]
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on'.encode())
    cut_all_connections(url)
    with pytest.raises(StoreUnavailable, match="is read-only, a standby perhaps"):
        await provider.add(new_job())
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute("SET default_transaction_read_only = off")
        admin.execute(f'ALTER DATABASE "{name}" RESET default_transaction_read_only'.encode())
    cut_all_connections(url)
    await provider.add(new_job())


async def test_a_refused_write_fails_alone(provider: PostgresProvider, url: str) -> None:
    claim = await claimed(provider)
    run_sql(url, "ALTER TABLE tts_workers ADD CHECK (name <> 'bad')")
    good, bad = worker("good"), worker("bad")
    answers = await asyncio.gather(
        provider.register_worker(good),
        provider.register_worker(bad),
        provider.settle(claim.lease, complete()),
        *(provider.add(new_job()) for _ in range(3)),
        return_exceptions=True,
    )
    assert [type(answer).__name__ for answer in answers] == ["NoneType", "StoreUnavailable", *["Job"] * 4]
    assert [listed.name for listed in await provider.workers()] == ["good"]
    assert (await provider.stats()).pending == 3


async def test_a_row_that_somebody_else_has_locked_keeps_no_worker_from_the_next(
    provider: PostgresProvider, url: str
) -> None:
    first, second = await add_many(provider, 2)
    with psycopg.connect(url) as other:
        other.execute("SELECT FROM tts_jobs WHERE id = %s FOR UPDATE", [first])
        (claim,) = await asyncio.wait_for(provider.claim("worker"), 5)
        assert claim.job.id == second


async def test_of_many_who_complete_at_once_each_hears_of_its_own_job(provider: PostgresProvider) -> None:
    leases = [(await claimed(provider)).lease for _ in range(5)]
    in_disorder = [leases[place] for place in (3, 0, 4, 2, 1)]
    jobs = await asyncio.gather(*(provider.settle(lease, complete()) for lease in in_disorder))
    assert [job.id for job in jobs] == [lease.job_id for lease in in_disorder]


async def test_two_who_complete_one_job_at_once_do_not_both_succeed(provider: PostgresProvider) -> None:
    claims = [await claimed(provider) for _ in range(3)]
    leases = [claim.lease for claim in claims]
    answers = await asyncio.gather(
        *(provider.settle(lease, complete()) for lease in (*leases, leases[0])), return_exceptions=True
    )
    assert [type(answer).__name__ for answer in answers] == ["Job", "Job", "Job", "LeaseLost"]


async def test_of_many_who_complete_at_once_those_with_a_stale_lease_change_nothing(provider: PostgresProvider) -> None:
    leases = [(await claimed(provider)).lease for _ in range(5)]
    for stale in leases[:3]:
        await provider.settle(stale, HAND_BACK)
    answers = await asyncio.gather(*(provider.settle(lease, complete()) for lease in leases), return_exceptions=True)
    assert [type(answer).__name__ for answer in answers] == ["LeaseLost"] * 3 + ["Job"] * 2
    assert (await provider.stats()).completed == 2
