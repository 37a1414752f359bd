"""The whole application with a queue of its own, for tests of the admin's page."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from httpx import ASGITransport, AsyncClient
from lxml import html
from lxml.html import HtmlElement

from ttsqueue.api.opening import open_site
from ttsqueue.app import App
from ttsqueue.book import BookInfo, Chapter
from ttsqueue.jobs import Job, NewJob, Progress
from ttsqueue.outcome import Complete, Fail
from ttsqueue.result import FinishedChapter, JobResult
from ttsqueue.server_settings import load_server_settings
from ttsqueue.settings import load_settings
from ttsqueue.web.pages import make_website
from ttsqueue.workers import Worker, WorkerProcess

USER = "00000000-0000-4000-8000-00000000000c"
OTHER = "00000000-0000-4000-8000-00000000000d"


@dataclass(frozen=True)
class AdminSite:
    """A browser in front of the application, and what is behind it."""

    app: App
    browser: AsyncClient

    async def see(self, address: str = "/admin", status: int = 200) -> HtmlElement:
        """The page, as it is drawn."""
        answer = await self.browser.get(address)
        assert answer.status_code == status, answer.text
        return html.fromstring(answer.text)

    async def add(self, title: str, **changes: Any) -> Job:
        return await self.app.queue.provider.add(book(title, **changes))

    async def speaking(self, title: str, worker: str = "worker-1", **changes: Any) -> Job:
        """In the second of three chapters; nothing else may be due."""
        await self.add(title, **changes)
        (claim,) = await self.app.queue.provider.claim(worker)
        await self.app.queue.provider.save_chapter(claim.lease, FinishedChapter(0, "a", 90.0))
        return await self.app.queue.provider.update_progress(claim.lease, Progress(40, None, 2))

    async def done(self, title: str, **changes: Any) -> Job:
        await self.add(title, **changes)
        (claim,) = await self.app.queue.provider.claim("worker-1")
        return await self.app.queue.provider.settle(claim.lease, Complete(JobResult(("a", "b", "c"), 3600.0)))

    async def failed(self, title: str, code: str | None = "RATE_LIMIT", error: str = "Too fast.") -> Job:
        await self.add(title)
        (claim,) = await self.app.queue.provider.claim("worker-1")
        return await self.app.queue.provider.settle(claim.lease, Fail(error, code))

    async def stopped(self, title: str) -> Job:
        return await self.app.queue.cancel_job((await self.add(title)).id)

    async def worker(self, name: str) -> None:
        process = WorkerProcess("calliope.local", "boot", "namespace", 4711, 0.0)
        await self.app.queue.provider.register_worker(Worker(name, f"{name}@1", process, "0.1.0", slots=2))


@asynccontextmanager
async def open_admin_site(folder: Path, **settings: str) -> AsyncGenerator[AdminSite, None]:
    server = load_server_settings(settings)
    async with open_site(load_settings({"TTSQUEUE_DATA": folder}), server) as site:
        transport = ASGITransport(make_website(site, server))
        async with AsyncClient(
            transport=transport, base_url="http://127.0.0.1", headers={"Accept": "text/html"}
        ) as browser:
            yield AdminSite(site.app, browser)


def book(title: str, user_id: str = USER, **changes: Any) -> NewJob:
    chapters = tuple(Chapter(f"c{number}", "It was night.", f"Chapter {number}") for number in range(1, 4))
    return NewJob(work_id=str(uuid4()), user_id=user_id, chapters=chapters, book=BookInfo(title), **changes)


async def in_all_states(site: AdminSite) -> None:
    await site.done("Fog")
    await site.failed("Oil and Salt")
    await site.stopped("The Stairs")
    await site.speaking("The Long Night")
    await site.add("Sparrow", priority=2)
    await site.add("Nine Winters", delay=timedelta(hours=2))


def words(part: HtmlElement) -> str:
    """As a reader sees them, but for the seconds, which depend on the machine: `- s`."""
    return re.sub(r"\b\d+ s\b", "- s", " ".join(part.text_content().split()))


def titles(page: HtmlElement) -> list[str]:
    """Of the listed jobs."""
    return [words(link) for link in page.get_element_by_id("job-list").xpath(".//td[@class='what']//a")]


def table(part: HtmlElement) -> list[list[str]]:
    """The cells of the body of the table in this part."""
    return [[words(cell) for cell in row.findall("td")] for row in part.findall(".//tbody/tr")]
