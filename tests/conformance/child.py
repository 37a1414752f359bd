"""Another process on the same store: it does what it is told on standard input, one JSON line each way."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any

from ttsqueue.errors import DuplicateJob
from ttsqueue.jobs import IdempotencyKey, Lease, Progress
from ttsqueue.provider import QueueProvider
from ttsqueue.servers.endings import Spoken
from ttsqueue.servers.limits import ServerLimits
from ttsqueue.servers.state import SpokenCall
from ttsqueue.servers.traffic import Traffic
from ttsqueue.servers.turns import PERMIT_LASTS

from .samples import HAND_BACK, add_many, complete, new_job, numbered_job
from .store import STORES, Store


def say(what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


async def add(provider: QueueProvider, number: int) -> str:
    return (await provider.add(numbered_job(number))).id


async def add_each(provider: QueueProvider, numbers: list[int]) -> list[list[str]]:
    """What became of each: accepted, or duplicate with the status of the other job; and its id."""
    return [await _add_or_duplicate(provider, number) for number in numbers]


async def _add_or_duplicate(provider: QueueProvider, number: int) -> list[str]:
    try:
        return ["accepted", await add(provider, number)]
    except DuplicateJob as error:
        return [error.status, error.job_id]


async def add_with_keys(provider: QueueProvider, keys: list[str]) -> list[str]:
    return [(await provider.add(new_job(1), IdempotencyKey(key, "body"))).id for key in keys]


async def claim_all(provider: QueueProvider, worker: str, there_are: int) -> list[str]:
    """One by one, until there is none: at most as many as there are."""
    mine: list[str] = []
    while len(mine) < there_are and (claims := await provider.claim(worker)):
        mine += [claim.job.id for claim in claims]
    return mine


async def progress(provider: QueueProvider, job_id: str, token: int) -> None:
    await provider.update_progress(Lease(job_id, token), Progress(50))


async def hand_back(provider: QueueProvider, job_id: str, token: int) -> None:
    await provider.settle(Lease(job_id, token), HAND_BACK)


async def finish(provider: QueueProvider, job_id: str, token: int) -> None:
    await provider.settle(Lease(job_id, token), complete())


async def cancel(provider: QueueProvider, job_id: str) -> None:
    await provider.cancel(job_id)


async def retry(provider: QueueProvider, job_id: str) -> None:
    await provider.retry(job_id)


async def resume(provider: QueueProvider) -> None:
    await provider.set_paused(False)


async def churn(provider: QueueProvider, worker: str) -> None:
    """Add, claim and complete until killed; say each step only after the store has confirmed it."""
    for round_number in count():
        for job_id in await add_many(provider, 2):
            say(["added", job_id])
        for claim in await provider.claim(worker):
            if round_number % 3:
                await provider.settle(claim.lease, complete(1))
                say(["completed", claim.job.id])


async def call_server(
    provider: QueueProvider, port: int, number: int, limits: dict[str, Any], lasts: float = PERMIT_LASTS
) -> None:
    """As many calls as it may make at once, each through its turn. `lasts` is for how long a permit does."""
    traffic = Traffic(provider, "attic", ServerLimits(**limits), lasts)

    async def call() -> None:
        async with traffic.call(characters=100) as call:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"say")
            await reader.read()
            writer.close()
            call.ending = Spoken(SpokenCall(100, 0.1, 6.0))

    await asyncio.gather(*(call() for _ in range(number)))


VERBS: dict[str, Callable[..., Awaitable[Any]]] = {
    verb.__name__: verb
    for verb in (
        *(add, add_each, add_with_keys, claim_all, progress, hand_back, finish, cancel, retry, resume, churn),
        call_server,
    )
}


async def main(kind: str, url: str) -> None:
    async with Store(STORES[kind], url).opened() as provider:
        say("ready")
        while line := await asyncio.to_thread(sys.stdin.readline):
            verb, arguments = json.loads(line)
            say(await VERBS[verb](provider, **arguments))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
