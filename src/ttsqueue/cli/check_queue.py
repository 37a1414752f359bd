"""Doctor: the store, its workers, and books that do not move."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

from ttsqueue.app import SQLITE_FILE
from ttsqueue.cli.check_postgres import check_postgres
from ttsqueue.cli.check_redis import check_redis
from ttsqueue.cli.finding import Finding, fail, ok, warn
from ttsqueue.cli.wording import counted
from ttsqueue.departed import under_way
from ttsqueue.provider import QueueProvider
from ttsqueue.providers.sqlite import SqliteProvider
from ttsqueue.queue import TTSQueue
from ttsqueue.settings import Settings
from ttsqueue.workers import Worker

SILENT_BEATS = 3
"""A worker that missed this many heartbeats is stale."""


async def check_queue(queue: TTSQueue, settings: Settings) -> list[Finding]:
    """Everything that can be read from an open queue."""
    return [
        *await _check_store(queue, settings),
        await _check_workers(queue, settings.heartbeat_interval),
        await _check_pause(queue),
        await _check_stuck(queue, settings.stuck_after),
        *await _check_on_the_way(queue.provider),
    ]


async def _check_store(queue: TTSQueue, settings: Settings) -> list[Finding]:
    if isinstance(queue.provider, SqliteProvider):
        return [check_file(store_file(settings))]
    if settings.queue_provider == "redis":
        from ttsqueue.providers.redis import RedisProvider

        if isinstance(queue.provider, RedisProvider):
            return check_redis(await queue.provider.condition())
        return []
    from ttsqueue.providers.postgres import PostgresProvider

    if isinstance(queue.provider, PostgresProvider):
        return check_postgres(await queue.provider.condition())
    return []


def store_file(settings: Settings) -> Path:
    """Where the SQLite file lies."""
    url = settings.database_url
    return settings.data / SQLITE_FILE if url is None else Path(url.removeprefix("sqlite:///")).expanduser()


def check_file(path: Path) -> Finding:
    """Which version, and does it survive a power cut? Asks the file itself, past the queue."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        version, journal, verdict = (
            connection.execute(f"PRAGMA {pragma}").fetchone()[0]
            for pragma in ("user_version", "journal_mode", "quick_check(1)")
        )
    except sqlite3.Error as error:
        return fail("store", f"{path} cannot be read ({error}); stop all workers and restore a backup.")
    finally:
        connection.close()
    if verdict != "ok":
        return fail("store", f"{path} is damaged ({verdict}); stop all workers and restore a backup.")
    return ok("store", f"{path} is whole: schema {version}, journal {journal}.")


async def _check_workers(queue: TTSQueue, beat: timedelta) -> Finding:
    workers = await queue.get_workers()
    silent = [worker.name for worker in workers if is_silent(worker, beat)]
    if silent:
        sentence = "gave no sign of life lately; their books go back by themselves when a worker runs."
        return warn("workers", f"{', '.join(silent)} {sentence}")
    if not workers:
        return warn("workers", "None runs; start one with: ttsqueue work ('speak' brings its own)")
    return ok("workers", f"{counted(len(workers), 'worker')}: {', '.join(worker.name for worker in workers)}.")


def is_silent(worker: Worker, beat: timedelta) -> bool:
    """Whether it missed several heartbeats."""
    return worker.silent_for is not None and worker.silent_for > SILENT_BEATS * beat


async def _check_pause(queue: TTSQueue) -> Finding:
    if await queue.is_paused():
        return warn("pause", "The queue is paused; let it go on with: ttsqueue resume")
    return ok("pause", "The queue is not paused.")


async def _check_on_the_way(provider: QueueProvider) -> list[Finding]:
    """Only where a move did not end."""
    return [
        warn("move", f"Books are on the way to {to}, in neither queue; go on with: ttsqueue move --to {to}")
        for to in [each.address for each in await under_way(provider)]
    ]


async def _check_stuck(queue: TTSQueue, silent_for: timedelta) -> Finding:
    stuck = await queue.provider.stuck(silent_for)
    if stuck:
        return warn("stuck books", f"{counted(len(stuck), 'book')} without a sign of life: ttsqueue reset-stuck")
    return ok("stuck books", "None.")
