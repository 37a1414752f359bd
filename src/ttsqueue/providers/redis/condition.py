"""How the server stands, for those who run it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from redis.asyncio import Redis
from redis.exceptions import NoPermissionError, RedisError, ResponseError

from ttsqueue.providers.redis.faults import explained

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Condition:
    """What a queue needs of its Redis."""

    version: str
    """Empty where we may not ask; then the others say nothing either."""
    eviction: str = "noeviction"
    """maxmemory-policy."""
    keeps_what_it_is_told: bool = True
    """Whether it has an append-only file."""
    syncs: str = ""
    """appendfsync: when that file is put on disk. Empty where we may not ask."""
    memory: int = 0
    """Bytes in use."""
    most_memory: int = 0
    """0 for no limit."""
    is_local: bool = True
    is_encrypted: bool = False

    @property
    def dangers(self) -> list[str]:
        """What may lose jobs, one sentence each."""
        found = []
        if self.eviction != "noeviction":
            found.append(
                f"Redis throws data away when memory is short (maxmemory-policy {self.eviction}), jobs among them; "
                "set maxmemory-policy noeviction."
            )
        if not self.keeps_what_it_is_told:
            found.append("Redis forgets all jobs when it restarts; set appendonly yes, with appendfsync everysec.")
        elif self.syncs == "no":
            found.append("Redis leaves it to the system when jobs are put on disk; set appendfsync everysec.")
        return found


async def condition(client: Redis, url: str) -> Condition:
    """INFO tells nearly all: CONFIG is forbidden by many a provider. StoreUnavailable."""
    place = urlsplit(url)
    is_local = place.scheme == "unix" or (place.hostname or "") in _LOOPBACK
    is_encrypted = place.scheme == "rediss"
    try:
        known: Mapping[str, Any] = await client.info("everything")
        syncs = await _syncs(client)
    except NoPermissionError:
        return Condition("", is_local=is_local, is_encrypted=is_encrypted)
    except (RedisError, OSError) as error:
        raise explained(error) from error
    return Condition(
        version=str(known.get("redis_version", "")),
        eviction=str(known.get("maxmemory_policy", "noeviction")),
        keeps_what_it_is_told=bool(known.get("aof_enabled", 1)),
        syncs=syncs,
        memory=int(known.get("used_memory", 0)),
        most_memory=int(known.get("maxmemory", 0)),
        is_local=is_local,
        is_encrypted=is_encrypted,
    )


async def _syncs(client: Redis) -> str:
    try:
        return str((await client.config_get("appendfsync")).get("appendfsync", ""))
    except ResponseError:  # forbidden, or unknown there
        return ""
