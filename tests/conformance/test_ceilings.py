"""No more is spent in a day than may be, whoever hands books in, by whichever way and however many at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from itertools import count
from uuid import uuid4

import pytest

from ttsqueue.book import Chapter, VoiceSettings
from ttsqueue.costs.account import Account
from ttsqueue.costs.ceilings import Ceilings
from ttsqueue.costs.ledger import DAY, Charge, Charges, charges_of, hourly, less, more, spent
from ttsqueue.costs.price_list import PriceList
from ttsqueue.costs.purse import Purse
from ttsqueue.errors import DuplicateJob, LimitReached, StoreUnavailable, TooCostly
from ttsqueue.jobs import ClaimedJob, IdempotencyKey, NewJob
from ttsqueue.provider import QueueProvider
from ttsqueue.queue import TTSQueue
from ttsqueue.servers.server import SpeechServer

from .store import Store

ADA, BEN = str(uuid4()), str(uuid4())
PRICES = PriceList((SpeechServer("attic", "openai", "http://127.0.0.1", price_per_million_characters=1_000_000),))
"""One for a character."""
VOICE = "openai:bella"


def book(characters: int, user_id: str = ADA) -> NewJob:
    return NewJob(str(uuid4()), user_id, (Chapter("a", "a" * characters),), voice_settings=VoiceSettings(VOICE))


def purse(provider: QueueProvider, per_user: float | None = 100, together: float | None = None) -> Purse:
    return Purse(provider, PRICES, Ceilings(per_user, together))


def queue(provider: QueueProvider, per_user: float | None = 100, together: float | None = None) -> TTSQueue:
    return TTSQueue(provider, purse=purse(provider, per_user, together))


async def spent_by(provider: QueueProvider, name: str) -> float:
    note = await provider.note(f"spending:{name}")
    return spent(charges_of(note.text), note.read_at.timestamp())


async def let_in(*jobs: Awaitable[str]) -> int:
    """How many; the others were refused."""
    ends = await asyncio.gather(*jobs, return_exceptions=True)
    assert all(isinstance(end, str | LimitReached) for end in ends), ends
    return sum(isinstance(end, str) for end in ends)


async def test_a_user_may_spend_no_more_than_the_ceiling(provider: QueueProvider) -> None:
    queue_ = queue(provider)
    await queue_.add_job(book(60))
    with pytest.raises(
        LimitReached, match=r"costs about 50\.00, and 100\.00 may be .* for you, of which 40\.00"
    ) as refusal:
        await queue_.add_job(book(50))
    assert DAY - 60 < refusal.value.retry_after.total_seconds() <= DAY
    await queue_.add_job(book(40))
    await queue_.add_job(book(100, BEN))


async def test_what_costs_more_than_a_day_allows_is_refused_for_good(provider: QueueProvider) -> None:
    with pytest.raises(TooCostly, match="cheaper voice"):
        await queue(provider).add_job(book(101))
    assert await spent_by(provider, ADA) == 0


async def test_all_together_may_spend_no_more_than_their_ceiling(provider: QueueProvider) -> None:
    queue_ = queue(provider, 100, 150)
    await queue_.add_job(book(90, ADA))
    with pytest.raises(LimitReached, match="by all users together"):
        await queue_.add_job(book(90, BEN))
    assert await spent_by(provider, BEN) == 0
    await queue_.add_job(book(60, BEN))


async def test_of_many_at_once_through_two_servers_only_so_many_are_let_in_as_there_is_room_for(
    provider: QueueProvider, other: QueueProvider
) -> None:
    doors = queue(provider, 100, 200), queue(other, 100, 200)
    users = [ADA, BEN, str(uuid4())]
    jobs = [doors[n % 2].add_job(book(25, users[n % 3])) for n in range(24)]
    assert await let_in(*jobs) == 8
    spending = [await spent_by(provider, user) for user in users]
    assert max(spending) <= 100
    assert sum(spending) == await spent_by(provider, "all") == 200


async def test_a_voice_that_costs_nothing_writes_nothing(provider: QueueProvider) -> None:
    free = replace(book(1_000_000), voice_settings=VoiceSettings("espeak:en-us"))
    await queue(provider).add_job(free)
    assert (await provider.note(f"spending:{ADA}")).version == 0


async def test_a_double_click_pays_once(provider: QueueProvider) -> None:
    queue_, job = queue(provider), book(40)
    await queue_.add_job(job)
    with pytest.raises(DuplicateJob):
        await queue_.add_job(job)
    assert await spent_by(provider, ADA) == 40


async def test_of_many_in_one_call_each_is_paid_for_or_refused_by_itself(provider: QueueProvider) -> None:
    again = book(20)
    jobs = [book(50), again, again, book(40), book(101), book(10)]
    first, second, twin, too_late, too_costly, last = await queue(provider, together=1000).add_jobs(jobs)
    assert isinstance(first, str)
    assert isinstance(second, str)
    assert isinstance(last, str)
    assert (type(twin), type(too_late), type(too_costly)) == (DuplicateJob, LimitReached, TooCostly)
    assert await spent_by(provider, ADA) == await spent_by(provider, "all") == 80
    paid_for = {charge.job_id for charge in charges_of((await provider.note(f"spending:{ADA}")).text)}
    assert paid_for == {first, second, last}


async def test_many_in_one_call_that_cannot_be_stored_cost_nothing(store: Store, provider: QueueProvider) -> None:
    async with store.opened() as closed:
        pass
    with pytest.raises(StoreUnavailable):
        await TTSQueue(closed, purse=purse(provider, together=1000)).add_jobs([book(30), book(30)])
    assert await spent_by(provider, ADA) == await spent_by(provider, "all") == 0


async def test_the_same_idempotency_key_pays_once(provider: QueueProvider) -> None:
    queue_, job, key = queue(provider, together=1000), book(20), IdempotencyKey("once", "hash")
    ids = await asyncio.gather(*(queue_.add_job(job, idempotency=key) for _ in range(4)))
    assert len(set(ids)) == 1
    assert await spent_by(provider, ADA) == await spent_by(provider, "all") == 20


async def test_two_reservations_of_one_millisecond_are_two(provider: QueueProvider) -> None:
    first, second = Charge("key", 20, 5.0), Charge("key", 20, 5.0)
    assert less(more(more((), first), second), first) == (second,)


async def claimed(provider: QueueProvider) -> ClaimedJob:
    job = await TTSQueue(provider).claim_next_job()
    assert job is not None
    return job


async def test_a_worker_charges_nothing_for_what_was_paid_for_at_the_door(provider: QueueProvider) -> None:
    await queue(provider, together=1000).add_job(book(80))
    job = await claimed(provider)
    for _ in range(3):  # attempts
        await purse(provider, together=1000).begin(job, VOICE)
    assert await spent_by(provider, ADA) == await spent_by(provider, "all") == 80


async def test_a_worker_charges_what_came_past_every_door_and_leaves_it_when_there_is_no_room(
    provider: QueueProvider,
) -> None:
    for _ in range(2):
        await provider.add(book(70))
    first, second = await claimed(provider), await claimed(provider)
    await purse(provider).begin(first, VOICE)
    assert await spent_by(provider, ADA) == 70
    with pytest.raises(LimitReached) as refusal:
        await purse(provider).begin(second, VOICE)
    assert refusal.value.retry_after.total_seconds() > DAY - 60
    await purse(provider).begin(first, VOICE)


async def test_the_id_of_a_job_that_was_paid_for_pays_for_no_other_text(provider: QueueProvider) -> None:
    """Ids are chosen by who inserts rows."""
    await queue(provider).add_job(book(80))
    job = await claimed(provider)
    await purse(provider).begin(job, VOICE)
    swapped = replace(job, payload=replace(job.payload, chapters=(Chapter("a", "b" * 80),)))
    with pytest.raises(LimitReached):
        await purse(provider).begin(swapped, VOICE)


async def test_a_server_that_dies_between_paying_and_storing_costs_its_user_some_room_and_nothing_else(
    provider: QueueProvider,
) -> None:
    job = book(30)
    await purse(provider).reserve(job)
    await provider.add(job)
    await purse(provider).begin(await claimed(provider), VOICE)
    assert await spent_by(provider, ADA) == 30


async def test_previews_count(provider: QueueProvider) -> None:
    one = purse(provider, 10)
    for _ in range(2):
        await one.preview(ADA, VOICE, 4)
    with pytest.raises(LimitReached):
        await one.preview(ADA, VOICE, 4)
    assert len(charges_of((await provider.note(f"spending:{ADA}")).text)) == 1


async def test_after_a_day_there_is_room_again(provider: QueueProvider) -> None:
    now = (await provider.note("clock")).read_at.timestamp()

    def put(charges: Charges, _: float) -> Charges:
        return more(more(charges, Charge("old", 90, now - DAY - 1)), Charge("young", 90, now - DAY + 3600))

    await Account(provider, f"spending:{ADA}").change(put)
    with pytest.raises(LimitReached, match="in 60 minutes"):
        await queue(provider).add_job(book(50))
    await queue(provider).add_job(book(10))


def test_what_is_gathered_by_the_hour_counts_for_no_less_than_a_day() -> None:
    charges = more(more((), hourly("all", 1.5, 3600.0)), hourly("all", 2.0, 7199.0))
    (charge,) = charges
    assert (charge.cost, charge.at) == (3.5, 7200.0)
    assert spent(charges, 7199.0 + DAY) == 3.5
    assert spent(charges, 7201.0 + DAY) == 0


class Death(BaseException):
    """kill -9, as far as the store can tell: nothing is written any more."""


def die_at(provider: QueueProvider, write: int, patch: pytest.MonkeyPatch) -> None:
    """Whoever uses this handle dies instead of this write, counted from 1."""
    write_note, writes = provider.write_note, count(1)

    async def dying(name: str, text: str, version: int) -> bool:
        if next(writes) >= write:
            raise Death
        return await write_note(name, text, version)

    patch.setattr(provider, "write_note", dying)


async def lives(work: Awaitable[object]) -> bool:
    try:
        await work
    except Death:
        return False
    return True


async def test_a_worker_that_dies_in_the_middle_of_a_charge_leaves_no_account_short(provider: QueueProvider) -> None:
    await provider.add(book(30))
    job = await claimed(provider)
    for write in count(1):
        with pytest.MonkeyPatch.context() as patch:
            die_at(provider, write, patch)
            survived = await lives(purse(provider, 1000, 1000).begin(job, VOICE))
        before = await spent_by(provider, "all")
        await purse(provider, 1000, 1000).begin(job, VOICE)
        assert await spent_by(provider, ADA) == 30
        assert 30 <= await spent_by(provider, "all") <= before + 30
        if survived:
            break
        await forget(provider)
    assert write == 4


async def test_a_server_that_dies_in_the_middle_of_a_charge_leaves_no_account_short(provider: QueueProvider) -> None:
    """Whether its job was stored or not, the same book comes in as a row, too."""
    for write in count(1):
        with pytest.MonkeyPatch.context() as patch:
            die_at(provider, write, patch)
            survived = await lives(queue(provider, 1000, 1000).add_job(book(30)))
        await provider.add(book(30))
        jobs = await all_claimed(provider)
        for job in jobs:
            await purse(provider, 1000, 1000).begin(job, VOICE)
        assert await spent_by(provider, ADA) >= 30 * len(jobs)
        assert await spent_by(provider, "all") >= 30 * len(jobs)
        if survived:
            break
        await forget(provider)
    assert write == 5


async def all_claimed(provider: QueueProvider) -> list[ClaimedJob]:
    jobs = []
    while job := await TTSQueue(provider).claim_next_job():
        jobs.append(job)
    return jobs


async def forget(provider: QueueProvider) -> None:
    """What was spent."""
    for name in (ADA, "all"):
        await Account(provider, f"spending:{name}").change(lambda charges, _: ())
