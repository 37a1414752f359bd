"""Whose page the admin's page is."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from httpx import AsyncClient

from tests.api.access_tokens import SECRET, by_secret
from tests.web.admin_site import OTHER, AdminSite, open_admin_site, titles, words


@pytest.fixture
async def shared(tmp_path: Path) -> AsyncGenerator[AdminSite, None]:
    async with open_admin_site(tmp_path / "data", TTSQUEUE_AUTH="jwt", TTSQUEUE_JWT_SECRET=SECRET) as site:
        yield site


async def sign_in(browser: AsyncClient, **claims: Any) -> str:
    """The CSRF token."""
    answer = await browser.post("/api/tts/session", json={"token": by_secret(**claims)})
    return str(answer.json()["csrfToken"])


async def test_users_are_told_in_plain_words_that_this_is_not_theirs(shared: AdminSite) -> None:
    await shared.add("Somebody else's secret")
    await sign_in(shared.browser)
    for address in ("/admin", "/admin/confirm?action=delete&which=all"):
        page = await shared.see(address, status=403)
        assert "This page is for those who keep the queue running." in words(page)
        assert "secret" not in words(page)


async def test_whoever_has_not_signed_in_is_asked_to(shared: AdminSite) -> None:
    answer = await shared.browser.get("/admin")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/admin")


async def test_an_admin_sees_everybody_s_books_and_forms_with_the_token_of_the_session(shared: AdminSite) -> None:
    await shared.add("Theirs", user_id=OTHER)
    token = await sign_in(shared.browser, app_metadata={"role": "admin"})
    page = await shared.see()
    assert titles(page) == ["Theirs"]
    forms = [form for form in page.forms if form.method == "POST"]
    assert forms
    assert all(form.fields["csrf_token"] == token for form in forms)
    assert re.fullmatch(r"\S{16,}", token)


async def test_a_form_without_the_token_of_the_session_changes_nothing(shared: AdminSite) -> None:
    token = await sign_in(shared.browser, app_metadata={"role": "admin"})
    for wrong in ({}, {"csrf_token": "x"}):
        assert (await shared.browser.post("/admin/pause", data=wrong)).status_code == 403
    assert not await shared.app.queue.is_paused()
    assert (await shared.browser.post("/admin/pause", data={"csrf_token": token})).status_code == 303
    assert await shared.app.queue.is_paused()


async def test_users_cannot_act_for_admins(shared: AdminSite) -> None:
    job = await shared.add("Theirs", user_id=OTHER)
    token = await sign_in(shared.browser)
    for address in ("/admin/pause", "/admin/resume", "/admin/reset-stuck", "/admin/jobs"):
        sent = {"csrf_token": token, "action": "stop", "job": job.id}
        assert (await shared.browser.post(address, data=sent)).status_code == 403
    assert not await shared.app.queue.is_paused()
    assert (await shared.app.queue.get_job(job.id)).status == "pending"
