"""Callers and jobs for tests of what operators and users may do."""

from __future__ import annotations

from dataclasses import replace

from tests.conformance.samples import new_job
from ttsqueue.api.caller import Caller
from ttsqueue.app import App
from ttsqueue.jobs import Job, NewJob
from ttsqueue.outcome import Fail

from .conftest import OWNER, STRANGER

USER = Caller(OWNER)
OTHER = Caller(STRANGER)
SERVER = Caller(None, is_service=True)
ADMIN_SERVER = Caller(None, is_service=True, is_admin=True)


def book(chapters: int = 1, user_id: str = OWNER, **changes: object) -> NewJob:
    return replace(new_job(chapters), user_id=user_id, **changes)  # type: ignore[arg-type]


async def waiting(app: App, number: int = 1, **changes: object) -> list[str]:
    return [(await app.queue.provider.add(book(**changes))).id for _ in range(number)]  # type: ignore[arg-type]


async def failed(app: App, code: str = "disk") -> Job:
    """A job that has failed; nothing else may wait."""
    await waiting(app)
    (claim,) = await app.queue.provider.claim("worker-1")
    return await app.queue.provider.settle(claim.lease, Fail("It failed.", code))
