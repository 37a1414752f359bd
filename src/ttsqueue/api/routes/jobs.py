"""/api/tts/queue/{jobId}/...: looking closer at one job, trying it again, forgetting it."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import JSONResponse

from ttsqueue.api.job_view import chapters_view, job_view, timeline_view
from ttsqueue.api.queueing import queue_again
from ttsqueue.api.routes.queue import visible_job
from ttsqueue.api.schemas.chapters import ChaptersOut, TimelineOut
from ttsqueue.api.schemas.job import Changed, Done
from ttsqueue.api.schemas.problem import refusals
from ttsqueue.api.site import TheCaller, TheSite
from ttsqueue.removal import remove_job

router = APIRouter(prefix="/api/tts/queue/{job_id}", tags=["queue"])


@router.get("/chapters", response_model=ChaptersOut, responses=refusals(404))
async def get_chapters(job_id: str, site: TheSite, caller: TheCaller) -> JSONResponse:
    """Every chapter in order; those that have been spoken can be played."""
    await visible_job(site, caller, job_id)
    chapters = await site.app.queue.get_chapters(job_id)
    return JSONResponse({"chapters": chapters_view(chapters, site.audio_links)})


@router.get("/timeline", response_model=TimelineOut, responses=refusals(404))
async def get_timeline(job_id: str, site: TheSite, caller: TheCaller) -> JSONResponse:
    """The states the job has been in, and every attempt to speak it."""
    await visible_job(site, caller, job_id)
    history = await site.app.queue.get_history(job_id)
    return JSONResponse(timeline_view(history, await site.app.queue.get_attempts(job_id)))


@router.post("/retry", response_model=Changed, responses=refusals(404, 409, 429))
async def retry_job(job_id: str, site: TheSite, caller: TheCaller) -> JSONResponse:
    """Try a failed or cancelled job again; its finished chapters are kept."""
    job = await queue_again(site, caller, await visible_job(site, caller, job_id))
    return JSONResponse({"success": True, "job": job_view(job, site.audio_links)})


@router.delete("", response_model=Done, responses=refusals(404, 409))
async def delete_job(job_id: str, site: TheSite, caller: TheCaller) -> JSONResponse:
    """Forget a job in a final state, with its sound, and with its cover when it was the last of its work."""
    await visible_job(site, caller, job_id)
    site.live.deleted(await remove_job(site.app.queue, site.app.storage, job_id))
    return JSONResponse({"success": True})
