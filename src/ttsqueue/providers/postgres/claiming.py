"""Handing out jobs."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from ttsqueue.book import Payload
from ttsqueue.contract import payload_from_json
from ttsqueue.errors import InvalidJob
from ttsqueue.jobs import Claim
from ttsqueue.providers.postgres import rows
from ttsqueue.providers.postgres.operation import Operation, Row, Rows, one


def claiming(worker: str, limit: int) -> Operation[list[Claim]]:
    values = {"worker": worker, "limit": max(limit, 0)}
    return Operation(one("claim", values), _claims, changed=lambda claims: [claim.job.id for claim in claims])


def _claims(found: Rows) -> list[Claim]:
    return [replace(rows.claim(row), payload=_short_payload(row)) for row in found]


def _short_payload(row: Row) -> Payload | None:
    """One that cannot be read is told when somebody asks for it."""
    with suppress(InvalidJob):
        return payload_from_json(row["short_payload"]) if row["short_payload"] else None
    return None
