"""/books/{id}: one book, and what can be done with it."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ttsqueue.api.routes.queue import visible_job
from ttsqueue.api.site import TheCaller, TheSite
from ttsqueue.errors import JobNotFound
from ttsqueue.web.book_view import look_at
from ttsqueue.web.rendering import PageRoute, page, problem_page

router = APIRouter(prefix="/books/{job_id}", route_class=PageRoute, include_in_schema=False)


@router.get("")
async def show(job_id: str, request: Request, site: TheSite, caller: TheCaller) -> Response:
    try:
        job = await visible_job(site, caller, job_id)
        view = await look_at(site.app.queue, job, site.audio_links)
    except JobNotFound:
        return problem_page(request, 404, "This book is not here", _NOT_HERE)
    return page(request, caller, "book.html", here="book", book=view)


@router.post("/stop")
async def stop(job_id: str, site: TheSite, caller: TheCaller) -> Response:
    """Finished chapters stay."""
    await visible_job(site, caller, job_id)
    await site.app.queue.cancel_job(job_id)
    return RedirectResponse(f"/books/{job_id}", 303)


@router.post("/retry")
async def retry(job_id: str, site: TheSite, caller: TheCaller) -> Response:
    """Go on from the first chapter that is not spoken."""
    await visible_job(site, caller, job_id)
    await site.app.queue.retry_job(job_id)
    return RedirectResponse(f"/books/{job_id}", 303)


@router.post("/delete")
async def delete(job_id: str, site: TheSite, caller: TheCaller) -> Response:
    """Forget the book, with its sound."""
    await visible_job(site, caller, job_id)
    await site.app.queue.delete_job(job_id)
    await asyncio.to_thread(site.app.storage.delete_job, job_id)
    return RedirectResponse("/books", 303)


_NOT_HERE = "It may have been deleted, or it belongs to somebody else. Nothing of yours is lost."
