"""Handing out jobs."""

from __future__ import annotations

from ttsqueue.jobs import Claim, JobStatus
from ttsqueue.providers.sqlite import rows
from ttsqueue.providers.sqlite.counting import count_first_start
from ttsqueue.providers.sqlite.transaction import Transaction


def claim(transaction: Transaction, worker: str, limit: int) -> list[Claim]:
    values = {"worker": worker, "limit": limit, "now": transaction.now, "number": transaction.number}
    taken = transaction.all("claim", values)
    taken.sort(key=lambda row: (row["priority"], row["run_at"], row["seq"]))  # RETURNING has no order
    for row in taken:
        entry = {"job": row["seq"], "now": transaction.now}
        transaction.run("open_attempt", entry | {"number": row["claims"], "worker": worker})
        transaction.run("add_history", entry | {"status": JobStatus.PROCESSING, "reason": f"claimed by {worker}"})
        if row["claims"] == 1:
            count_first_start(transaction, row)
    return [rows.claim(row) for row in taken]
