"""A job that has ended can be removed, with everything that was written down about it."""

from __future__ import annotations

from dataclasses import replace
from secrets import token_hex

import pytest

from ttsqueue.book import Chapter, Payload
from ttsqueue.errors import InvalidJob, JobNotFound, LeaseLost, NotDeletable
from ttsqueue.provider import QueueProvider
from ttsqueue.queue import TTSQueue

from .leases import WRITES, Write, cancelled, completed, failed
from .samples import EVERYTHING, STRANGER, WORKER, add_many, claim_one, claimed, new_job, snapshot, spoken


@pytest.mark.parametrize("end", [completed, failed, cancelled], ids=lambda way: way.__name__)
async def test_a_job_that_has_ended_is_removed_whole(provider: QueueProvider, end: Write) -> None:
    claim = await claimed(provider)
    await provider.save_chapter(claim.lease, spoken(0))
    await end(provider, claim.lease)
    await provider.delete(claim.job.id)
    await assert_unknown(provider, claim.job.id)
    assert (await provider.page(EVERYTHING, 10)).jobs == ()
    stats = await provider.stats()
    assert stats.completed == stats.failed == stats.cancelled == 0


async def assert_unknown(provider: QueueProvider, job_id: str) -> None:
    reads = (provider.get, provider.payload, provider.chapters, provider.attempts, provider.history, provider.position)
    for use in (*reads, provider.cancel, provider.retry, provider.delete):
        with pytest.raises(JobNotFound):
            await use(job_id)


async def test_a_waiting_or_running_job_is_not_removed(provider: QueueProvider) -> None:
    running = (await claimed(provider)).job.id
    waiting = (await provider.add(new_job())).id
    for job_id, status in ((waiting, "pending"), (running, "processing")):
        before = await snapshot(provider, job_id)
        with pytest.raises(NotDeletable) as refusal:
            await provider.delete(job_id)
        assert (refusal.value.job_id, refusal.value.status) == (job_id, status)
        assert await snapshot(provider, job_id) == before


async def test_an_unknown_job_cannot_be_removed(provider: QueueProvider) -> None:
    with pytest.raises(JobNotFound):
        await provider.delete(STRANGER)


async def test_the_lease_of_a_removed_job_is_lost(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    await cancelled(provider, claim.lease)
    await provider.delete(claim.job.id)
    assert await provider.lost([claim.lease]) == await provider.heartbeat([claim.lease]) == {claim.lease}
    for write in WRITES.values():
        with pytest.raises(LeaseLost):
            await write(provider, claim.lease)
    await assert_unknown(provider, claim.job.id)


async def test_other_jobs_do_not_notice(provider: QueueProvider) -> None:
    doomed, bystander = await claimed(provider), await claimed(provider)
    for claim in (doomed, bystander):
        await provider.save_chapter(claim.lease, spoken(0))
    before = await snapshot(provider, bystander.job.id)
    await failed(provider, doomed.lease)
    await provider.delete(doomed.job.id)
    assert await snapshot(provider, bystander.job.id) == before


async def test_the_newest_job_leaves_nothing_to_the_job_after_it(provider: QueueProvider) -> None:
    """A store that numbers jobs may give the number out again."""
    claim = await claimed(provider)
    await provider.save_chapter(claim.lease, spoken(0))
    await failed(provider, claim.lease)
    await provider.delete(claim.job.id)
    waiting = await add_many(provider, 2)
    assert all(record.finished is None for record in await provider.chapters(waiting[0]))
    assert await provider.attempts(waiting[0]) == []
    assert len(await provider.history(waiting[0])) == 1
    again = await claim_one(provider)
    assert again.job.id == waiting[0]
    assert await provider.lost([claim.lease, again.lease]) == {claim.lease}


async def test_a_removed_book_can_be_queued_again(provider: QueueProvider) -> None:
    book = new_job()
    job = await provider.add(book)
    await provider.cancel(job.id)
    await provider.delete(job.id)
    assert (await provider.add(book)).id != job.id


@pytest.mark.parametrize("is_deleted", [True, False], ids=["deleted", "cancelled"])
async def test_a_book_that_goes_between_its_claim_and_the_look_into_it_keeps_no_other_from_being_spoken(
    provider: QueueProvider, other: QueueProvider, monkeypatch: pytest.MonkeyPatch, is_deleted: bool
) -> None:
    long = Chapter("ch1", token_hex(20_000))  # which no store can pack into little
    first, *rest = [(await provider.add(replace(new_job(1), chapters=(long,)))).id for _ in range(3)]
    read = provider.payload

    async def read_late(job_id: str) -> Payload:
        if job_id == first:
            await other.cancel(job_id)
            if is_deleted:
                await other.delete(job_id)
            else:
                raise InvalidJob("This book is damaged.")
        return await read(job_id)

    monkeypatch.setattr(provider, "payload", read_late)
    assert [job.id for job in await TTSQueue(provider).claim_jobs(WORKER, 3)] == rest
