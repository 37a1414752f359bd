"""Doctor: the Redis server, and our way to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ttsqueue.cli.finding import Finding, fail, ok, warn

if TYPE_CHECKING:
    from ttsqueue.providers.redis.condition import Condition

_OLDEST_SERVER = (6, 2)
_NEARLY_ALL = 0.8
_MEGABYTE = 1_000_000


def check_redis(found: Condition) -> list[Finding]:
    """Pure: facts in, findings out."""
    if not found.version:
        return [warn("store", "Redis does not let us look at its settings (INFO); compare them with docs/bullmq.md.")]
    dangers = [warn("safety", danger) for danger in found.dangers]
    return [
        _check_version(found),
        *(dangers or [_safe(found)]),
        _check_memory(found),
        _check_encryption(found),
    ]


def _safe(found: Condition) -> Finding:
    if not found.syncs:
        return ok("safety", "Nothing is thrown away, and what was accepted is kept on disk; how soon, we may not look.")
    soon = "at once" if found.syncs == "always" else "within a second, or two when the disk is busy"
    return ok("safety", f"Nothing is thrown away, and what was accepted is on disk {soon}.")


def _check_version(found: Condition) -> Finding:
    if tuple(int(part) for part in found.version.split(".")[:2]) < _OLDEST_SERVER:
        oldest = ".".join(map(str, _OLDEST_SERVER))
        return fail("store", f"Redis {found.version} is too old; ttsqueue needs {oldest} or newer.")
    return ok("store", f"Redis {found.version}.")


def _check_memory(found: Condition) -> Finding:
    used = f"{found.memory / _MEGABYTE:,.0f} MB"
    if not found.most_memory:
        return ok("memory", f"{used} in use, without a limit.")
    used = f"{used} of {found.most_memory / _MEGABYTE:,.0f} MB are in use"
    if found.memory > _NEARLY_ALL * found.most_memory:
        return warn("memory", f"{used}; when it is full, no book can be added. Give Redis more, or delete old books.")
    return ok("memory", f"{used}.")


def _check_encryption(found: Condition) -> Finding:
    if found.is_encrypted:
        return ok("encryption", "The connection is encrypted.")
    if found.is_local:
        return ok("encryption", "None, and the server is on this machine.")
    return warn("encryption", "None: use rediss:// in REDIS_URL, or books and password travel in the clear.")
