"""How books get into the queue by HTTP: within the limits of their user."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from ttsqueue.api.caller import Caller
from ttsqueue.api.given_cover import given_cover, stored_cover
from ttsqueue.api.site import Site
from ttsqueue.api.turns import Turns
from ttsqueue.api.uuids import canonical_uuid
from ttsqueue.costs.estimate import Estimate
from ttsqueue.errors import LimitReached, StoreUnavailable, TTSQueueError
from ttsqueue.jobs import IdempotencyKey, Job, NewJob
from ttsqueue.removal import remove_unused_covers


async def queue_book(
    site: Site, turns: Turns, caller: Caller, new: NewJob, cover: str | None = None, key: IdempotencyKey | None = None
) -> Job:
    """Queue a new job; `cover` is a picture as a data URI. With a key that was used before: the job of that time.

    Raises InvalidJob, UnknownVoice, DuplicateJob, IdempotencyMismatch, LimitReached, StoreUnavailable.
    """
    try:
        return await _queue_with_cover(site, turns, caller, new, cover, key)
    except LimitReached:
        job = await site.app.queue.get_earlier_job(new.user_id, key) if key else None
        if job is None:
            raise
        return job  # which needs no more room


async def estimate(site: Site, caller: Caller, new: NewJob) -> Estimate:
    """What queueing it would bring, or be refused for; nothing is stored.

    Whether the same book is being made already, and what the cover is worth, is not looked at.
    """
    await site.limits.check_new_job(caller, new)
    return await site.app.estimate(new)


async def queue_again(site: Site, caller: Caller, job: Job) -> Job:
    """Try a job of the caller's again. JobNotFound, NotRetryable, DuplicateJob, LimitReached."""
    async with site.limits.retry(caller, job.user_id):
        return await site.app.queue.retry_job(job.id)


async def _queue_with_cover(
    site: Site, turns: Turns, caller: Caller, new: NewJob, cover: str | None, key: IdempotencyKey | None
) -> Job:
    if cover is None:
        return await _queue(site, caller, new, key)
    await site.limits.check_new_job(caller, new)  # before anything is done with the picture
    work_id = canonical_uuid("workId", new.work_id)
    picture = await given_cover(cover, turns)
    try:
        file_id = await stored_cover(picture, work_id, site.app.storage)
        job = await _queue(site, caller, replace(new, book=replace(new.book, cover_file_id=file_id)), key)
    except TTSQueueError:
        await remove_unused_covers(site.app.queue, site.app.storage, work_id)
        raise
    with suppress(StoreUnavailable):  # the job is there, so that nothing may fail any more
        await stored_cover(picture, work_id, site.app.storage)  # it went if the work had no job for a moment
    return job


async def _queue(site: Site, caller: Caller, new: NewJob, key: IdempotencyKey | None) -> Job:
    async with site.limits.new_job(caller, new):
        return await site.app.queue.submit(new, idempotency=key)
