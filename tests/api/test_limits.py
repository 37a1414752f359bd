"""How much one user may ask for."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack, ExitStack
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from httpx import ASGITransport, AsyncClient, Response

from tests.audio.test_cover import png
from ttsqueue.api.caller import Caller
from ttsqueue.api.limits import Limits
from ttsqueue.api.recent_events import RecentEvents
from ttsqueue.api.server import make_server
from ttsqueue.app import App
from ttsqueue.book import Chapter
from ttsqueue.errors import InvalidJob, LimitReached
from ttsqueue.jobs import JobStatus, NewJob
from ttsqueue.listing import JobFilter

from .conftest import ADMIN, OWNER, STRANGER, ClientOf, make_site
from .operators import SERVER, USER, book, waiting
from .test_covers import data_uri

QUEUE = "/api/tts/queue"
ANONYMOUS = Caller(OWNER, is_anonymous=True)


def long_book(characters: int, user_id: str = OWNER) -> NewJob:
    half = characters // 2
    chapters = (Chapter("a", "ä" * half), Chapter("b", "b" * (characters - half)))
    return replace(book(user_id=user_id), chapters=chapters)


async def test_without_limits_everything_is_let_through(app: App) -> None:
    limits = Limits(app.queue)
    await limits.check_new_job(USER, long_book(50_000_000))
    with ExitStack() as open_sockets:
        for _ in range(100):
            await limits.check_preview(USER)
            open_sockets.enter_context(limits.socket(USER))


async def test_active_jobs_are_limited_for_the_user_that_a_job_is_for(app: App) -> None:
    limits = Limits(app.queue, max_active_jobs=2)
    first, _ = await waiting(app, 2)
    for caller in (USER, SERVER):
        with pytest.raises(LimitReached, match="2 books waiting or being spoken") as refusal:
            await limits.check_new_job(caller, book())
        assert refusal.value.retry_after > timedelta(0)
    await limits.check_new_job(SERVER, book(user_id=STRANGER))
    await limits.check_new_job(ADMIN, book())
    await app.queue.cancel_job(first)
    await limits.check_new_job(USER, book())


async def test_characters_are_limited_for_a_day(app: App) -> None:
    limits = Limits(app.queue, max_characters_per_day=1000)
    job = await app.queue.provider.add(long_book(600))
    await limits.check_new_job(USER, long_book(400))
    with pytest.raises(LimitReached, match="401 characters and 400 are left"):
        await limits.check_new_job(USER, long_book(401))
    await limits.check_new_job(USER, long_book(401, STRANGER))
    await limits.check_new_job(ADMIN, long_book(2000))
    await app.queue.cancel_job(job.id)
    await app.queue.delete_job(job.id)
    with pytest.raises(LimitReached, match="400 are left"):
        await limits.check_new_job(USER, long_book(401))


async def test_a_book_that_is_too_long_for_any_day_is_told_so(app: App) -> None:
    with pytest.raises(LimitReached, match=r"1,001 characters .* split it"):
        await Limits(app.queue, max_characters_per_day=1000).check_new_job(USER, long_book(1001))


async def test_anonymous_users_get_a_tenth(app: App) -> None:
    limits = Limits(app.queue, 20, 1000)
    await limits.check_new_job(ANONYMOUS, long_book(100))
    with pytest.raises(LimitReached):
        await limits.check_new_job(ANONYMOUS, long_book(101))
    await waiting(app, 2)
    with pytest.raises(LimitReached, match="2 books"):
        await limits.check_new_job(ANONYMOUS, long_book(1))
    await limits.check_new_job(USER, long_book(1))


async def test_anonymous_users_get_one_at_least(app: App) -> None:
    limits = Limits(app.queue, max_active_jobs=5, max_previews_per_hour=3, max_sockets=2)
    await limits.check_new_job(ANONYMOUS, book())
    await limits.check_preview(ANONYMOUS)
    with pytest.raises(LimitReached):
        await limits.check_preview(ANONYMOUS)
    with limits.socket(ANONYMOUS), pytest.raises(LimitReached), limits.socket(ANONYMOUS):
        raise AssertionError


async def test_previews_are_limited_by_the_hour_and_by_user(app: App) -> None:
    limits = Limits(app.queue, max_previews_per_hour=3)
    for _ in range(3):
        await limits.check_preview(USER)
    with pytest.raises(LimitReached, match="3 previews") as refusal:
        await limits.check_preview(USER)
    assert timedelta(minutes=59) < refusal.value.retry_after <= timedelta(hours=1)
    for other in (Caller(STRANGER), ADMIN, SERVER):
        await limits.check_preview(other)


async def test_a_closed_socket_makes_room(app: App) -> None:
    limits = Limits(app.queue, max_sockets=2)
    with limits.socket(USER):
        with limits.socket(USER):
            with pytest.raises(LimitReached, match="2 live connections"), limits.socket(USER):
                raise AssertionError
            with limits.socket(Caller(STRANGER)), limits.socket(ADMIN):
                pass
        with limits.socket(USER):
            pass


def test_what_happened_longer_ago_than_the_span_counts_no_more() -> None:
    now = [0.0]
    events = RecentEvents(timedelta(seconds=10), clock=lambda: now[0])
    for moment, wait in ((0, None), (4, None), (9, 1.0), (10, None), (11, 3.0), (14, None)):
        now[0] = moment
        told = events.enter("a", 2)
        assert (None if told is None else told.total_seconds()) == wait


def test_who_is_idle_is_forgotten() -> None:
    now = [0.0]
    events = RecentEvents(timedelta(seconds=10), clock=lambda: now[0])
    for number in range(1000):
        now[0] += 1
        assert events.enter(f"user-{number}", 1) is None
    assert len(events._times) < 30


@pytest.fixture
async def limited(app: App) -> AsyncIterator[ClientOf]:
    """Clients of one server that allows 20 books at a time and 10,000 characters a day."""
    limits = Limits(app.queue, max_active_jobs=20, max_characters_per_day=10_000)
    async with AsyncExitStack() as stack:

        def client_of(caller: Caller) -> AsyncClient:
            server = make_server(replace(make_site(app, caller), limits=limits))
            client = AsyncClient(transport=ASGITransport(server), base_url="http://127.0.0.1")
            stack.push_async_callback(client.aclose)
            return client

        yield client_of


def posted(characters: int = 20, **changes: object) -> dict[str, object]:
    return {"workId": str(uuid4()), "chapters": [{"id": "a", "text": "b" * characters}]} | changes


async def statuses_of(*requests: Awaitable[Response]) -> Counter[int]:
    return Counter([answer.status_code for answer in await asyncio.gather(*requests)])


async def test_of_many_books_at_the_same_moment_as_many_are_queued_as_may_be(app: App, limited: ClientOf) -> None:
    client, server = limited(USER), limited(SERVER)
    mine = [client.post(QUEUE, json=posted()) for _ in range(15)]
    by_the_server = [server.post(QUEUE, json=posted(userId=OWNER.upper())) for _ in range(15)]
    theirs = [server.post(QUEUE, json=posted(userId=STRANGER)) for _ in range(5)]
    assert await statuses_of(*mine, *by_the_server, *theirs) == {202: 25, 429: 10}
    assert await app.queue.count_jobs(JobFilter(user_id=OWNER)) == 20


async def test_of_many_books_at_the_same_moment_no_more_are_queued_than_a_day_has_characters(
    app: App, limited: ClientOf
) -> None:
    client = limited(USER)
    assert await statuses_of(*(client.post(QUEUE, json=posted(1500)) for _ in range(15))) == {202: 6, 429: 9}
    assert await app.queue.get_characters_since(OWNER, timedelta(days=1)) == 9000


async def test_a_retry_needs_room_as_a_new_job_does(app: App, limited: ClientOf) -> None:
    client = limited(USER)
    ended = await waiting(app, 15)
    for job_id in ended:
        await app.queue.cancel_job(job_id)
    await waiting(app, 12)
    assert await statuses_of(*(client.post(f"{QUEUE}/{job_id}/retry") for job_id in ended)) == {200: 8, 429: 7}
    active = frozenset({JobStatus.PENDING})
    assert await app.queue.count_jobs(JobFilter(user_id=OWNER, statuses=active)) == 20
    refusal = await client.post(f"{QUEUE}/{ended[-1]}/retry")
    assert (refusal.status_code, refusal.json()["code"]) == (429, "limit_reached")
    assert refusal.headers["retry-after"]


@pytest.mark.parametrize("cover", [None, data_uri(png(6, 9))])
async def test_a_request_that_is_sent_again_gets_its_job_though_there_is_no_more_room(
    app: App, limited: ClientOf, cover: str | None
) -> None:
    client, key = limited(USER), {"Idempotency-Key": "order-7"}
    await waiting(app, 19)
    body = posted(6000, cover=cover)
    answers = await asyncio.gather(*(client.post(QUEUE, json=body, headers=key) for _ in range(3)))
    assert [answer.status_code for answer in answers] == [202] * 3, answers[0].text
    assert len({answer.json()["jobId"] for answer in answers}) == 1
    other = await client.post(QUEUE, json=posted(), headers={"Idempotency-Key": "order-8"})
    assert (other.status_code, other.json()["code"]) == (429, "limit_reached")


async def test_whoever_waits_for_no_one_costs_no_memory(app: App) -> None:
    limits = Limits(app.queue, max_active_jobs=20)
    for number in range(50):
        user_id = f"00000000-0000-4000-8000-{number:012}"
        async with limits.new_job(SERVER, book(user_id=user_id)):
            pass
    assert len(limits._turns) == 0


async def test_a_book_that_is_refused_lets_the_next_one_through(app: App) -> None:
    limits = Limits(app.queue, max_active_jobs=1)
    with pytest.raises(InvalidJob):
        async with limits.new_job(USER, book()):
            raise InvalidJob("There is no such voice.")
    async with asyncio.timeout(1), limits.new_job(USER, book()):
        pass
