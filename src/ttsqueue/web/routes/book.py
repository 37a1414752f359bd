"""/books/{id}: one book, and what can be done with it."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ttsqueue.api.queueing import queue_again
from ttsqueue.api.routes.queue import visible_job
from ttsqueue.api.site import TheSite
from ttsqueue.removal import remove_job
from ttsqueue.web.book_view import look_at
from ttsqueue.web.page_caller import TheVisitor
from ttsqueue.web.rendering import page

router = APIRouter(prefix="/books/{job_id}", include_in_schema=False)


@router.get("")
async def show(job_id: str, request: Request, site: TheSite, caller: TheVisitor) -> Response:
    job = await visible_job(site, caller, job_id)
    view = await look_at(site.app.queue, job, site.audio_links)
    return page(request, caller, "book.html", here="book", book=view)


@router.post("/stop")
async def stop(job_id: str, site: TheSite, caller: TheVisitor) -> Response:
    """Finished chapters stay."""
    await visible_job(site, caller, job_id)
    await site.app.queue.cancel_job(job_id)
    return RedirectResponse(f"/books/{job_id}", 303)


@router.post("/retry")
async def retry(job_id: str, site: TheSite, caller: TheVisitor) -> Response:
    """Go on from the first chapter that is not spoken."""
    await queue_again(site, caller, await visible_job(site, caller, job_id))
    return RedirectResponse(f"/books/{job_id}", 303)


@router.post("/delete")
async def delete(job_id: str, site: TheSite, caller: TheVisitor) -> Response:
    """Forget the book, with its sound."""
    await visible_job(site, caller, job_id)
    site.live.deleted(await remove_job(site.app.queue, site.app.storage, job_id))
    return RedirectResponse("/books", 303)
