"""Any sequence of operations leaves a store where it leaves the model."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from ttsqueue.errors import LeaseLost
from ttsqueue.jobs import IdempotencyKey, NewJob, Progress
from ttsqueue.retry import AttemptError, Backoff, after_error, after_hand_back, after_lost_worker

from .leases import WRITES
from .machine import ComparingMachine
from .samples import AT_ONCE, LATER, complete, new_job, spoken
from .store import StoreKind

CHAPTERS = 3

picks = st.integers(0, 11)
indexes = st.integers(0, CHAPTERS - 1)
waits = st.sampled_from([AT_ONCE, AT_ONCE, LATER])
keys = st.none() | st.builds(IdempotencyKey, st.sampled_from("xy"), st.sampled_from("ab"))
books = st.builds(
    lambda work, priority, delay: new_job(CHAPTERS, work_id=str(UUID(int=work)), priority=priority, delay=delay),
    st.integers(0, 5),
    st.sampled_from([1, 5, 10]),
    waits,
)

if_running = precondition(lambda machine: bool(machine.running()))
if_any = precondition(lambda machine: bool(machine.jobs()))
if_stale = precondition(lambda machine: bool(machine.stale()))
if_waiting = precondition(lambda machine: bool(machine.model.waiting()))


class QueueMachine(ComparingMachine):
    """All that users, workers and upkeep may do, in any order."""

    @initialize(jobs=st.lists(books, min_size=3, max_size=3))
    def begin_with_some_jobs(self, jobs: list[NewJob]) -> None:
        for job in jobs:
            self.add(job, None)
        self.claim(2, "ada")

    @rule(new=books, key=keys)
    def add(self, new: NewJob, key: IdempotencyKey | None) -> None:
        answers = self.agreed(lambda: self.model.made_before(new, key), self.provider.add(new, key))
        if answers is None:
            return
        before, job = answers
        assert before in (None, job.id)
        if before is None:
            self.moves(self.model.add(job.id, new, key, job.run_at), job, new.delay)

    @if_waiting
    @rule(limit=st.integers(1, 3), worker=st.sampled_from(["ada", "bo"]))
    def claim(self, limit: int, worker: str) -> None:
        claims = self.do(self.provider.claim(worker, limit))
        expected = self.model.claim(limit)
        assert [claim.job.id for claim in claims] == [job.id for job in expected]
        for claim, job in zip(claims, expected, strict=True):
            self.hand_out(claim, job)

    @if_waiting
    @rule(limit=st.integers(1, 3))
    def pause_and_resume(self, limit: int) -> None:
        self.do(self.provider.set_paused(True))
        assert self.do(self.provider.claim("ada", 10)) == []
        self.do(self.provider.set_paused(False))
        self.claim(limit, "bo")

    @if_running
    @rule(pick=picks, percent=st.sampled_from([0, 20, 50, 99, 100]))
    def update_progress(self, pick: int, percent: int) -> None:
        lease = self.live(pick)
        self.do(self.provider.update_progress(lease, Progress(percent)))
        self.model.progress(lease, percent)

    @if_running
    @rule(pick=picks, voice=st.sampled_from(["espeak:en", "espeak:de"]))
    def freeze_voice(self, pick: int, voice: str) -> None:
        lease = self.live(pick)
        self.do(self.provider.freeze_voice(lease, voice))
        self.model.freeze_voice(lease, voice)

    @if_running
    @rule(pick=picks, index=indexes, file_id=st.sampled_from(["first", "second"]))
    def save_chapter(self, pick: int, index: int, file_id: str) -> None:
        lease = self.live(pick)
        self.do(self.provider.save_chapter(lease, spoken(index, file_id)))
        self.model.save_chapter(lease, index, file_id)

    @if_running
    @rule(pick=picks, index=indexes)
    def forget_chapter(self, pick: int, index: int) -> None:
        lease = self.live(pick)
        self.do(self.provider.forget_chapter(lease, index))
        self.model.forget_chapter(lease, index)

    @if_running
    @rule(pick=picks)
    def complete(self, pick: int) -> None:
        self.settle(self.live(pick), complete(CHAPTERS))

    @if_running
    @rule(pick=picks, retryable=st.sampled_from([True, True, False]), wait=waits)
    def break_down(self, pick: int, retryable: bool, wait: timedelta) -> None:
        lease = self.live(pick)
        job = self.model.held(lease)
        error = AttemptError("The engine crashed.", retryable=retryable)
        self.settle(lease, after_error(error, job.attempts, job.max_attempts, Backoff(wait, wait), 0.0))

    @if_running
    @rule(pick=picks, wait=waits)
    def be_told_to_slow_down(self, pick: int, wait: timedelta) -> None:
        error = AttemptError("Slow down.", "RATE_LIMIT", retry_after=wait)
        self.settle(self.live(pick), after_error(error, 1, 3, Backoff(), 0.0))

    @if_running
    @rule(pick=picks)
    def hand_back(self, pick: int) -> None:
        self.settle(self.live(pick), after_hand_back())

    @if_stale
    @rule(pick=picks, name=st.sampled_from(sorted(WRITES)))
    def write_with_a_stale_lease(self, pick: int, name: str) -> None:
        stale = self.stale()
        with pytest.raises(LeaseLost):
            self.do(WRITES[name](self.provider, stale[pick % len(stale)]))

    @if_running
    @rule(limit=st.integers(1, 2))
    def reset_stuck_jobs(self, limit: int) -> None:
        stuck = self.do(self.provider.stuck(AT_ONCE, limit))
        running = self.running()
        assert len({claim.lease for claim in stuck} & set(running)) == len(stuck) == min(limit, len(running))
        for claim in stuck:
            outcome = after_lost_worker(claim.job.attempts, claim.job.max_attempts)
            self.settle(claim.lease, outcome, silent_for=AT_ONCE)

    @if_running
    @rule(pick=picks)
    def stay_alive(self, pick: int) -> None:
        assert self.do(self.provider.heartbeat(self.leases)) == set(self.stale())
        with pytest.raises(LeaseLost):
            self.do(self.provider.settle(self.live(pick), after_lost_worker(1, 3), silent_for=LATER))

    @if_any
    @rule(pick=picks, wish=st.sampled_from(["cancel", "retry", "retry", "delete"]))
    def have_a_wish(self, pick: int, wish: str) -> None:
        """Users may wish for what is not possible now."""
        job_id = self.any_job(pick)
        in_model, in_store = getattr(self.model, wish), getattr(self.provider, wish)
        answers = self.agreed(lambda: in_model(job_id), in_store(job_id))
        if wish == "retry" and answers is not None:
            self.moves(*answers, AT_ONCE)


EXAMPLES = settings(
    max_examples=40,
    stateful_step_count=40,
    derandomize=True,  # the same examples for everybody; the drill looks for new ones
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def test_a_store_does_what_the_model_does(kind: StoreKind, tmp_path: Path) -> None:
    run_state_machine_as_test(partial(QueueMachine, kind, tmp_path), settings=EXAMPLES)  # type: ignore[arg-type]


@pytest.mark.drill
@pytest.mark.timeout(1800)
def test_a_store_does_what_the_model_does_for_long(kind: StoreKind, tmp_path: Path) -> None:
    drill = settings(EXAMPLES, max_examples=400, stateful_step_count=80, derandomize=False, print_blob=True)
    run_state_machine_as_test(partial(QueueMachine, kind, tmp_path), settings=drill)  # type: ignore[arg-type]
