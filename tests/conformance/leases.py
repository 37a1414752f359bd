"""Every write that needs a lease, and every way in which a lease is taken away."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from ttsqueue.jobs import Lease, Progress
from ttsqueue.provider import QueueProvider

from .samples import AT_ONCE, FAIL, HAND_BACK, LOST, back_off, claim_one, complete, spoken

Write = Callable[[QueueProvider, Lease], Awaitable[object]]

WRITES: dict[str, Write] = {
    "update_progress": lambda provider, lease: provider.update_progress(lease, Progress(77, "zombie", 3, 1.0)),
    "freeze_voice": lambda provider, lease: provider.freeze_voice(lease, "zombie:voice"),
    "save_chapter": lambda provider, lease: provider.save_chapter(lease, spoken(1, "zombie")),
    "save_chapter_again": lambda provider, lease: provider.save_chapter(lease, spoken(0, "zombie")),
    "forget_chapter": lambda provider, lease: provider.forget_chapter(lease, 0),
    "complete": lambda provider, lease: provider.settle(lease, complete()),
    "hand_back": lambda provider, lease: provider.settle(lease, HAND_BACK),
    "back_off": lambda provider, lease: provider.settle(lease, back_off(AT_ONCE)),
    "fail": lambda provider, lease: provider.settle(lease, FAIL),
    "give_up_if_silent": lambda provider, lease: provider.settle(lease, LOST, silent_for=AT_ONCE),
}


async def completed(provider: QueueProvider, lease: Lease) -> None:
    await provider.settle(lease, complete())


async def failed(provider: QueueProvider, lease: Lease) -> None:
    await provider.settle(lease, FAIL)


async def handed_back(provider: QueueProvider, lease: Lease) -> None:
    await provider.settle(lease, HAND_BACK)


async def backed_off(provider: QueueProvider, lease: Lease) -> None:
    await provider.settle(lease, back_off())


async def found_stuck(provider: QueueProvider, lease: Lease) -> None:
    stuck = next(claim for claim in await provider.stuck(AT_ONCE) if claim.job.id == lease.job_id)
    await provider.settle(stuck.lease, LOST, silent_for=AT_ONCE)


async def claimed_again_under_the_same_name(provider: QueueProvider, lease: Lease) -> None:
    await found_stuck(provider, lease)
    await claim_one(provider)


async def cancelled(provider: QueueProvider, lease: Lease) -> None:
    await provider.cancel(lease.job_id)


async def cancelled_and_retried(provider: QueueProvider, lease: Lease) -> None:
    await cancelled(provider, lease)
    await provider.retry(lease.job_id)


async def cancelled_retried_and_claimed_again(provider: QueueProvider, lease: Lease) -> None:
    await cancelled_and_retried(provider, lease)
    await claim_one(provider)


async def failed_retried_and_claimed_again(provider: QueueProvider, lease: Lease) -> None:
    await failed(provider, lease)
    await provider.retry(lease.job_id)
    await claim_one(provider)


TAKEN_AWAY = (
    completed,
    failed,
    handed_back,
    backed_off,
    found_stuck,
    claimed_again_under_the_same_name,
    cancelled,
    cancelled_and_retried,
    cancelled_retried_and_claimed_again,
    failed_retried_and_claimed_again,
)
