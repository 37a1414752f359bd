"""Which layout of keys lies in the server."""

from __future__ import annotations

from ttsqueue.providers.redis.lane import Lane
from ttsqueue.schema_state import SchemaState

SCHEMA_VERSION = 1
USABLE_FROM = 1
"""The oldest SCHEMA_VERSION of programs that may use what this one writes."""


async def schema_state(lane: Lane) -> SchemaState:
    """StoreUnavailable."""
    _, installed, usable_from = await lane.run("schema_state", {})
    return SchemaState(installed, SCHEMA_VERSION, usable_from)
