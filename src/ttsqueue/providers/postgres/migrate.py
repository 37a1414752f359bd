"""Bringing the schema up to date."""

from __future__ import annotations

import psycopg

from ttsqueue.errors import StoreTooNew
from ttsqueue.providers.postgres.connection import Connection
from ttsqueue.providers.postgres.faults import explained
from ttsqueue.providers.postgres.sql import SCHEMA_VERSION, query, schema


async def migrate(connection: Connection) -> None:
    """Run the schema file where it is older or not there; others may do the same now. StoreTooNew, StoreUnavailable."""
    try:
        installed = await _version(connection)
        if installed > SCHEMA_VERSION:
            raise StoreTooNew("The queue in this database was made by a newer ttsqueue; upgrade ttsqueue to use it.")
        if installed < SCHEMA_VERSION:
            await _install(connection)
    except psycopg.Error as error:
        raise explained(error) from error


async def _version(connection: Connection) -> int:
    (row,) = await (await connection.execute(query("is_installed"))).fetchall()
    if not row["installed"]:
        return 0
    (row,) = await (await connection.execute(query("schema_version"))).fetchall()
    return int(row["schema_version"])


async def _install(connection: Connection) -> None:
    try:
        await connection.execute(schema(), prepare=False)
    except psycopg.Error:
        if not connection.closed:
            await connection.execute("ROLLBACK")
        raise
