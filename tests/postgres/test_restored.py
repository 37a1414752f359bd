"""An older state of the database is there again: a backup, or a standby that had not heard of the last seconds."""

from __future__ import annotations

import psycopg

from tests.conformance.samples import claim_one, new_job
from ttsqueue.providers.postgres import PostgresProvider

from .callers import ADA, add
from .test_rpc import claim


def forget_claim(connection: psycopg.Connection) -> None:
    """The row as it was; no trigger sees it."""
    connection.execute("SET session_replication_role = replica")
    connection.execute("UPDATE tts_jobs SET status = 'pending', lease = 0, attempts = 0, claims = 0, worker_id = NULL")
    connection.execute("DELETE FROM tts_attempts")
    connection.execute("SET session_replication_role = DEFAULT")


def test_the_claim_function_gives_a_lease_out_once(plain: psycopg.Connection) -> None:
    add(plain, ADA)
    leases = []
    for _ in range(3):
        row = claim(plain)
        assert row is not None
        leases.append(row[4])
        forget_claim(plain)
    assert len(set(leases)) == 3


async def test_the_provider_gives_a_lease_out_once(provider: PostgresProvider, url: str) -> None:
    await provider.add(new_job())
    leases = []
    with psycopg.connect(url, autocommit=True) as connection:
        for _ in range(3):
            leases.append((await claim_one(provider)).lease.token)
            forget_claim(connection)
    assert len(set(leases)) == 3
