"""No form of a page is good without the CSRF token of the session that sends it."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest
from httpx import AsyncClient

from tests.web.website import HERE, STRANGER, Website, drawn, form_of
from ttsqueue.jobs import JobStatus
from ttsqueue.listing import JobFilter
from ttsqueue.web import routes

OPEN = {"/sign-in", "/pair", "/sign-out"}
"""Those that make or end a session; they are tested with it."""


def forms() -> list[str]:
    """The addresses of all forms of all pages."""
    modules = [import_module(f"{routes.__name__}.{found.name}") for found in iter_modules(routes.__path__)]
    found = {route.path for module in modules for route in module.router.routes if "POST" in route.methods}
    return sorted(found - OPEN)


def kinds(token: str | None) -> dict[str, dict[str, Any]]:
    """The ways to send a form."""
    field = {} if token is None else {"csrf_token": token}
    return {
        "urlencoded": {"data": {"action": "stop", **field}},
        "multipart": {"files": {"text": (None, "It was night."), **{name: (None, t) for name, t in field.items()}}},
        "nothing": {"headers": {"X-CSRF-Token": token} if token else {}},
        "plain text": {"content": f"csrf_token={token}", "headers": {"Content-Type": "text/plain"}},
        "JSON": {"json": {"action": "stop", **field}},
    }


def test_all_forms_are_looked_at() -> None:
    assert {"/books", "/books/new", "/books/chosen", "/books/{job_id}/delete", "/admin/pause"} <= set(forms())


@pytest.mark.parametrize("address", forms())
async def test_a_form_without_the_sessions_token_changes_nothing(website: Website, address: str) -> None:
    browser = await website.signed_in(app_metadata={"role": "admin"})
    another = await website.signed_in(app_metadata={"role": "admin"})
    of_another = form_of(await another.get("/"), "/books").fields["csrf_token"]
    job = await website.add()
    for token in (None, "", "forged", "é", of_another):
        for kind, sent in kinds(token).items():
            if kind == "nothing" and token == "é":
                continue  # no header
            answer = await browser.post(address.format(job_id=job.id), **sent)
            # The upload reads multipart alone and says so; everything else is refused for its token.
            refusal = 400 if address == "/books" and kind != "multipart" else 403
            assert answer.status_code == refusal, (kind, token, answer.text)
            assert drawn(answer).xpath("//h1")
    assert [each.status for each in (await website.app.queue.list_jobs(JobFilter())).jobs] == [JobStatus.PENDING]
    assert not await website.app.queue.is_paused()


@pytest.mark.parametrize("address", forms())
async def test_a_form_without_a_session_leads_to_the_sign_in(website: Website, address: str) -> None:
    job = await website.add()
    for sent in kinds("anything").values():
        answer = await website.browser().post(address.format(job_id=job.id), **sent)
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/")
    assert (await website.app.queue.get_job(job.id)).status is JobStatus.PENDING


@pytest.mark.parametrize("address", forms())
async def test_a_form_on_another_site_is_refused_with_identity_off_too(home: Website, address: str) -> None:
    job = await home.add(user_id=STRANGER)
    browser = home.browser()
    for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "same-site"}):
        answer = await browser.post(address.format(job_id=job.id), data={"action": "stop"}, headers=headers)
        assert answer.status_code == 403
        assert drawn(answer).xpath("//h1")
    assert (await home.app.queue.get_job(job.id)).status is JobStatus.PENDING


async def stop_with(browser: AsyncClient, job_id: str, **sent: Any) -> int:
    return (await browser.post(f"/books/{job_id}/stop", **sent)).status_code


async def test_the_token_may_come_in_the_form_or_in_the_header(website: Website) -> None:
    browser = await website.signed_in()
    token = form_of(await browser.get("/"), "/books").fields["csrf_token"]
    job = await website.add()
    assert await stop_with(browser, job.id, data={"csrf_token": token}) == 303
    assert await stop_with(browser, job.id, files={"csrf_token": (None, token)}) == 303
    assert await stop_with(browser, job.id, headers={"X-CSRF-Token": token}) == 303
    assert await stop_with(browser, job.id, headers={"X-CSRF-Token": "forged"}, data={"csrf_token": token}) == 403
    origin = {"Origin": HERE, "Sec-Fetch-Site": "same-origin"}
    assert await stop_with(browser, job.id, headers=origin, data={"csrf_token": token}) == 303


async def test_a_form_with_a_file_that_no_page_asks_for_is_refused(website: Website) -> None:
    browser = await website.signed_in()
    token = form_of(await browser.get("/"), "/books").fields["csrf_token"]
    job = await website.add()
    sent: dict[str, Any] = {"data": {"csrf_token": token}, "files": {"file": ("a.txt", b"x" * 5_000_000)}}
    assert await stop_with(browser, job.id, **sent) == 400
