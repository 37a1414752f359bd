"""Jobs of other programs that are many, large, oddly named, or no jobs at all."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any
from uuid import uuid4

import pytest
from bullmq import Queue
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from tests.conformance.samples import claim_one, complete, new_job
from ttsqueue.active_key import active_key
from ttsqueue.jobs import JobStatus, JobType
from ttsqueue.providers.redis import RedisProvider
from ttsqueue.providers.redis.faults import explained, is_refusal
from ttsqueue.providers.redis.keys import BULL, OURS
from ttsqueue.providers.redis.lane import Lane

from .test_adoption import NAME, data, listening, soon, with_status


@pytest.mark.parametrize(
    "job_id",
    [
        "7C56190A-A634-423A-BDF7-C768635FC9C4",
        "a-name-of-exactly-36-characters-long",
        "7c56190a-a634-423a-bdf7-c768635fc9c4",
    ],
)
async def test_a_job_id_that_looks_like_one_of_ours_is_spoken(
    provider: RedisProvider, bullmq: Queue, job_id: str
) -> None:
    assert len(job_id) == 36
    await bullmq.add(NAME, data(), {"jobId": job_id})
    claim = await claim_one(provider)
    await provider.settle(claim.lease, complete())
    assert await bullmq.getJobState(job_id) == "completed"
    assert await provider.claim("w") == []


ODD: list[dict[str, Any]] = [{"attempts": True}, {"attempts": -3}, {"attempts": float("nan")}, {"attempts": 2.5}]


@pytest.mark.parametrize("options", ODD)
async def test_odd_options_of_another_producer_count_as_none(
    provider: RedisProvider, bullmq: Queue, redis: Redis, options: dict[str, Any]
) -> None:
    made = await bullmq.add(NAME, data(), {})
    await redis.hset(f"{BULL}{made.id}", "opts", json.dumps(options))
    assert (await claim_one(provider)).job.max_attempts == 3


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("opts", '{"attempts": 5000}', "max_attempts must be from 1 to 1000"),
        ("priority", "nan", "priority must be a whole number"),
        ("priority", "inf", "priority must be a whole number"),
        ("priority", "soon", "priority must be a whole number"),
        ("data", json.dumps(data(priority=True)), "priority must be a whole number"),
        ("data", "[" * 100_000 + "]" * 100_000, "cannot be read"),
        ("data", "nonsense", "not JSON"),
    ],
)
async def test_a_bad_job_of_another_producer_stops_nobody(
    provider: RedisProvider, bullmq: Queue, redis: Redis, field: str, value: str, reason: str
) -> None:
    made = await bullmq.add(NAME, data(), {})
    await redis.hset(f"{BULL}{made.id}", field, value)
    ours = await provider.add(new_job(1))
    assert (await claim_one(provider)).job.id == ours.id
    assert reason in (await redis.hget(f"{BULL}{made.id}", "failedReason") or "")


async def test_a_job_that_the_server_refuses_to_take_in_stops_nobody(
    provider: RedisProvider, bullmq: Queue, redis: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    job_id = str(uuid4())
    given = data()
    key = active_key(given["userId"], given["workId"], JobType.FULL_BOOK, ["ch1"])
    await redis.hset(f"{OURS}active:{key}", "is", "no text")
    await bullmq.add(NAME, given, {"jobId": job_id})
    ours = await provider.add(new_job(1))
    with caplog.at_level(logging.WARNING, "ttsqueue.redis"):
        assert (await claim_one(provider)).job.id == ours.id
    assert job_id in caplog.text
    assert await bullmq.getJobState(job_id) == "failed"
    assert await provider.claim("w") == []


async def test_who_listens_says_what_went_wrong_and_goes_on(
    provider: RedisProvider, bullmq: Queue, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await listening(provider)
    adoption, broken = provider._store.adoption, asyncio.Event()
    follow = adoption.follow

    async def breaks_once(bull_ids: list[str], *at_once: int) -> None:
        if bull_ids and not broken.is_set():
            broken.set()
            raise KeyError("what nobody thought of")
        await follow(bull_ids, *at_once)

    monkeypatch.setattr(adoption, "follow", breaks_once)
    with caplog.at_level(logging.WARNING, "ttsqueue.redis"):
        await bullmq.add(NAME, data(), {"jobId": str(uuid4())})
        await asyncio.wait_for(broken.wait(), 3)
        await asyncio.sleep(0.4)
        await bullmq.add(NAME, data(), {"jobId": (second := str(uuid4()))})
        await soon(lambda: _is_pending(provider, second))
    assert "what nobody thought of" in caplog.text


async def _is_pending(provider: RedisProvider, job_id: str) -> bool:
    job = await with_status(provider, JobStatus.PENDING)
    return job is not None and job.id == job_id


async def test_many_large_jobs_of_another_producer_are_read_a_few_at_a_time(
    provider: RedisProvider, bullmq: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[int] = []
    answer = Lane._asked

    async def measured(self: Lane, commands: Any) -> list[Any]:
        found = await answer(self, commands)
        answers.append(max(len(repr(one)) for one in found))
        return found

    monkeypatch.setattr(Lane, "_asked", measured)
    text = "Fog came in. " * 16_000  # 200 kB
    books = [data(chapters=[{"chapterId": "a", "text": text}]) for _ in range(60)]
    await bullmq.addBulk([{"name": NAME, "data": book, "opts": {}} for book in books])
    await claim_one(provider)
    assert max(answers) < 2_000_000
    assert (await provider.stats()).pending == len(books) - 1


async def test_a_job_of_others_in_the_middle_of_a_long_plain_list_is_found(
    provider: RedisProvider, bullmq: Queue, redis: Redis
) -> None:
    """Others wait there as long as nobody looks."""
    made = [await bullmq.add(NAME, data(), {}) for _ in range(3)]
    await redis.lpush(f"{BULL}wait", *(f"gone-{n}" for n in range(3_000)))
    await redis.rpush(f"{BULL}wait", *(f"gone-{n}" for n in range(3_000, 6_000)))
    await provider._store.adoption.follow([made[1].id])
    assert (await provider.stats()).pending == 1
    assert await redis.llen(f"{BULL}wait") == 6_002
    assert len(await provider.claim("w", 5)) == 3
    assert await redis.llen(f"{BULL}wait") == 0


@pytest.mark.parametrize(
    ("said", "is_so"),
    [
        ("ERR user_script:12: attempt to index a nil value script: f00, on @user_script:12.", True),
        ("ERR Error running script (call to f_f00): @user_script:12: user_script:12: bad argument", True),
        ("BUSY Redis is busy running a script.", False),
        ("max requests limit exceeded", False),
        ("NOREPLICAS Not enough good replicas to write. script: f00, on @user_script:12.", False),
        ("OOM command not allowed. script: f00, on @user_script:12.", False),
    ],
)
def test_only_what_a_script_raised_of_itself_is_held_against_a_job(said: str, is_so: bool) -> None:
    """A server that is in trouble for a moment must not cost a good book."""
    assert is_refusal(explained(ResponseError(said))) is is_so
