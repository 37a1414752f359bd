"""Bringing the schema up to date."""

from __future__ import annotations

import logging

import psycopg

from ttsqueue.errors import StoreTooNew, StoreUnavailable
from ttsqueue.providers.postgres.connection import Connection
from ttsqueue.providers.postgres.faults import explained
from ttsqueue.providers.postgres.sql import SCHEMA_VERSION, query, schema
from ttsqueue.schema_state import SchemaState

_log = logging.getLogger("ttsqueue.postgres")


async def migrate(connection: Connection) -> None:
    """Run the schema file where it is older or not there; others may do the same now. StoreTooNew, StoreUnavailable."""
    state = await schema_state(connection)
    if state.is_too_new:
        raise StoreTooNew("The queue in this database was made by a newer ttsqueue; upgrade ttsqueue to use it.")
    if state.installed < state.wanted:
        await _run(connection, schema())
    elif state.leaves_columns_unused and state.installed == state.wanted:
        await _use_columns(connection)


async def schema_state(connection: Connection) -> SchemaState:
    """StoreUnavailable."""
    try:
        (row,) = await (await connection.execute(query("is_installed"))).fetchall()
        if not row["installed"]:
            return SchemaState(0, SCHEMA_VERSION)
        (row,) = await (await connection.execute(query("schema_version"))).fetchall()
        (columns,) = await (await connection.execute(query("leaves_columns_unused"))).fetchall()
    except psycopg.Error as error:
        raise explained(error) from error
    return SchemaState(row["schema_version"], SCHEMA_VERSION, row["usable_from"], columns["unused"])


async def _run(connection: Connection, script: str) -> None:
    """A transaction of its own."""
    try:
        await connection.execute(script, prepare=False)
    except psycopg.Error as error:
        if not connection.closed:
            await connection.execute("ROLLBACK")
        raise explained(error) from error


async def _use_columns(connection: Connection) -> None:
    """Not worth staying away for: until it is done, nobody is premium by an unguarded column."""
    try:
        await _run(connection, query("use_columns"))
    except StoreUnavailable as error:
        _log.warning("profiles.is_premium or works.tts_job_id cannot be used yet: %s", error)
