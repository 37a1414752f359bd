"""Bringing the schema up to date."""

from __future__ import annotations

import psycopg

from ttsqueue.errors import StoreTooNew
from ttsqueue.providers.postgres.connection import Connection
from ttsqueue.providers.postgres.faults import explained
from ttsqueue.providers.postgres.sql import SCHEMA_VERSION, query, schema
from ttsqueue.schema_state import SchemaState


async def migrate(connection: Connection) -> None:
    """Run the schema file where it is older or not there; others may do the same now. StoreTooNew, StoreUnavailable."""
    state = await schema_state(connection)
    if state.is_too_new:
        raise StoreTooNew("The queue in this database was made by a newer ttsqueue; upgrade ttsqueue to use it.")
    if state.is_behind:
        await _install(connection)


async def schema_state(connection: Connection) -> SchemaState:
    """StoreUnavailable."""
    try:
        (row,) = await (await connection.execute(query("is_installed"))).fetchall()
        if not row["installed"]:
            return SchemaState(0, SCHEMA_VERSION)
        (row,) = await (await connection.execute(query("schema_version"))).fetchall()
    except psycopg.Error as error:
        raise explained(error) from error
    return SchemaState(row["schema_version"], SCHEMA_VERSION, row["usable_from"])


async def _install(connection: Connection) -> None:
    try:
        await connection.execute(schema(), prepare=False)
    except psycopg.Error as error:
        if not connection.closed:
            await connection.execute("ROLLBACK")
        raise explained(error) from error
