"""/api/tts/stats, workers, activity, pause, resume, reset-stuck: for those who keep the queue running.

A server's key acts for the users of its application and sees the counts. The queue itself, which other
applications may use too, is run by admins and by keys with their rights.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import JSONResponse

from ttsqueue.api.operators_view import activity_view, worker_view
from ttsqueue.api.schemas.admin import ActivityOut, PauseOut, ResetOut, StatsOut, WorkersOut
from ttsqueue.api.schemas.problem import refusals
from ttsqueue.api.site import TheCaller, TheSite
from ttsqueue.contract import stats_to_json
from ttsqueue.errors import Forbidden, JobNotFound
from ttsqueue.jobs import Job
from ttsqueue.queue import TTSQueue


async def _check_admin(caller: TheCaller) -> None:
    """Forbidden."""
    caller.check_admin()


async def _check_application(caller: TheCaller) -> None:
    """Forbidden for users: how much others do is none of their business."""
    if not caller.acts_for_all:
        raise Forbidden("Only an admin or a server's key may see this.")


ADMINS_ONLY = [Depends(_check_admin)]
APPLICATIONS_TOO = [Depends(_check_application)]

router = APIRouter(prefix="/api/tts", tags=["operators"])


class Span(StrEnum):
    """How far back."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"


_STEPS = {
    Span.HOUR: (timedelta(hours=1), 60),
    Span.DAY: (timedelta(days=1), 96),
    Span.WEEK: (timedelta(days=7), 84),
}


@router.get("/stats", response_model=StatsOut, responses=refusals(403), dependencies=APPLICATIONS_TOO)
async def get_stats(site: TheSite) -> JSONResponse:
    """Jobs by status. Every server's key may ask."""
    stats = stats_to_json(await site.app.queue.get_queue_stats())
    return JSONResponse(stats | {"paused": await site.app.queue.is_paused()})


@router.get("/workers", response_model=WorkersOut, responses=refusals(403), dependencies=ADMINS_ONLY)
async def get_workers(site: TheSite) -> JSONResponse:
    """Who speaks, and what. For admins."""
    queue = site.app.queue
    workers = await queue.get_workers()
    return JSONResponse({"workers": [worker_view(worker, await _held(queue, worker.job_ids)) for worker in workers]})


@router.get("/activity", response_model=ActivityOut, responses=refusals(400, 403), dependencies=ADMINS_ONLY)
async def get_activity(site: TheSite, span: Annotated[Span, Query()] = Span.HOUR) -> JSONResponse:
    """What was done during the last hour (by the minute), day (by quarters of an hour) or week (by two hours).

    For admins.
    """
    return JSONResponse(activity_view(await site.app.queue.get_activity(*_STEPS[span])))


@router.post("/pause", response_model=PauseOut, responses=refusals(403), dependencies=ADMINS_ONLY)
async def pause(site: TheSite) -> JSONResponse:
    """Hand out no jobs until resume; books that are being spoken go on. For admins."""
    await site.app.queue.pause()
    return JSONResponse({"success": True, "paused": True})


@router.post("/resume", response_model=PauseOut, responses=refusals(403), dependencies=ADMINS_ONLY)
async def resume(site: TheSite) -> JSONResponse:
    """Hand out jobs again. For admins."""
    await site.app.queue.resume()
    return JSONResponse({"success": True, "paused": False})


@router.post("/reset-stuck", response_model=ResetOut, responses=refusals(403), dependencies=ADMINS_ONLY)
async def reset_stuck(site: TheSite) -> JSONResponse:
    """Put jobs whose worker has been silent for too long back, now rather than with the workers' next round.

    For admins.
    """
    return JSONResponse({"success": True, "reset": await site.app.queue.reset_stuck_jobs()})


async def _held(queue: TTSQueue, job_ids: tuple[str, ...]) -> list[Job]:
    jobs = []
    for job_id in job_ids:
        try:
            jobs.append(await queue.get_job(job_id))
        except JobNotFound:  # deleted between two looks
            continue
    return jobs
