"""/ and POST /books: choose a file or paste text, look at the chapters, make the audiobook."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ttsqueue.api.caller import Caller
from ttsqueue.api.problems import status_of
from ttsqueue.api.site import Site, TheSite
from ttsqueue.api.turns import TheTurns
from ttsqueue.api.upload import uploaded_form
from ttsqueue.errors import BookError, DuplicateJob, InvalidJob, LimitReached, TooLarge, TTSQueueError
from ttsqueue.web.page_caller import CSRF_FIELD, MOST_TEXT, TheVisitor, check_form, sent_form
from ttsqueue.web.rendering import page
from ttsqueue.web.review import FORMATS, ReviewedBook, Wishes, job_body, read_review, review_of, total_of
from ttsqueue.web.start import start_in_words
from ttsqueue.web.submitting import submit, wishes_of
from ttsqueue.web.uploaded import shown_cover, uploaded_book
from ttsqueue.web.voice_choice import VoiceChoice, label, voice_choice
from ttsqueue.web.voice_terms import VoiceTerms, terms_of

router = APIRouter(include_in_schema=False)

UPLOADS = frozenset({"/books"})
"""Addresses that take files."""

_REFUSED = (BookError, DuplicateJob, InvalidJob, LimitReached, TooLarge)


@router.get("/")
async def choose(request: Request, caller: TheVisitor) -> Response:
    return _upload_page(request, caller)


@router.post("/books")
async def read(request: Request, site: TheSite, turns: TheTurns) -> Response:
    """Show what the file or the pasted text holds. Nothing is stored."""
    identified = await site.identity.who(request)
    async with uploaded_form(request, site.app.settings.data / "uploads", MOST_TEXT) as form:
        check_form(request, identified, form.fields.get(CSRF_FIELD))
        try:
            book = await uploaded_book(form, turns)
        except _REFUSED as error:
            return _upload_page(request, identified.caller, error, form.fields.get("text", ""))
    return await _review_page(request, site, identified.caller, review_of(book, await shown_cover(book, turns)))


@router.post("/books/new")
async def make(request: Request, site: TheSite, turns: TheTurns, caller: TheVisitor) -> Response:
    """Queue the reviewed book and go to its page."""
    form = await sent_form(request)
    book = await asyncio.to_thread(read_review, str(form.get("book") or ""))
    wishes = wishes_of(form)
    try:
        job = await submit(site, turns, caller, job_body(book, wishes))
    except _REFUSED as error:
        return await _review_page(request, site, caller, book, wishes, error)
    return RedirectResponse(f"/books/{job.id}", 303)


def _upload_page(request: Request, caller: Caller, error: TTSQueueError | None = None, text: str = "") -> Response:
    status = 200 if error is None else status_of(error)
    largest = request.app.state.max_upload
    return page(request, caller, "upload.html", status, here="upload", error=error, text=text, largest=largest)


async def _review_page(
    request: Request,
    site: Site,
    caller: Caller,
    book: ReviewedBook,
    wishes: Wishes | None = None,
    error: TTSQueueError | None = None,
) -> Response:
    app = site.app
    choice = await voice_choice(app.voices, book.language)
    terms = terms_of((*choice.fitting, *choice.others), app.voices, app.prices)
    starts = await start_in_words(app.queue)
    # The whole text is in it: other requests must not wait.
    return await asyncio.to_thread(_review, request, caller, book, wishes, error, choice, terms, starts)


def _review(
    request: Request,
    caller: Caller,
    book: ReviewedBook,
    wishes: Wishes | None,
    error: TTSQueueError | None,
    choice: VoiceChoice,
    terms: Mapping[str, VoiceTerms],
    starts: str,
) -> Response:
    wishes = wishes or _usual(book, choice.chosen)
    chosen = terms.get(wishes.voice_id, VoiceTerms())
    calls = book.calls({each.most_characters for each in terms.values()})
    return page(
        request,
        caller,
        "review.html",
        200 if error is None else status_of(error),
        book=book,
        voices=choice,
        voice_label=label,
        formats=FORMATS,
        wishes=wishes,
        terms=terms,
        chosen=chosen,
        calls=calls,
        total=total_of(book, wishes, chosen, calls),
        starts=starts,
        error=error,
        duplicate=error.job_id if isinstance(error, DuplicateJob) else None,
    )


def _usual(book: ReviewedBook, voice_id: str | None) -> Wishes:
    kept = [chapter.id for chapter in book.chapters if chapter.left_out is None]
    return Wishes(book.title, book.author, {}, kept, voice_id or "", 1.0, "m4b")
