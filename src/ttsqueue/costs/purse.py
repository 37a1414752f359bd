"""How much may be spent in a day, by each user and by all together, whichever way their books come in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from ttsqueue.costs.account import Account
from ttsqueue.costs.ceilings import Ceilings
from ttsqueue.costs.estimate import spoken_characters
from ttsqueue.costs.ledger import (
    Charge,
    Charges,
    bound,
    charge_key,
    charge_of,
    fits,
    hourly,
    less,
    more,
    room_in,
    settled,
    shared,
    spent,
)
from ttsqueue.costs.price_list import PriceList, money
from ttsqueue.errors import LimitReached, TooCostly
from ttsqueue.jobs import ClaimedJob, NewJob
from ttsqueue.provider import QueueProvider

_ALL = "all"
_PREVIEWS = "previews"
_RETAKES = "retakes"


@dataclass(frozen=True, slots=True)
class Reservation:
    """Money put aside, in the user's account and in that of all."""

    user_id: str
    own: Charge
    shared: Charge


class Purse:
    """Without ceilings, or for a voice that costs nothing, nothing is written and nothing asked.

    Everything here raises StoreUnavailable, and what spends money LimitReached or TooCostly.
    """

    def __init__(self, store: QueueProvider, prices: PriceList, ceilings: Ceilings) -> None:
        self._store = store
        self._prices = prices
        self._ceilings = ceilings

    async def check(self, job: NewJob) -> None:
        """Would there be room now? It holds no place."""
        if cost := self._cost_of(job):
            await self._account(job.user_id).look(lambda charges, now: self._check_own(charges, cost, now))
            await self._account(_ALL).look(lambda charges, now: self._check_shared(charges, cost, now))

    async def reserve(self, job: NewJob) -> Reservation | None:
        """Before the job is stored; it names the voice that will speak it."""
        if cost := self._cost_of(job):
            key = charge_key(job.user_id, job.voice_settings.voice_id, job.payload, job.job_type)
            return await self._take(job.user_id, lambda now: Charge(key, cost, now, shared=False))
        return None

    async def give_back(self, reservation: Reservation | None) -> None:
        """No job came of it."""
        if reservation is not None:
            await self._take_back(reservation.user_id, reservation.own, reservation.shared)

    async def confirm(self, reservation: Reservation | None, job_id: str) -> None:
        """The job is stored. Gives the money back if it was stored, and paid for, before."""
        if reservation is None:
            return
        own = reservation.own

        account = self._account(reservation.user_id)
        if await account.change(lambda charges, _: settled(charges, own, job_id)) is None:
            await self.give_back(reservation)

    async def begin(self, job: ClaimedJob, voice_id: str) -> None:
        """Before a worker speaks a job: charges what came past every door of ours."""
        cost = self._cost(voice_id, spoken_characters(job.chapters, job.job.job_type))
        if not cost:
            return
        user_id = job.job.user_id
        key = charge_key(user_id, voice_id, job.payload, job.job.job_type)
        charges = await self._account(user_id).change(lambda charges, _: bound(charges, key, job.id))
        own = charge_of(charges or (), key, job.id)
        if own is None:
            await self._take(user_id, lambda now: Charge(key, cost, now, job.id, shared=False))
        elif not own.shared:
            await self._share(user_id, own)

    async def preview(self, user_id: str, voice_id: str, characters: int) -> None:
        """Before a few sentences are spoken."""
        if cost := self._cost(voice_id, characters):
            await self._take(user_id, lambda now: hourly(_PREVIEWS, cost, now))

    async def again(self, user_id: str, voice_id: str, characters: int) -> None:
        """Before a piece of a book is asked for once more. It is counted, and never refused: half a book is of no use.
        All together first: of who dies in between they have paid, as everywhere.
        """
        if cost := self._cost(voice_id, characters):
            for name, key in ((_ALL, _ALL), (user_id, _RETAKES)):
                await self._account(name).change(partial(_with_hourly, key, cost))

    def _account(self, name: str) -> Account:
        return Account(self._store, f"spending:{name}")

    def _cost_of(self, job: NewJob) -> float:
        return self._cost(job.voice_settings.voice_id, spoken_characters(job.chapters, job.job_type))

    def _cost(self, voice_id: str, characters: int) -> float:
        if self._ceilings == Ceilings():
            return 0.0
        return self._prices.cost(voice_id, characters) or 0.0

    async def _take(self, user_id: str, charge_at: Callable[[float], Charge]) -> Reservation:
        """The user's own first: who may spend nothing more keeps nobody else from it."""
        return await self._share(user_id, await self._add(user_id, charge_at, self._check_own))

    async def _share(self, user_id: str, own: Charge) -> Reservation:
        """Charge it to all as well. Dying in between charges them twice at worst, and never not at all."""
        of_all = None
        try:
            of_all = await self._add(_ALL, lambda now: hourly(_ALL, own.cost, now), self._check_shared)
            await self._account(user_id).change(lambda charges, _: shared(charges, own))
        except BaseException:
            await asyncio.shield(self._take_back(user_id, own, of_all))
            raise
        return Reservation(user_id, own, of_all)

    async def _take_back(self, user_id: str, own: Charge, of_all: Charge | None) -> None:
        """The user's first: one that is left there stands for one of all."""
        await self._account(user_id).change(lambda charges, _: less(charges, own))
        if of_all is not None:
            await self._account(_ALL).change(lambda charges, _: less(charges, of_all))

    async def _add(
        self, name: str, charge_at: Callable[[float], Charge], check: Callable[[Charges, float, float], None]
    ) -> Charge:
        charge = charge_at(0)

        def add(charges: Charges, now: float) -> Charges:
            nonlocal charge
            charge = charge_at(now)
            check(charges, charge.cost, now)
            return more(charges, charge)

        await self._account(name).change(add)
        return charge

    def _check_own(self, charges: Charges, cost: float, now: float) -> None:
        _check(charges, cost, self._ceilings.per_user, now, "for you")

    def _check_shared(self, charges: Charges, cost: float, now: float) -> None:
        _check(charges, cost, self._ceilings.together, now, "by all users together")


def _with_hourly(key: str, cost: float, charges: Charges, now: float) -> Charges:
    return more(charges, hourly(key, cost, now))


def _check(charges: Charges, cost: float, most: float | None, now: float, whose: str) -> None:
    if most is None or fits(charges, cost, most, now):
        return
    told = f"This costs about {money(cost)}, and {money(most)} may be spent in 24 hours {whose}"
    if cost > most:
        raise TooCostly(f"{told}; choose a cheaper voice, or hand in fewer chapters at a time.")
    wait = timedelta(seconds=room_in(charges, cost, most, now))
    left = money(max(most - spent(charges, now), 0.0))
    raise LimitReached(f"{told}, of which {left} is left. There is room in {_words(wait)}.", retry_after=wait)


def _words(wait: timedelta) -> str:
    minutes = max(round(wait.total_seconds() / 60), 1)
    return f"about {round(minutes / 60)} hours" if minutes >= 90 else f"{minutes} minutes"
