"""/ and POST /books: choose a file or paste text, look at the chapters, make the audiobook."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ttsqueue.api.caller import Caller
from ttsqueue.api.problems import status_of
from ttsqueue.api.site import Site, TheCaller, TheSite
from ttsqueue.api.turns import TheTurns, Turns
from ttsqueue.books import Book
from ttsqueue.errors import BookError, DuplicateJob, InvalidJob, LimitReached, TooLarge, TTSQueueError
from ttsqueue.web.pasted import pasted_book
from ttsqueue.web.rendering import PageRoute, page
from ttsqueue.web.review import FORMATS, ReviewedBook, Wishes, job_body, read_review, review_of
from ttsqueue.web.start import start_in_words
from ttsqueue.web.submitting import submit, wishes_of
from ttsqueue.web.uploaded import shown_cover, uploaded_book
from ttsqueue.web.voice_choice import label, voice_choice

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_LARGEST_TEXT = 200 * 1024 * 1024
"""Bytes of one field of a form. The server's limit for whole bodies comes first."""
_MOST_FIELDS = 30_000
_REFUSED = (BookError, DuplicateJob, InvalidJob, LimitReached, TooLarge)


@router.get("/")
async def choose(request: Request, caller: TheCaller) -> Response:
    return _upload_page(request, caller)


@router.post("/books")
async def read(request: Request, site: TheSite, turns: TheTurns, caller: TheCaller) -> Response:
    """Show what the file or the pasted text holds. Nothing is stored."""
    async with request.form(max_files=1, max_part_size=_LARGEST_TEXT) as form:
        try:
            book = await _book(form, turns)
        except _REFUSED as error:
            return _upload_page(request, caller, error, str(form.get("text") or ""))
    return await _review_page(request, site, caller, review_of(book, await shown_cover(book, turns)))


@router.post("/books/new")
async def make(request: Request, site: TheSite, turns: TheTurns, caller: TheCaller) -> Response:
    """Queue the reviewed book and go to its page."""
    async with request.form(max_fields=_MOST_FIELDS, max_part_size=_LARGEST_TEXT) as form:
        book = read_review(str(form.get("book") or ""))
        wishes = wishes_of(form)
    try:
        job = await submit(site, turns, caller, job_body(book, wishes))
    except _REFUSED as error:
        return await _review_page(request, site, caller, book, wishes, error)
    return RedirectResponse(f"/books/{job.id}", 303)


async def _book(form: FormData, turns: Turns) -> Book:
    file = form.get("file")
    if isinstance(file, UploadFile) and file.filename:
        return await uploaded_book(file, turns)
    return pasted_book(str(form.get("text") or ""), str(form.get("title") or ""))


def _upload_page(request: Request, caller: Caller, error: TTSQueueError | None = None, text: str = "") -> Response:
    status = 200 if error is None else status_of(error)
    return page(request, caller, "upload.html", status, here="upload", error=error, text=text)


async def _review_page(
    request: Request,
    site: Site,
    caller: Caller,
    book: ReviewedBook,
    wishes: Wishes | None = None,
    error: TTSQueueError | None = None,
) -> Response:
    choice = await voice_choice(site.app.voices, book.language)
    return page(
        request,
        caller,
        "review.html",
        200 if error is None else status_of(error),
        book=book,
        voices=choice,
        voice_label=label,
        formats=FORMATS,
        wishes=wishes or _usual(book, choice.chosen),
        starts=await start_in_words(site.app.queue),
        error=error,
        duplicate=error.job_id if isinstance(error, DuplicateJob) else None,
    )


def _usual(book: ReviewedBook, voice_id: str | None) -> Wishes:
    kept = [chapter.id for chapter in book.chapters if chapter.left_out is None]
    return Wishes(book.title, book.author, {}, kept, voice_id or "", 1.0, "m4b")
