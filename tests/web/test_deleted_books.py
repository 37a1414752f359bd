"""Whoever watches a book hears that it was deleted, by whichever page."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from httpx import AsyncClient, Response

from tests.web.website import Website
from ttsqueue.api.live.listener import Interest
from ttsqueue.local_user import LOCAL_USER_ID

Delete = Callable[[AsyncClient, str], Awaitable[Response]]


async def on_its_page(browser: AsyncClient, job_id: str) -> Response:
    return await browser.post(f"/books/{job_id}/delete")


async def in_the_list(browser: AsyncClient, job_id: str) -> Response:
    return await browser.post("/books/chosen", data={"action": "delete", "job": job_id})


async def by_an_admin(browser: AsyncClient, job_id: str) -> Response:
    return await browser.post("/admin/jobs", data={"action": "delete", "which": "chosen", "job": job_id})


@pytest.mark.parametrize("delete", [on_its_page, in_the_list, by_an_admin])
async def test_a_watcher_hears_that_a_book_was_deleted(home: Website, delete: Delete) -> None:
    job = await home.done("Fog", user_id=LOCAL_USER_ID)
    with home.site.live.hub.listening(Interest(user_id=LOCAL_USER_ID)) as listener:
        await asyncio.sleep(0.3)  # what led to the end of the job is announced
        while listener.take():
            pass
        assert (await delete(home.browser(), job.id)).status_code == 303
        assert listener.take() == job.id
