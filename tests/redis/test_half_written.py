"""Redis is killed while it writes down what one of our scripts did. When it starts it takes back the whole script, but
leaves the first commands of it in its file, behind a MULTI without an EXEC: so do 6.2 and 7.0. With what is written
next they come to life at the second start. Wherever the cut was, no accepted job is lost, hangs or ends twice.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from redis import Redis

from tests.conformance.samples import EVERYTHING, FAIL, back_off, claim_one, complete, new_job, spoken
from tests.redis_server import Server
from ttsqueue.errors import JobNotFound
from ttsqueue.jobs import Claim, Job, JobStatus, NewJob, Progress
from ttsqueue.moving import MovingJob
from ttsqueue.providers.redis import RedisProvider
from ttsqueue.providers.redis.keys import BULL, OURS
from ttsqueue.queue import TTSQueue

from .append_only_file import commands, file_of

AT_ONCE = timedelta(milliseconds=1)


@dataclass
class Life:
    """Of one job."""

    new: NewJob = field(default_factory=lambda: new_job(1))
    job: Job | None = None
    claim: Claim | None = None
    moving: MovingJob | None = None
    is_elsewhere: bool = False
    """Some other store has it by now."""

    @property
    def id(self) -> str:
        assert self.job is not None
        return self.job.id


Step = Callable[[RedisProvider, Life], Awaitable[object]]


async def add(provider: RedisProvider, life: Life) -> None:
    life.job = await provider.add(life.new)


async def claim(provider: RedisProvider, life: Life) -> None:
    life.claim = await claim_one(provider)


def held(write: Callable[[RedisProvider, Claim], Awaitable[object]]) -> Step:
    async def step(provider: RedisProvider, life: Life) -> None:
        assert life.claim is not None
        await write(provider, life.claim)

    return step


end = held(lambda provider, claim: provider.settle(claim.lease, complete(1)))
give_up = held(lambda provider, claim: provider.settle(claim.lease, FAIL))
put_off = held(lambda provider, claim: provider.settle(claim.lease, back_off(AT_ONCE)))
save = held(lambda provider, claim: provider.save_chapter(claim.lease, spoken(0)))
tell = held(lambda provider, claim: provider.update_progress(claim.lease, Progress(50, "Half way", 1, 9.0)))


async def cancel(provider: RedisProvider, life: Life) -> None:
    await provider.cancel(life.id)


async def retry(provider: RedisProvider, life: Life) -> None:
    await provider.retry(life.id)


async def delete(provider: RedisProvider, life: Life) -> None:
    await provider.delete(life.id)


async def leave(provider: RedisProvider, life: Life) -> None:
    await provider.take_out("elsewhere")


async def pack(provider: RedisProvider, life: Life) -> None:
    life.moving = await provider.departing(life.id)


async def come_back(provider: RedisProvider, life: Life) -> None:
    assert life.moving is not None
    await provider.come_back(life.moving.lease)


async def forget(provider: RedisProvider, life: Life) -> None:
    assert life.moving is not None
    await provider.gone([life.moving.lease])
    life.is_elsewhere = True


async def arrive(provider: RedisProvider, life: Life) -> None:
    assert life.moving is not None
    await provider.arrive(life.moving)
    life.is_elsewhere = False


async def move_on(provider: RedisProvider, life: Life) -> None:
    """What the next mover does, who knows nothing."""
    for each in await provider.departed():
        moving = await provider.departing(each.job_id)
        if moving is not None:
            assert json.loads(moving.payload)["chapters"]
            assert [each.chapter.index for each in moving.chapters] == [0]
            await provider.gone([moving.lease])
            life.is_elsewhere = True


async def come_back_if_away(provider: RedisProvider, life: Life) -> None:
    """What the next mover does for whom it may not go on."""
    await pack(provider, life)
    if life.moving is not None:
        await come_back(provider, life)


OF_ONE_CHAPTER: tuple[Step, ...] = (add, claim, save, put_off)
LIVES: dict[str, tuple[Step, ...]] = {
    "add": (add,),
    "claim": (add, claim),
    "save": (add, claim, save),
    "tell": (add, claim, tell),
    "end": (add, claim, end),
    "give_up": (add, claim, give_up),
    "put_off": (add, claim, put_off),
    "cancel": (add, cancel),
    "cancel_at_work": (add, claim, cancel),
    "retry": (add, claim, give_up, retry),
    "delete": (add, claim, end, delete),
    "leave": (*OF_ONE_CHAPTER, leave),
    "come_back": (*OF_ONE_CHAPTER, leave, pack, come_back),
    "forget": (*OF_ONE_CHAPTER, leave, pack, forget),
    "arrive": (*OF_ONE_CHAPTER, leave, pack, forget, arrive),
}
"""The last step is cut."""

OTHER_ENDS: dict[str, set[JobStatus | None]] = {
    "add": {None},
    "give_up": {JobStatus.FAILED},
    "cancel": {JobStatus.CANCELLED},
    "cancel_at_work": {JobStatus.CANCELLED},
    "retry": {JobStatus.FAILED},
    "delete": {None},
}
"""Than being completed. A job that nobody was told of, or that is to be deleted, need not be there."""


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server("--appendonly", "yes", "--appendfsync", "always")
    yield server
    server.remove()


def opened(server: Server) -> TTSQueue:
    return TTSQueue(RedisProvider(server.url, lock_for=AT_ONCE), stuck_after=timedelta(0))


async def do(server: Server, *steps: Step, life: Life) -> None:
    provider = RedisProvider(server.url, lock_for=AT_ONCE)
    await provider.open()
    for step in steps:
        await step(provider, life)
    await provider.aclose()


async def another_life(provider: RedisProvider, _: Life) -> None:
    """What is written next; it ends."""
    await cancel(provider, Life(job=await provider.add(new_job(1))))


async def cuts(server: Server, steps: tuple[Step, ...], life: Life) -> Iterator[bytes]:
    """All that may be left of the file when Redis dies in the last step; its server is down."""
    await do(server, *steps[:-1], life=life)
    before = file_of(server).stat().st_size
    await do(server, steps[-1], life=life)
    server.kill()
    content = file_of(server).read_bytes()
    first, *others = commands(content, before)
    assert (first.words, others[-1].words) == ((b"MULTI",), (b"EXEC",))
    return (content[: command.start + 3] for command in others[1:])


async def healed(server: Server) -> TTSQueue:
    """As upkeep and workers do it, at once."""
    queue = opened(server)
    await queue.provider.open()
    await queue.provider.prune()
    await queue.reset_stuck_jobs()
    while claimed := await queue.provider.claim("another", 10):
        for each in claimed:
            assert (await queue.provider.payload(each.job.id)).chapters
            await queue.provider.settle(each.lease, complete(1))
    await queue.provider.prune()
    return queue


async def check(server: Server, life: Life, may_be: set[JobStatus | None]) -> None:
    queue = await healed(server)
    if life.is_elsewhere:
        with pytest.raises(JobNotFound):
            await queue.get_job(life.id)
        may_be = {None}
    stats = await queue.get_queue_stats()
    assert (stats.pending, stats.processing) == (0, 0)
    with Redis.from_url(server.url) as redis:
        assert redis.llen(f"{BULL}active") == 0
        if life.is_elsewhere:
            assert redis.exists(f"{BULL}{life.id}") == 0
            assert redis.zscore(f"{OURS}all", life.id) is None
    listed = (await queue.list_jobs(EVERYTHING, 100)).jobs
    assert all(job.status.is_final for job in listed)
    if None not in may_be:
        assert life.id in {job.id for job in listed}
        job = await queue.get_job(life.id)
        assert job.status in may_be
        outcomes = [attempt.outcome for attempt in await queue.get_attempts(job.id)]
        assert outcomes.count("completed") == (job.status is JobStatus.COMPLETED)
    await queue.add_job(life.new)  # no ghost of the same book is in its way
    await queue.provider.aclose()


@pytest.mark.parametrize("is_repeated", [False, True], ids=["and_its_caller_too", "and_its_caller_asks_again"])
@pytest.mark.parametrize("name", LIVES)
async def test_whatever_half_of_a_script_is_left(server: Server, name: str, is_repeated: bool) -> None:
    steps, life = LIVES[name], Life()
    again = steps[-1:] if is_repeated else ()
    may_be = {JobStatus.COMPLETED} | OTHER_ENDS.get(name, set()) - ({None} if is_repeated and name == "add" else set())
    for number, left in enumerate(await cuts(server, steps, life)):
        life.is_elsewhere = name == "forget"
        file_of(server).write_bytes(left)
        server.start()
        await do(server, *again, another_life, life=life)
        server.kill()
        server.start()
        await (await healed(server)).provider.aclose()
        await do(server, arrive if name == "arrive" else move_on, life=life)
        try:
            await check(server, life, may_be)
        except Exception as error:
            raise AssertionError(f"{number + 1} commands of the script were left") from error
        server.kill()


async def test_a_delayed_job_that_half_came_back_still_waits_for_its_time(server: Server) -> None:
    life = Life(new_job(1, delay=timedelta(hours=1)))
    for left in await cuts(server, (add, leave, pack, come_back), life):
        file_of(server).write_bytes(left)
        server.start()
        await do(server, another_life, life=life)
        server.kill()
        server.start()
        await do(server, come_back_if_away, life=life)
        queue = await healed(server)
        assert await queue.provider.claim("another") == []
        assert (await queue.get_queue_stats()).delayed == 1
        with Redis.from_url(server.url) as redis:
            assert redis.zscore(f"{BULL}delayed", life.id) is not None
        await queue.provider.aclose()
        server.kill()
