"""What a claim takes with many jobs before and behind it. Ours alone."""

from __future__ import annotations

import time

import psycopg

from bench.postgres.ours import USER
from bench.postgres.server import database
from bench.postgres.side import TEXT
from bench.table import percentile
from ttsqueue.providers.postgres import PostgresProvider

CLAIMS = 300
DUE, IN_TEN_HOURS = "0 hours", "10 hours"
FILL = """
INSERT INTO tts_jobs (work_id, user_id, payload, outline, total_chapters, priority, run_at, active_key)
SELECT gen_random_uuid(), %(user)s, jsonb_build_object('chapters',
        jsonb_build_array(jsonb_build_object('chapterId', 'ch1', 'text', %(text)s::text, 'title', ''))),
    '[["ch1", "", 1000]]', 1, %(priority)s, now() + %(later)s::interval + number * interval '1 microsecond',
    gen_random_uuid()::text
FROM generate_series(1, %(number)s) AS number
"""


async def claims_behind(server: str, *fills: tuple[int, str, int]) -> tuple[float, float]:
    """Milliseconds at the median, and claims per second. Each fill is a number of jobs, how late, and a priority."""
    with database(server) as url:
        provider = PostgresProvider(url)
        await provider.open()
        _fill(url, fills)
        times = []
        for _ in range(CLAIMS):
            start = time.perf_counter()
            assert await provider.claim("bench")
            times.append((time.perf_counter() - start) * 1000)
        await provider.aclose()
    return percentile(times, 50), CLAIMS / sum(times) * 1000


def _fill(url: str, fills: tuple[tuple[int, str, int], ...]) -> None:
    """Past the triggers, which would take longer than all measurements."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER TABLE tts_jobs DISABLE TRIGGER USER")
        for number, later, priority in fills:
            values = {"user": USER, "text": TEXT, "number": number, "later": later, "priority": priority}
            connection.execute(FILL, values)
        connection.execute("ALTER TABLE tts_jobs ENABLE TRIGGER USER")
        connection.execute("VACUUM ANALYZE tts_jobs")
