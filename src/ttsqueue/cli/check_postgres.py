"""Doctor: the PostgreSQL server, and our way to it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ttsqueue.cli.finding import Finding, fail, ok, warn
from ttsqueue.cli.wording import counted

if TYPE_CHECKING:
    from ttsqueue.providers.postgres.condition import Condition

_OLDEST_SERVER = 15
_LONG_TRANSACTION = timedelta(minutes=10)
_CLOCKS_DIFFER = timedelta(seconds=5)
_NEARLY_ALL = 0.8
_FEW_ROWS = 10_000


def check_postgres(found: Condition) -> list[Finding]:
    """Pure: facts in, findings out."""
    return [
        _check_server(found),
        _check_way(found),
        _check_encryption(found),
        _check_guard(found),
        _check_connections(found),
        _check_transactions(found),
        _check_dead_rows(found),
        _check_clock(found),
    ]


def _check_server(found: Condition) -> Finding:
    version = f"{found.server_version // 10_000}.{found.server_version % 10_000}"
    if found.server_version < _OLDEST_SERVER * 10_000:
        return fail("store", f"PostgreSQL {version} is too old; ttsqueue needs {_OLDEST_SERVER} or newer.")
    kept = "books are stored with lz4" if found.compresses_well else "without lz4 (books take a little more time)"
    return ok("store", f"PostgreSQL {version}, schema {found.schema_version}, {kept}.")


def _check_way(found: Condition) -> Finding:
    if not found.way.is_pooled:
        return ok("connection", "Direct. Workers and pages are told at once when something happens.")
    if found.hears:
        return ok("connection", "Through a session pooler. Workers and pages are told at once when something happens.")
    return warn(
        "connection",
        "Through a transaction pooler: nothing can be told, so that workers and pages look twice a second. "
        "A direct or session connection (Supabase: port 5432) is quicker; this one suits many short-lived clients.",
    )


def _check_encryption(found: Condition) -> Finding:
    if found.way.is_encrypted:
        return ok("encryption", "The connection is encrypted.")
    if found.way.is_local:
        return ok("encryption", "None, and the server is on this machine.")
    return warn("encryption", "None: add ?sslmode=require to DATABASE_URL, or books and password travel in the clear.")


def _check_guard(found: Condition) -> Finding:
    if found.rows_are_guarded:
        return ok("row level security", "On: users see their own books alone.")
    return fail("row level security", "Off for tts_jobs: run docs/tts-queue-schema.sql again, which turns it on.")


def _check_connections(found: Condition) -> Finding:
    used = f"{found.connections} of {found.most_connections} connections are in use"
    if found.connections > _NEARLY_ALL * found.most_connections:
        return warn("connections", f"{used}; raise max_connections, use a pooler, or run fewer processes.")
    return ok("connections", f"{used}.")


def _check_transactions(found: Condition) -> Finding:
    if found.oldest_transaction > _LONG_TRANSACTION:
        minutes = int(found.oldest_transaction.total_seconds() // 60)
        return warn(
            "transactions",
            f"Somebody's has been open for {minutes} minutes, and nothing that was updated since can be tidied up; "
            "find it in pg_stat_activity (xact_start) and end it.",
        )
    return ok("transactions", "None is open for long.")


def _check_dead_rows(found: Condition) -> Finding:
    dead = f"{counted(found.dead_rows, 'dead row')} beside {found.live_rows:,} live ones in tts_jobs"
    if found.dead_rows > max(found.live_rows, _FEW_ROWS):
        return warn("dead rows", f"{dead}: look for a long transaction, or run VACUUM tts_jobs.")
    return ok("dead rows", f"{dead}.")


def _check_clock(found: Condition) -> Finding:
    if abs(found.clock_ahead) > _CLOCKS_DIFFER:
        direction = "ahead of" if found.clock_ahead > timedelta(0) else "behind"
        seconds = round(abs(found.clock_ahead).total_seconds())
        return warn(
            "clock",
            f"The database's is {seconds} s {direction} this machine's. The queue goes by the database's; logs, and "
            "tokens that expire, go by this one's. Let both follow NTP.",
        )
    return ok("clock", "The database and this machine agree about the time.")
