"""The review form becomes a job, by the same steps as POST /api/tts/queue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from starlette.datastructures import FormData

from ttsqueue.api.caller import Caller
from ttsqueue.api.queueing import queue_book
from ttsqueue.api.schemas.new_job import NewJobIn
from ttsqueue.api.site import Site
from ttsqueue.api.turns import Turns
from ttsqueue.errors import InvalidJob
from ttsqueue.jobs import Job
from ttsqueue.web.review import Wishes

_TITLE = "title-"


def wishes_of(form: FormData) -> Wishes:
    """What the form says; what it lacks is the usual. InvalidJob."""
    fields = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    return Wishes(
        title=fields.get("title", "").strip(),
        author=fields.get("author", "").strip(),
        titles={name.removeprefix(_TITLE): value for name, value in fields.items() if name.startswith(_TITLE)},
        kept=[value for value in form.getlist("keep") if isinstance(value, str)],
        voice_id=fields.get("voice", "default"),
        speed=_number(fields.get("speed", "1")),
        audio_format=fields.get("format", "m4b"),
    )


async def submit(site: Site, turns: Turns, caller: Caller, body: Mapping[str, Any]) -> Job:
    """InvalidJob, DuplicateJob, LimitReached and whatever else the queue refuses a job for."""
    try:
        wanted = NewJobIn.model_validate(body)
    except ValidationError as error:
        raise InvalidJob(f"The form holds something that cannot be spoken: {error.errors()[0]['msg']}.") from None
    new = wanted.job(caller.on_behalf_of(None), caller.priority(None))
    return await queue_book(site, turns, caller, new, wanted.cover)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise InvalidJob("The speed must be a number.") from None
