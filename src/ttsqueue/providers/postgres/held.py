"""Writes of a lease holder. Each is fenced: no row, no lease, nothing written."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection

from ttsqueue.errors import LeaseLost
from ttsqueue.jobs import Job, Lease, Progress
from ttsqueue.providers.postgres import rows
from ttsqueue.providers.postgres.identifiers import known
from ttsqueue.providers.postgres.operation import Operation, Rows, Values, one
from ttsqueue.result import FinishedChapter


def heartbeat(leases: Collection[Lease]) -> Operation[frozenset[Lease]]:
    in_order = sorted(leases, key=lambda lease: lease.job_id)  # two processes that lock in one order never deadlock
    values = {"ids": [known(lease.job_id) for lease in in_order], "tokens": [lease.token for lease in in_order]}

    def lost(found: Rows) -> frozenset[Lease]:
        return frozenset(leases) - {Lease(str(row["id"]), row["lease"]) for row in found}

    return Operation(one("heartbeat", values), lost, may_be_lost=True)


def updating_progress(lease: Lease, progress: Progress) -> Operation[Job]:
    report = {
        "percent": progress.percent,
        "message": progress.message,
        "current_chapter": progress.current_chapter,
        "eta_seconds": progress.eta_seconds,
    }
    return fenced("update_progress", lease, report)


def freezing_voice(lease: Lease, voice_id: str) -> Operation[Job]:
    return fenced("freeze_voice", lease, {"voice_id": voice_id})


def saving_chapter(lease: Lease, chapter: FinishedChapter) -> Operation[Job]:
    values = {
        "position": chapter.index,
        "audio_file_id": chapter.audio_file_id,
        "duration": chapter.duration,
        "silent": chapter.silent,
        "sound": json.dumps(dict(chapter.sound), ensure_ascii=False),
    }
    return fenced("save_chapter", lease, values)


def forgetting_chapter(lease: Lease, index: int) -> Operation[None]:
    def answer(found: Rows) -> None:
        if not found:
            raise LeaseLost(lease.job_id)

    values = {"position": index, **_fence(lease)}
    return Operation(one("forget_chapter", values), answer, changed=lambda _: [lease.job_id])


def fenced(
    name: str,
    lease: Lease,
    values: Values,
    *,
    wakes: bool = False,
    for_many: str | None = None,
) -> Operation[Job]:
    """A write that answers with the changed job. LeaseLost when the statement's WHERE found none."""
    statement = one(name, {**values, **_fence(lease)})
    return Operation(statement, _job_of(lease), lambda job: [job.id], wakes, for_many)


def _job_of(lease: Lease) -> Callable[[Rows], Job]:
    def answer(found: Rows) -> Job:
        if not found:
            raise LeaseLost(lease.job_id)
        return rows.job(found[0])

    return answer


def _fence(lease: Lease) -> Values:
    return {"id": known(lease.job_id), "lease": lease.token}
