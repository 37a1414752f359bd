"""Handing out jobs."""

from __future__ import annotations

from ttsqueue.jobs import Claim
from ttsqueue.providers.postgres import rows
from ttsqueue.providers.postgres.operation import Operation, Rows, one


def claiming(worker: str, limit: int) -> Operation[list[Claim]]:
    values = {"worker": worker, "limit": max(limit, 0)}
    return Operation(one("claim", values), _claims, changed=lambda claims: [claim.job.id for claim in claims])


def _claims(found: Rows) -> list[Claim]:
    return [rows.claim(row) for row in found]
