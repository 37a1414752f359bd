"""What was spent, and for what. Pure; the text is what a store keeps."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from operator import attrgetter
from uuid import uuid4

from ttsqueue.book import Payload
from ttsqueue.jobs import JobType

DAY = 24 * 3600.0
REMEMBERED = 30 * DAY
"""Seconds: a job that is tried again within this time is not charged again."""
_HOUR = 3600.0
_MOST = 2_000
"""Charges in one note, besides those of an hour that hold what was more."""
_SUMS = "sums"
_NOTHING = 1e-9
"""Sums of fractions are not exact."""


@dataclass(frozen=True, slots=True)
class Charge:
    """`at` is in seconds since 1970, by the store's clock; it counts for a day."""

    key: str
    """What it is for: see charge_key."""
    cost: float
    at: float
    job_id: str | None = None
    id: str = field(default_factory=lambda: uuid4().hex)
    """Two of one key may be made in the same millisecond."""
    shared: bool = True
    """False until the account of all has it, too: whoever wrote it may die in between."""


Charges = tuple[Charge, ...]

_entry = attrgetter("key", "cost", "at", "job_id", "id", "shared")
"""Ten times as fast as astuple, which copies."""


def hourly(key: str, cost: float, now: float) -> Charge:
    """One charge for all of an hour; it counts from the end of the hour."""
    end = (now // _HOUR + 1) * _HOUR
    return Charge(key, cost, end, id=f"{key}-{end:.0f}")


def spent(charges: Charges, now: float) -> float:
    """During the last day."""
    return sum(charge.cost for charge in charges if charge.at > now - DAY)


def fits(charges: Charges, cost: float, most: float, now: float) -> bool:
    """Whether so much may be spent now."""
    return spent(charges, now) + cost <= most + _NOTHING


def room_in(charges: Charges, cost: float, most: float, now: float) -> float:
    """Seconds until it fits, when nothing else is spent; `cost` is not above `most`."""
    ends = sorted(charge.at + DAY for charge in charges if charge.at > now - DAY)
    return next((end - now for end in ends if fits(charges, cost, most, end)), 0.0)


def more(charges: Charges, new: Charge) -> Charges:
    """With this charge. Those of one hour are one."""
    for index, charge in enumerate(charges):
        if charge.id == new.id:
            return (*charges[:index], replace(charge, cost=charge.cost + new.cost), *charges[index + 1 :])
    return (*charges, new)


def less(charges: Charges, old: Charge) -> Charges:
    """Without this charge, or without its share of those of an hour."""
    changed = more(charges, replace(old, cost=-old.cost))
    return tuple(charge for charge in changed if charge.cost > _NOTHING)


def bound(charges: Charges, key: str, job_id: str) -> Charges | None:
    """With a charge for this job: its own, or the oldest of this key that nobody has taken yet. None without one."""
    if charge_of(charges, key, job_id) is not None:
        return charges
    for index, charge in enumerate(charges):
        if charge.key == key and charge.job_id is None and charge.shared:
            return (*charges[:index], replace(charge, job_id=job_id), *charges[index + 1 :])
    return None


def charge_of(charges: Charges, key: str, job_id: str) -> Charge | None:
    """The one for this job."""
    return next((charge for charge in charges if (charge.key, charge.job_id) == (key, job_id)), None)


def shared(charges: Charges, own: Charge) -> Charges:
    """With this charge, which the account of all has now."""
    return tuple(replace(charge, shared=True) if charge.id == own.id else charge for charge in charges)


def settled(charges: Charges, own: Charge, job_id: str) -> Charges | None:
    """With this very charge for this job. None when another one is: the job was stored, and paid for, before."""
    if any(charge.job_id == job_id and charge.id != own.id for charge in charges):
        return None
    return tuple(replace(charge, job_id=job_id) if charge.id == own.id else charge for charge in charges)


def charge_key(user_id: str, voice_id: str, payload: Payload, job_type: JobType) -> str:
    """The same for the same texts in the same voice, whatever the job is called: ids are chosen by who inserts rows."""
    texts = "\0".join(chapter.text for chapter in payload.chapters)
    return hashlib.sha256(f"{user_id}\0{voice_id}\0{job_type.value}\0{texts}".encode()).hexdigest()[:32]


def charges_text(charges: Charges, now: float) -> str:
    """For the store; what is too old to matter is left out."""
    return json.dumps([_entry(charge) for charge in _bounded(charges, now)], separators=(",", ":"))


def charges_of(text: str) -> Charges:
    """The other way round."""
    return tuple(Charge(*entry) for entry in json.loads(text)) if text else ()


def _bounded(charges: Charges, now: float) -> Charges:
    """Of too many the oldest go: with what they cost, as long as that counts, but not with what they were for."""
    sums = tuple(charge for charge in charges if charge.key == _SUMS and charge.at > now - DAY)
    single = [charge for charge in charges if charge.key != _SUMS and charge.at > now - REMEMBERED]
    single.sort(key=lambda charge: charge.at)
    surplus = max(len(single) - _MOST, 0)
    for charge in single[:surplus]:
        if charge.at > now - DAY:
            sums = more(sums, hourly(_SUMS, charge.cost, charge.at))
    return (*sums, *single[surplus:])
