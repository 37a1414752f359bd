"""/api/tts/queue: jobs come in, are shown and cancelled."""

from __future__ import annotations

import hashlib
from typing import Annotated

from fastapi import APIRouter, Header, Query
from starlette.requests import Request
from starlette.responses import JSONResponse

from ttsqueue.api.caller import Caller
from ttsqueue.api.job_view import estimate_view, job_view
from ttsqueue.api.queueing import estimate, queue_book
from ttsqueue.api.schemas.job import Cancelled, Estimated, ManyJobs, OneJob, Queued
from ttsqueue.api.schemas.new_job import UUID_FORMAT, NewJobIn
from ttsqueue.api.schemas.problem import refusals
from ttsqueue.api.site import Site, TheCaller, TheSite
from ttsqueue.api.turns import TheTurns
from ttsqueue.api.uuids import canonical_uuid
from ttsqueue.jobs import IdempotencyKey, Job, JobStatus
from ttsqueue.listing import JobFilter

router = APIRouter(prefix="/api/tts/queue", tags=["queue"])

EVERYBODY = "all"
LONGEST_PAGE = 200


def _link(operation: str, parameter: str) -> dict[str, object]:
    return {"operationId": operation, "parameters": {parameter: "$response.body#/jobId"}}


LINKS = {
    "theJob": _link("get_jobs", "query.jobId"),
    "cancel": _link("cancel_job", "query.jobId"),
    "chapters": _link("get_chapters", "path.job_id"),
    "timeline": _link("get_timeline", "path.job_id"),
    "retry": _link("retry_job", "path.job_id"),
    "delete": _link("delete_job", "path.job_id"),
}
"""What may be done with a new job, for whoever reads the description."""


@router.post(
    "",
    status_code=202,
    response_model=Queued,
    responses=refusals(400, 403, 409, 413, 415, 422, 429)
    | {202: {"links": LINKS}, 200: {"model": Estimated, "description": "With `dryRun`: nothing was queued."}},
)
async def add_job(
    wanted: NewJobIn,
    request: Request,
    site: TheSite,
    turns: TheTurns,
    caller: TheCaller,
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=255)] = None,
    dry_run: Annotated[
        bool, Query(alias="dryRun", description="Say what it would take and cost, or why it is refused; queue nothing.")
    ] = False,
) -> JSONResponse:
    """Queue a book. With an `Idempotency-Key`, asking again within 24 hours answers with the same job."""
    new = wanted.job(_user(caller, wanted.user_id), caller.priority(wanted.priority, wanted.is_premium))
    if dry_run:
        return JSONResponse({"success": True, "estimate": estimate_view(await estimate(site, caller, new))})
    key = None
    if idempotency_key is not None:
        key = IdempotencyKey(idempotency_key, hashlib.sha256(await request.body()).hexdigest())
    job = await queue_book(site, turns, caller, new, wanted.cover, key)
    body = {"success": True, "jobId": job.id, "job": job_view(job, site.audio_links)}
    return JSONResponse(body, 202, {"Location": f"/api/tts/queue?jobId={job.id}"})


@router.get("", response_model=OneJob | ManyJobs, responses=refusals(400, 403, 404, 422))
async def get_jobs(
    site: TheSite,
    caller: TheCaller,
    job_id: Annotated[str | None, Query(alias="jobId", description="One job.")] = None,
    user_id: Annotated[
        str | None,
        Query(
            alias="userId",
            description="A user's jobs; `all` is everybody's, for admins.",
            json_schema_extra={"anyOf": [UUID_FORMAT, {"const": EVERYBODY}]},
        ),
    ] = None,
    work_id: Annotated[str | None, Query(alias="workId", json_schema_extra=UUID_FORMAT)] = None,
    status: Annotated[list[JobStatus] | None, Query(description="Only jobs in these states.")] = None,
    limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = 50,
    cursor: Annotated[str | None, Query(description="`nextCursor` of the page before.")] = None,
) -> JSONResponse:
    """One job, or a list of jobs, newest first. Without parameters: the caller's own."""
    if job_id is not None:
        return JSONResponse(await _one(site, caller, job_id))
    everybody = user_id == EVERYBODY
    if everybody:
        caller.check_admin()
    which = JobFilter(
        user_id=None if everybody else _user(caller, user_id),
        work_id=None if work_id is None else canonical_uuid("workId", work_id),
        statuses=frozenset(status) if status else None,
    )
    page = await site.app.queue.list_jobs(which, limit, cursor)
    jobs = [job_view(job, site.audio_links) for job in page.jobs]
    return JSONResponse({"jobs": jobs, "nextCursor": page.next_cursor})


@router.delete("", response_model=Cancelled, responses=refusals(400, 404, 409))
async def cancel_job(site: TheSite, caller: TheCaller, job_id: Annotated[str, Query(alias="jobId")]) -> JSONResponse:
    """Cancel a job that waits or is being spoken. Its finished chapters stay."""
    await visible_job(site, caller, job_id)
    job = await site.app.queue.cancel_job(job_id)
    body = {"success": True, "message": "Job cancelled successfully", "job": job_view(job, site.audio_links)}
    return JSONResponse(body)


async def visible_job(site: Site, caller: Caller, job_id: str) -> Job:
    """JobNotFound, also for a job of somebody else."""
    job = await site.app.queue.get_job(job_id)
    caller.check_sees(job)
    return job


async def _one(site: Site, caller: Caller, job_id: str) -> dict[str, object]:
    job = await visible_job(site, caller, job_id)
    position = await site.app.queue.get_position(job_id)
    return {"job": job_view(job, site.audio_links), "position": position}


def _user(caller: Caller, user_id: str | None) -> str:
    """Forbidden, InvalidJob."""
    return caller.on_behalf_of(None if user_id is None else canonical_uuid("userId", user_id))
