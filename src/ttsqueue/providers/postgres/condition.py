"""What an operator should know about the server and our way to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ttsqueue.providers.postgres.connection import Way
from ttsqueue.providers.postgres.rows import moment
from ttsqueue.providers.postgres.store import Store


@dataclass(frozen=True, slots=True)
class Condition:
    """Facts; what they mean is told elsewhere."""

    way: Way
    hears: bool
    """LISTEN works, so that nobody needs to poll."""
    server_version: int
    """Such as 170002 for 17.2."""
    schema_version: int
    compresses_well: bool
    """Books are stored with lz4."""
    rows_are_guarded: bool
    """Row level security is on."""
    connections: int
    most_connections: int
    oldest_transaction: timedelta
    """Of others in this database; zero when none is open, or none that we may see."""
    live_rows: int
    """Of tts_jobs, as the server estimates them."""
    dead_rows: int
    clock_ahead: timedelta
    """By how much the server's clock is ahead of this machine's; negative when it is behind."""


async def condition(store: Store) -> Condition:
    """StoreUnavailable."""
    hears = await store.hears()
    way = await store.reader.way()
    before = datetime.now(UTC)
    (row,) = await store.reader.all("condition", {})
    halfway = before + (datetime.now(UTC) - before) / 2
    facts = {name: value for name, value in row.items() if name != "read_at"}
    return Condition(way, hears, **facts, clock_ahead=moment(row["read_at"]) - halfway)
