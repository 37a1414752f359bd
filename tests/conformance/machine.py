"""A store and the model side by side: what is done to one is done to the other, and compared after each step."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis.stateful import RuleBasedStateMachine, invariant

from ttsqueue.errors import TTSQueueError
from ttsqueue.jobs import Claim, Job, Lease
from ttsqueue.outcome import Outcome, Requeue

from .model import Model, ModelJob
from .samples import EVERYTHING
from .store import Store, StoreKind

T = TypeVar("T")
M = TypeVar("M")


class ComparingMachine(RuleBasedStateMachine):
    """One example: a fresh store, a fresh model, one event loop."""

    def __init__(self, kind: StoreKind, folder: Path) -> None:
        super().__init__()
        self.model = Model()
        self.leases: list[Lease] = []
        """Every lease that was ever handed out."""
        self.latest = datetime.min.replace(tzinfo=UTC)
        self.listed: tuple[Job, ...] = ()
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        store = Store(kind, self.stack.enter_context(kind.fresh(folder)))
        self.provider = self.do(self.stack.enter_async_context(store.opened()))

    def teardown(self) -> None:
        try:
            self.compare_records(set(self.model.jobs))
        finally:
            self.do(self.stack.aclose())
            self.runner.close()

    # --- what there is to choose from ---

    def running(self) -> list[Lease]:
        return [lease for lease in self.leases if self.model.holds(lease)]

    def stale(self) -> list[Lease]:
        return [lease for lease in self.leases if not self.model.holds(lease)]

    def live(self, pick: int) -> Lease:
        running = self.running()
        return running[pick % len(running)]

    def jobs(self) -> list[str]:
        """And the one that was listed last and has been deleted, if so."""
        return list(dict.fromkeys([*self.model.jobs, *(job.id for job in self.listed)]))

    def any_job(self, pick: int) -> str:
        jobs = self.jobs()
        return jobs[pick % len(jobs)]

    # --- doing the same on both sides ---

    def do(self, work: Awaitable[T]) -> T:
        async def done() -> T:
            return await work

        return self.runner.run(done())

    def agreed(self, in_model: Callable[[], M], in_store: Awaitable[T]) -> tuple[M, T] | None:
        """Both do it, or both refuse it for the same reason."""
        expected = _attempt(in_model)
        if not isinstance(expected, TTSQueueError):
            return expected, self.do(in_store)
        with pytest.raises(type(expected)) as refusal:
            self.do(in_store)
        assert vars(refusal.value) == vars(expected)
        return None

    def settle(self, lease: Lease, outcome: Outcome, silent_for: timedelta | None = None) -> None:
        job = self.do(self.provider.settle(lease, outcome, silent_for))
        expected = self.model.settle(lease, outcome)
        if isinstance(outcome, Requeue) and outcome.delay is not None:
            self.moves(expected, job, outcome.delay)

    def moves(self, expected: ModelJob, job: Job, delay: timedelta) -> None:
        """The job gets a new place: now, or later by the delay. The store's stamp becomes the model's."""
        assert job.run_at - delay >= self.latest
        self.latest = job.run_at - delay
        expected.run_at = job.run_at

    def hand_out(self, claim: Claim, job: ModelJob) -> None:
        earlier = [lease.token for lease in self.leases if lease.job_id == job.id]
        assert claim.lease.token > max(earlier, default=-1)
        assert claim.lease.job_id == job.id
        job.lease = claim.lease
        self.leases.append(claim.lease)

    # --- and then all is as the model has it ---

    @invariant()
    def the_jobs_are_those_of_the_model(self) -> None:
        listed = self.do(self.provider.page(EVERYTHING, 1000)).jobs
        newest_first = sorted(self.model.jobs.values(), key=lambda job: -job.arrival)
        assert [_shown(job) for job in listed] == [_expected(job) for job in newest_first]
        assert self.do(self.provider.stats()) == self.model.stats()
        self.compare_records({job.id for job in set(listed) - set(self.listed)})
        self.listed = listed

    def compare_records(self, job_ids: set[str]) -> None:
        """After each step for the jobs that look different, and for all at the end: reading is what takes the time."""
        for job_id in job_ids:
            job = self.model.jobs[job_id]
            chapters = self.do(self.provider.chapters(job_id))
            files = {record.index: record.finished.audio_file_id for record in chapters if record.finished}
            assert files == job.spoken
            assert [change.status for change in self.do(self.provider.history(job_id))] == job.states
            assert [attempt.outcome for attempt in self.do(self.provider.attempts(job_id))] == job.outcomes

    @invariant()
    def the_leases_are_those_of_the_model(self) -> None:
        assert self.do(self.provider.lost(self.leases)) == set(self.stale())

    @invariant()
    def the_next_claims_are_those_of_the_model(self) -> None:
        waiting = self.model.waiting()
        assert [self.do(self.provider.position(job.id)) for job in waiting] == list(range(len(waiting)))


def _attempt(in_model: Callable[[], M]) -> M | TTSQueueError:
    try:
        return in_model()
    except TTSQueueError as error:
        return error


def _shown(job: Job) -> dict[str, object]:
    return {
        "id": job.id,
        "status": job.status,
        "run_at": job.run_at,
        "attempts": job.attempts,
        "max_attempts": job.max_attempts,
        "claims": job.claims,
        "percent": job.progress_percent,
        "voice": job.voice_id,
        "errors": (job.error_message, job.last_error),
        "has ended": job.completed_at is not None,
        "has started": job.started_at is not None,
        "has a result": job.result is not None,
    }


def _expected(job: ModelJob) -> dict[str, object]:
    return {
        "id": job.id,
        "status": job.status,
        "run_at": job.run_at,
        "attempts": job.attempts,
        "max_attempts": job.max_attempts,
        "claims": job.claims,
        "percent": job.percent,
        "voice": job.voice_id,
        "errors": (job.error_message, job.last_error),
        "has ended": job.status.is_final,
        "has started": job.claims > 0,
        "has a result": job.status == "completed",
    }
