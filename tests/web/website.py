"""The whole application as a browser without script meets it: pages are read, forms are sent as they stand."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from httpx import ASGITransport, AsyncClient, Response
from lxml import html
from lxml.html import FormElement, HtmlElement
from starlette.types import ASGIApp

from tests.api.access_tokens import SECRET, USER, by_secret
from ttsqueue.api.opening import open_site
from ttsqueue.api.site import Site
from ttsqueue.app import App
from ttsqueue.book import BookInfo, Chapter
from ttsqueue.jobs import Job, NewJob
from ttsqueue.outcome import Complete, Fail
from ttsqueue.result import ChapterSound, FinishedChapter, JobResult
from ttsqueue.server_settings import load_server_settings
from ttsqueue.settings import load_settings
from ttsqueue.web.pages import make_website

HERE = "http://127.0.0.1"
STRANGER = "00000000-0000-4000-8000-00000000000b"
WITH_TOKENS = {"TTSQUEUE_AUTH": "jwt", "TTSQUEUE_JWT_SECRET": SECRET}


@dataclass(frozen=True)
class Website:
    """A server, and the books behind it. With identity off its user is not USER."""

    site: Site
    application: ASGIApp
    _stack: AsyncExitStack

    @property
    def app(self) -> App:
        return self.site.app

    def browser(self, source: str = "127.0.0.1") -> AsyncClient:
        """With cookies of its own."""
        transport = ASGITransport(self.application, raise_app_exceptions=False, client=(source, 1))
        browser = AsyncClient(transport=transport, base_url=HERE, headers={"Accept": "text/html"})
        self._stack.push_async_callback(browser.aclose)
        return browser

    async def signed_in(self, **claims: Any) -> AsyncClient:
        browser = self.browser()
        answer = await browser.post("/sign-in", data={"token": by_secret(**claims)})
        assert answer.status_code == 303, answer.text
        return browser

    async def add(self, title: str = "The Lighthouse", user_id: str = USER, **changes: Any) -> Job:
        return await self.app.queue.provider.add(book(title, user_id, **changes))

    async def speaking(self, title: str = "The Lighthouse", **changes: Any) -> Job:
        """Its first chapter is spoken; nothing else may wait."""
        await self.add(title, **changes)
        (claim,) = await self.app.queue.provider.claim("worker-1")
        return await self.app.queue.provider.save_chapter(claim.lease, FinishedChapter(0, _file(claim.job, 1), 90.0))

    async def done(self, title: str = "The Lighthouse", sounds: tuple[ChapterSound, ...] = (), **changes: Any) -> Job:
        await self.add(title, **changes)
        (claim,) = await self.app.queue.provider.claim("worker-1")
        files = (_file(claim.job, 1), _file(claim.job, 2))
        for index, file in enumerate(files):
            await self.app.queue.provider.save_chapter(claim.lease, FinishedChapter(index, file, 90.0))
        result = JobResult(files, 180.0, f"{claim.job.id}.book-1.m4b", sounds)
        return await self.app.queue.provider.settle(claim.lease, Complete(result))

    async def failed(self, title: str = "The Lighthouse", error: str = "The voice is gone.", **changes: Any) -> Job:
        await self.add(title, **changes)
        (claim,) = await self.app.queue.provider.claim("worker-1")
        return await self.app.queue.provider.settle(claim.lease, Fail(error, "unknown_voice"))

    async def stopped(self, title: str = "The Lighthouse", **changes: Any) -> Job:
        return await self.app.queue.cancel_job((await self.add(title, **changes)).id)


@asynccontextmanager
async def open_website(folder: Path, code: str | None = None, **settings: str) -> AsyncGenerator[Website, None]:
    """Identity off, with tokens (WITH_TOKENS), or for a household with a pairing `code`."""
    server = load_server_settings(settings)
    async with (
        open_site(load_settings({"TTSQUEUE_DATA": folder}), server, code) as site,
        AsyncExitStack() as stack,
    ):
        yield Website(site, make_website(site, server), stack)


def book(title: str, user_id: str, chapters: tuple[str, ...] = ("The Stairs", "Fog"), **changes: Any) -> NewJob:
    made = tuple(Chapter(f"c{number}", "It was night.", name) for number, name in enumerate(chapters, 1))
    return NewJob(work_id=str(uuid4()), user_id=user_id, chapters=made, book=BookInfo(title), **changes)


def _file(job: Job, number: int) -> str:
    return f"{job.id}.c{number:04}-1.m4a"


# --- what a person without script does ---


def drawn(answer: Response) -> HtmlElement:
    """The page of an answer."""
    assert answer.headers["content-type"] == "text/html; charset=utf-8", answer.text
    return html.document_fromstring(answer.text)


def words(part: HtmlElement) -> str:
    """As a reader sees them."""
    return " ".join(part.text_content().split())


def heading(answer: Response) -> str:
    return words(drawn(answer).find(".//h1"))


def alert(answer: Response) -> str:
    (found,) = drawn(answer).xpath("//*[@role='alert']")
    return words(found)


def form_of(answer: Response, action: str) -> FormElement:
    (form,) = [form for form in drawn(answer).forms if form.get("action") == action]
    return form


async def send(browser: AsyncClient, form: FormElement, file: tuple[str, bytes] | None = None, **more: Any) -> Response:
    """Press a button. `more` are the button and what was typed; a list replaces all values of a name."""
    values = [(name, value) for name, value in form.form_values() if name not in more]
    for name, value in more.items():
        values += [(name, each) for each in (value if isinstance(value, list) else [value])]
    if form.get("enctype") != "multipart/form-data":
        data: dict[str, list[str]] = {}
        for name, value in values:
            data.setdefault(name, []).append(value)
        return await browser.post(form.action, data=data)
    parts = [_part(name, None, value.encode()) for name, value in values if name != "file"]
    if form.xpath(".//input[@type='file']"):
        parts.append(_part("file", *(file or ("", b""))))
    headers = {"Content-Type": f"multipart/form-data; boundary={_BOUNDARY}"}
    return await browser.post(form.action, content=b"".join(parts) + f"--{_BOUNDARY}--\r\n".encode(), headers=headers)


_BOUNDARY = "between-the-parts"


def _part(name: str, file_name: str | None, content: bytes) -> bytes:
    """As browsers write it; they send a part for a file also when none was chosen."""
    file = "" if file_name is None else '; filename="{}"'.format(file_name.replace('"', "%22"))
    return f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode() + content + b"\r\n"
