"""POST /api/tts/bulk: one action on many jobs."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import JSONResponse

from ttsqueue.api.bulk import Bulk, BulkResult
from ttsqueue.api.routes.admin import ADMINS_ONLY
from ttsqueue.api.schemas.bulk import BulkIn, BulkOut
from ttsqueue.api.schemas.problem import refusals
from ttsqueue.api.site import TheSite

router = APIRouter(prefix="/api/tts/bulk", tags=["operators"], dependencies=ADMINS_ONLY)


@router.post("", response_model=BulkOut, responses=refusals(400, 403, 413, 415, 422))
async def change_many(wanted: BulkIn, site: TheSite) -> JSONResponse:
    """Retry, cancel or delete jobs that are named or match a filter. A preview only counts them. For admins."""
    bulk = Bulk(site.app, wanted.action, site.live.deleted)
    if wanted.filter is not None:
        which = wanted.filter.filter()
        count = await bulk.count_matching(which)
        result = BulkResult() if wanted.preview else await bulk.do_to_matching(which)
    else:
        job_ids = wanted.job_ids or []
        count = await bulk.count_named(job_ids)
        result = BulkResult() if wanted.preview else await bulk.do_to_named(job_ids)
    return JSONResponse(_answer(count, result))


def _answer(count: int, result: BulkResult) -> dict[str, object]:
    return {
        "count": count,
        "changed": result.changed,
        "refused": result.refused,
        "refusals": [
            {"jobId": refusal.job_id, "error": str(refusal.error), "code": refusal.error.code}
            for refusal in result.refusals
        ],
    }
