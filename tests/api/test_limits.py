"""How much one user may ask for."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta

import pytest

from ttsqueue.api.caller import Caller
from ttsqueue.api.limits import Limits
from ttsqueue.api.recent_events import RecentEvents
from ttsqueue.app import App
from ttsqueue.book import Chapter
from ttsqueue.errors import LimitReached
from ttsqueue.jobs import NewJob

from .conftest import ADMIN, OWNER, STRANGER
from .operators import SERVER, USER, book, waiting

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
