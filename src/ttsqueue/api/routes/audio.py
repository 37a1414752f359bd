"""GET /api/tts/audio/{audioFileId}: finished sound, and the covers of books."""

from __future__ import annotations

import re
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ttsqueue.api.audio_file import AudioFile, audio_answer, disposition
from ttsqueue.api.caller import Caller
from ttsqueue.api.problems import problem
from ttsqueue.api.schemas.problem import refusals
from ttsqueue.api.site import Site, TheSite, the_caller
from ttsqueue.api.sound_address import REDIRECT_HEADERS, sound_address
from ttsqueue.errors import AudioError, Forbidden, JobNotFound, Unauthenticated
from ttsqueue.filename import safe_name
from ttsqueue.jobs import Job
from ttsqueue.listing import JobFilter
from ttsqueue.storage import MEDIA_TYPES

router = APIRouter(prefix="/api/tts/audio", tags=["audio"])

_CHAPTER = re.compile(r"c(\d+)-\d+")
_BINARY = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in sorted(set(MEDIA_TYPES.values()))}
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"description": "The whole file.", "content": _BINARY},
    206: {"description": "The range that was asked for.", "content": _BINARY},
    304: {"description": "The client has it already."},
    307: {"description": "The sound lies in an object store; this is its address there, good for a while."},
}


async def get_audio(
    audio_file_id: str,
    request: Request,
    site: TheSite,
    expires: Annotated[int | None, Query(description="As in a signed address.")] = None,
    signature: Annotated[str | None, Query(description="As in a signed address; then no identity is needed.")] = None,
    download: Annotated[bool, Query(description="Offer to save it instead of playing it.")] = False,
) -> Response:
    """The sound of a chapter or audiobook, or a cover. One byte range may be asked for."""
    signed = _is_signed(site, audio_file_id, expires, signature)
    try:
        job = await _job_of(site, audio_file_id) if signed else await _own_job(site, request, audio_file_id)
        file = await AudioFile.of(site.app.storage, audio_file_id)
    except Unauthenticated:
        if signature is not None:
            site.audio_links.check(audio_file_id, expires or 0, signature)  # raises what is wrong with the address
        raise
    except (JobNotFound, AudioError, FileNotFoundError):
        return problem(404, "audio_not_found", "There is no such sound, or it is somebody else's.")
    if request.method == "GET" and not download and (address := await sound_address(site, audio_file_id)):
        return RedirectResponse(address, 307, REDIRECT_HEADERS)
    extra = {
        "Content-Disposition": disposition(_file_name(job, audio_file_id), download=download),
        "Cross-Origin-Resource-Policy": "cross-origin" if signed else "same-origin",
    }
    return audio_answer(file, request.method, request.headers, extra)


for _method in ("GET", "HEAD"):
    router.add_api_route(
        "/{audio_file_id}",
        get_audio,
        methods=[_method],
        response_class=Response,
        responses=_ANSWERS | refusals(400, 403, 404, 416),
        operation_id=f"{_method.lower()}_audio",
    )


def _is_signed(site: Site, audio_file_id: str, expires: int | None, signature: str | None) -> bool:
    """False for an old address too: it still plays for whoever may hear the sound anyway."""
    if expires is None or signature is None:
        return False
    try:
        site.audio_links.check(audio_file_id, expires, signature)
    except Forbidden:
        return False
    return True


async def _own_job(site: Site, request: Request, audio_file_id: str) -> Job:
    """JobNotFound, Unauthenticated."""
    caller = await the_caller(request)
    job = await _job_of(site, audio_file_id) or await _own_job_with_cover(site, caller, audio_file_id)
    if job is None:
        raise JobNotFound(audio_file_id)
    caller.check_sees(job)
    return job


async def _job_of(site: Site, audio_file_id: str) -> Job | None:
    try:
        return await site.app.queue.get_job(audio_file_id.partition(".")[0])
    except JobNotFound:
        return None


async def _own_job_with_cover(site: Site, caller: Caller, audio_file_id: str) -> Job | None:
    """Covers lie under the id of their work."""
    try:
        work_id = str(UUID(audio_file_id.partition(".")[0]))
    except ValueError:
        return None
    which = JobFilter(user_id=None if caller.acts_for_all else caller.user_id, work_id=work_id)
    return next(iter((await site.app.queue.list_jobs(which, 1)).jobs), None)


def _file_name(job: Job | None, audio_file_id: str) -> str:
    """`Title.m4b`, `Title - 3.m4a`"""
    _, part, suffix = audio_file_id.split(".")
    chapter = _CHAPTER.fullmatch(part)
    words = [job.title if job else "", str(int(chapter[1])) if chapter else ""]
    return safe_name(" - ".join(word for word in words if word), suffix)
