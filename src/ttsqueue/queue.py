"""TTSQueue: what applications, HTTP, the CLI and workers may do with jobs."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from ttsqueue import retry
from ttsqueue.activity import Activity
from ttsqueue.contract import result_from_json
from ttsqueue.entrance import ChooseVoice, Entrance, FreeOfCharge, Purse, any_voice
from ttsqueue.errors import InvalidJob, JobNotFound, LeaseLost, LeaseRequired, StoreUnavailable, TTSQueueError
from ttsqueue.jobs import DEFAULT_MAX_ATTEMPTS, Claim, ClaimedJob, IdempotencyKey, Job, Lease, NewJob, Progress
from ttsqueue.listing import JobFilter, JobPage, QueueStats
from ttsqueue.occasions import occasions
from ttsqueue.outcome import Complete, Fail, Outcome
from ttsqueue.provider import QueueProvider
from ttsqueue.records import Attempt, ChapterRecord, StateChange
from ttsqueue.result import JobResult
from ttsqueue.submission import accepted_payload
from ttsqueue.text import storable
from ttsqueue.workers import Worker

Handler = Callable[[ClaimedJob], Awaitable[JobResult | Mapping[str, Any]]]
"""Speaks one book. Returning completes the job; raising fails or retries it."""

RunWorker = Callable[["TTSQueue", Handler], Awaitable[None]]


class TTSQueue:
    """The queue of one store. Made by `ttsqueue.open_queue()`."""

    def __init__(
        self,
        provider: QueueProvider,
        *,
        max_attempts: int = DEFAULT_MAX_ATTEMPTS,
        stuck_after: timedelta = timedelta(minutes=30),
        backoff: retry.Backoff | None = None,
        choose_voice: ChooseVoice = any_voice,
        run_worker: RunWorker | None = None,
        purse: Purse | None = None,
    ) -> None:
        self.provider = provider
        self._stuck_after = stuck_after
        self._backoff = backoff or retry.Backoff()
        self._run_worker = run_worker
        self._entrance = Entrance(provider, max_attempts, choose_voice, purse or FreeOfCharge())
        self._held: dict[str, Claim] = {}

    # --- applications -------------------------------------------------------------------------------------------------

    async def add_job(self, job: NewJob, priority: int | None = None, idempotency: IdempotencyKey | None = None) -> str:
        """Queue a book and return its job id. `priority` (see get_priority_for_user) wins over the job's own.

        Raises InvalidJob, UnknownVoice, TooCostly, LimitReached, DuplicateJob, IdempotencyMismatch.
        """
        return (await self.submit(job, priority, idempotency)).id

    async def submit(self, job: NewJob, priority: int | None = None, idempotency: IdempotencyKey | None = None) -> Job:
        """The same as add_job, and returns the job as stored."""
        wanted = job if priority is None else replace(job, priority=priority)
        return await self._entrance.add(wanted, idempotency)

    async def add_jobs(self, jobs: Sequence[NewJob]) -> list[str | TTSQueueError]:
        """Queue many books, such as a back catalogue, far faster than one by one. Each is queued or refused by itself.

        In their order: the job id, or what add_job would have raised. After StoreUnavailable some may be queued: hand
        over all of them again, and those come back as DuplicateJob.
        """
        return await self._entrance.add_many(jobs)

    async def checked(self, job: NewJob) -> NewJob:
        """The job as it would be stored, its voice chosen. Nothing is stored. InvalidJob, UnknownVoice."""
        return await self._entrance.checked(job)

    async def get_earlier_job(self, user_id: str, idempotency: IdempotencyKey) -> Job | None:
        """The job that this user queued with this key within 24 hours. IdempotencyMismatch."""
        return await self.provider.earlier_job(user_id, idempotency)

    async def get_job(self, job_id: str) -> Job:
        """The job now. JobNotFound."""
        return await self.provider.get(job_id)

    async def get_user_jobs(self, user_id: str, limit: int = 50) -> list[Job]:
        """A user's newest jobs; `"all"` is the admin's list of everybody's."""
        page = await self.provider.page(JobFilter(user_id=None if user_id == "all" else user_id), limit)
        return list(page.jobs)

    async def list_jobs(self, which: JobFilter, limit: int = 50, cursor: str | None = None) -> JobPage:
        """Jobs newest first, a page at a time."""
        return await self.provider.page(which, limit, cursor)

    async def count_jobs(self, which: JobFilter) -> int:
        """How many jobs all pages of this list hold."""
        return await self.provider.count(which)

    async def cancel_job(self, job_id: str) -> Job:
        """Cancel at once; a worker that speaks it stops within two seconds. JobNotFound, NotCancellable."""
        return await self.provider.cancel(job_id)

    async def retry_job(self, job_id: str) -> Job:
        """Try a failed or cancelled job again; finished chapters are kept. JobNotFound, NotRetryable, DuplicateJob."""
        return await self.provider.retry(job_id)

    async def delete_job(self, job_id: str) -> None:
        """Forget a job in a final state. Its sound is not touched. JobNotFound, NotDeletable."""
        await self.provider.delete(job_id)

    async def watch(self, job_id: str) -> AsyncGenerator[Job, None]:
        """The job as it is now, then its newest state after each change; ends after a final state. JobNotFound."""
        seen: Job | None = None
        looks = occasions(job_id, self.provider.changes(), self.provider.longest_silence)
        async with aclosing(looks):
            async for is_told in looks:
                try:
                    job = await self.provider.get(job_id)
                except StoreUnavailable:
                    if is_told:
                        raise
                    continue  # it was looked at unasked
                if job != seen:
                    yield job
                if job.status.is_final:
                    return
                seen = job

    # --- looking closer -----------------------------------------------------------------------------------------------

    async def get_chapters(self, job_id: str) -> list[ChapterRecord]:
        """Every chapter in order, spoken or not."""
        return await self.provider.chapters(job_id)

    async def get_attempts(self, job_id: str) -> list[Attempt]:
        """Every claim so far and how it ended."""
        return await self.provider.attempts(job_id)

    async def get_history(self, job_id: str) -> list[StateChange]:
        """The states the job has been in, and since when."""
        return await self.provider.history(job_id)

    async def get_position(self, job_id: str) -> int | None:
        """How many jobs come before this one; None unless it is pending."""
        return await self.provider.position(job_id)

    async def get_queue_stats(self) -> QueueStats:
        """Jobs by status."""
        return await self.provider.stats()

    async def get_waiting_since(self) -> datetime | None:
        """Since when the job that has waited longest could be claimed; None when none waits."""
        return await self.provider.waiting_since()

    async def get_activity(self, span: timedelta, buckets: int) -> Activity:
        """What was done during the last `span`, in so many steps, for charts."""
        return await self.provider.activity(span, buckets)

    async def get_characters_since(self, user_id: str, span: timedelta) -> int:
        """Characters that a user handed in during the last `span` (at most 24 hours), of deleted jobs too."""
        return await self.provider.characters_since(user_id, span)

    async def get_workers(self) -> list[Worker]:
        """Registered workers and what each holds."""
        return await self.provider.workers()

    # --- operators ----------------------------------------------------------------------------------------------------

    async def pause(self) -> None:
        """Claim nothing until resume; running books go on."""
        await self.provider.set_paused(True)

    async def resume(self) -> None:
        """Claim again."""
        await self.provider.set_paused(False)

    async def is_paused(self) -> bool:
        """Whether the queue is paused."""
        return await self.provider.is_paused()

    async def reset_stuck_jobs(self) -> int:
        """Put jobs without a heartbeat back to pending, or fail them when no attempts are left. Returns how many."""
        stuck = await self.provider.stuck(self._stuck_after)
        return sum([await self.take_back(claim, silent_for=self._stuck_after) for claim in stuck])

    async def release_worker(self, name: str) -> int:
        """The process behind this worker name is dead: what it held goes back at once. Returns how many jobs."""
        return sum([await self.take_back(claim) for claim in await self.provider.claims_of(name)])

    async def take_back(
        self, claim: Claim, reason: str = retry.LOST_WORKER, silent_for: timedelta | None = None
    ) -> bool:
        """Nobody speaks this job any more: it goes back, or fails when no attempts are left.

        False when its lease was lost already, or it gave a sign of life within `silent_for`.
        """
        outcome = retry.after_lost_worker(claim.job.attempts, claim.job.max_attempts, reason)
        try:
            await self.provider.settle(claim.lease, outcome, silent_for)
        except LeaseLost:
            return False
        return True

    # --- workers ------------------------------------------------------------------------------------------------------

    async def claim_next_job(self, worker_id: str = "worker") -> ClaimedJob | None:
        """Take the next due job, or None. This object remembers the lease, so that later a job id is enough."""
        return next(iter(await self.claim_jobs(worker_id, 1)), None)

    async def claim_jobs(self, worker_id: str, limit: int) -> list[ClaimedJob]:
        """Take up to `limit` due jobs. A job whose payload is malformed fails at once and is not returned."""
        claims = await self.provider.claim(worker_id, limit)
        checks = map(self._checked, claims)
        if all(
            claim.payload for claim in claims
        ):  # nothing to wait for: a task for each would cost more than the check
            claimed = [await check for check in checks]
        else:
            claimed = await asyncio.gather(*checks)
        return [job for job in claimed if job is not None]

    async def _checked(self, claim: Claim) -> ClaimedJob | None:
        self._held[claim.job.id] = claim
        try:
            stored = claim.payload or await self.provider.payload(claim.job.id)
            payload = accepted_payload(stored, claim.job.job_type)
        except InvalidJob as error:
            with suppress(LeaseLost):
                await self._settle(claim.job.id, Fail(str(error), error.code))
        except JobNotFound:  # cancelled and deleted since; the others of this claim go on
            pass
        else:
            return ClaimedJob(claim.job, claim.lease, payload)
        self.forget(claim.lease)
        return None

    async def update_progress(
        self,
        job: str | ClaimedJob,
        *,
        progress_percent: int | None = None,
        current_chapter: int | None = None,
        progress_message: str | None = None,
        eta_seconds: float | None = None,
    ) -> Job:
        """Report progress; a message is made up from the chapter when there is none. LeaseLost, LeaseRequired."""
        claim = self._claim(job)
        if progress_message is None and current_chapter is not None:
            progress_message = f"Processing chapter {current_chapter} of {claim.job.total_chapters}"
        message = progress_message and storable(progress_message)
        progress = Progress(progress_percent, message, current_chapter, eta_seconds)
        return await self.provider.update_progress(claim.lease, progress)

    async def complete_job(self, job: str | ClaimedJob, result: JobResult | Mapping[str, Any]) -> Job:
        """All is spoken. A mapping has the API's names (`audioFileIds`, ...). LeaseLost, LeaseRequired."""
        made = result if isinstance(result, JobResult) else result_from_json(result)
        return await self._settle(job, Complete(made))

    async def fail_job(
        self,
        job: str | ClaimedJob,
        message: str,
        should_retry: bool = True,
        retry_after: timedelta | None = None,
        code: str | None = None,
    ) -> Job:
        """The attempt failed. With `retry_after` or code RATE_LIMIT it does not count. LeaseLost, LeaseRequired."""
        now = await self.provider.get(self._claim(job).job.id)
        error = retry.AttemptError(storable(message), code, should_retry, retry_after)
        chance = random.random()  # noqa: S311 - spreads retries, guards nothing
        return await self._settle(job, retry.after_error(error, now.attempts, now.max_attempts, self._backoff, chance))

    async def hand_back(self, job: str | ClaimedJob) -> Job:
        """Give a job back unharmed: it keeps its place and the attempt is not counted. LeaseLost, LeaseRequired."""
        return await self._settle(job, retry.after_hand_back())

    async def start_worker(self, handler: Handler) -> None:
        """Run `handler` on every job, as `ttsqueue work` runs ours, until this task is cancelled.

        Heartbeats, cancel, retries and stuck jobs are taken care of. What is running is handed back at the end.
        """
        if self._run_worker is None:
            raise RuntimeError("This queue was made without a worker; use ttsqueue.open_queue().")
        await self._run_worker(self, handler)

    async def _settle(self, job: str | ClaimedJob, outcome: Outcome) -> Job:
        lease = self._claim(job).lease
        settled = await self.provider.settle(lease, outcome)
        self.forget(lease)
        return settled

    def forget(self, lease: Lease) -> None:
        """This lease is over; a bare id of its job means nothing any more."""
        held = self._held.get(lease.job_id)
        if held is not None and held.lease == lease:
            del self._held[lease.job_id]

    def _claim(self, job: str | ClaimedJob) -> Claim:
        if isinstance(job, ClaimedJob):
            return Claim(job.job, job.lease)
        held = self._held.get(job)
        if held is None:
            raise LeaseRequired(job)
        return held
