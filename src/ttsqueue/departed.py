"""Jobs that are on their way to another store: where it is, and how they come back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from ttsqueue.errors import DuplicateJob
from ttsqueue.jobs import Job
from ttsqueue.provider import QueueProvider
from ttsqueue.side import Side


@dataclass(frozen=True, slots=True)
class Stayed:
    """A job that could not move."""

    job: Job
    reason: str


@dataclass(frozen=True, slots=True)
class UnderWay:
    """Jobs that left for one store and of which nobody has said yet that they are there."""

    to: str
    """Identity of that store."""
    address: str
    """Where it was when they left. Another store may be there by now."""
    jobs: int


async def under_way(source: QueueProvider) -> list[UnderWay]:
    """StoreUnavailable."""
    numbers = Counter(each.to for each in await source.departed())
    return [UnderWay(to, (await source.note(_address_note(to))).text, jobs) for to, jobs in sorted(numbers.items())]


def _address_note(identity: str) -> str:
    """The name of the note in which a store says where jobs for this one went."""
    return f"address of {identity}"


async def leave_address(source: Side, to: str, name: str) -> None:
    """For whoever finds jobs under way, and the mover gone."""
    note = await source.provider.note(_address_note(to))
    if note.text != name:
        await source.provider.write_note(note.name, name, note.version)


async def give_back(source: Side) -> tuple[int, list[Stayed]]:
    """Everything that is on its way comes back, without asking where it goes. How many did, and which could not."""
    returned, stayed = 0, []
    for each in await source.provider.departed():
        moving = await source.provider.departing(each.job_id)
        if moving is None:
            continue
        try:
            returned += await source.provider.come_back(moving.lease)
        except DuplicateJob as error:
            stayed.append(Stayed(moving.job, f"the same book is here again, as job {error.job_id}"))
    return returned, stayed
