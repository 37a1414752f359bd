"""Everything on the admin's page: one look at the queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from ttsqueue.activity import ActivityBucket
from ttsqueue.app import App
from ttsqueue.listing import QueueStats
from ttsqueue.queue import TTSQueue
from ttsqueue.web.admin_address import Asked
from ttsqueue.web.admin_figures import DAY, HOUR, STEPS, Figure, charts, figures
from ttsqueue.web.admin_jobs import JobList, list_jobs
from ttsqueue.web.admin_servers import ServerRow, server_row
from ttsqueue.web.admin_situation import situation
from ttsqueue.web.admin_workers import WorkerRow, list_workers
from ttsqueue.web.attention import Attention, Situation, all_is_well, attention, paused_queue
from ttsqueue.web.charts import Chart
from ttsqueue.web.wording import counted


@dataclass(frozen=True, slots=True)
class AdminPage:
    """What the template draws, in its order."""

    asked: Asked
    paused: bool
    waiting: int
    attention: tuple[Attention, ...]
    all_is_well: str
    """Instead of the attention when there is none."""
    figures: tuple[Figure, ...]
    charts: tuple[Chart, ...]
    workers: tuple[WorkerRow, ...]
    servers: tuple[ServerRow, ...]
    jobs: JobList

    @property
    def summary(self) -> str:
        """For screen readers, when it changes."""
        if not self.attention:
            return "All is well."
        verb = "needs" if len(self.attention) == 1 else "need"
        return f"{counted(len(self.attention), 'thing')} {verb} somebody."


async def look(app: App, asked: Asked) -> AdminPage:
    """StoreUnavailable, and InvalidJob for a cursor that is not ours."""
    queue, now = app.queue, datetime.now(UTC)
    stats, paused, workers = await queue.get_queue_stats(), await queue.is_paused(), await queue.get_workers()
    seen = await situation(app, stats, workers, paused, now)
    return AdminPage(
        asked=asked,
        paused=paused,
        waiting=seen.due,
        attention=_needs(seen),
        all_is_well=all_is_well(seen),
        figures=await _figures(queue, stats),
        charts=charts(await queue.get_activity(*STEPS[asked.span]), asked.span),
        workers=await list_workers(queue, workers),
        servers=tuple(map(server_row, seen.servers)),
        jobs=await list_jobs(queue, asked, now),
    )


def _needs(seen: Situation) -> tuple[Attention, ...]:
    return (*paused_queue(seen), *attention(seen))


async def _figures(queue: TTSQueue, stats: QueueStats) -> tuple[Figure, ...]:
    spans: list[ActivityBucket] = [(await queue.get_activity(span, 1)).buckets[0] for span in (DAY, HOUR)]
    return figures(stats, *spans)
