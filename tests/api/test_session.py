"""Signing in to pages and out again, with an access token."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from http.cookies import Morsel, SimpleCookie

import pytest
from httpx import AsyncClient, Response

from ttsqueue.api.identity.identity import Identity
from ttsqueue.api.identity.modes import for_application, for_household, for_oneself
from ttsqueue.api.identity.sessions import COOKIE
from ttsqueue.app import App

from .access_tokens import ISSUER, SECRET, USER, by_secret
from .identity_site import make_client

SITE_SECRET = b"x" * 32
OTHER = "00000000-0000-4000-8000-00000000000b"


def identity_of(app: App, *, site_secret: bytes = SITE_SECRET, public_url: str = "") -> Identity:
    provider = app.queue.provider
    return for_application(
        provider, site_secret, audience="authenticated", issuer=ISSUER, jwt_secret=SECRET, public_url=public_url
    )


@pytest.fixture
def browser(app: App) -> AsyncClient:
    return make_client(identity_of(app))


async def sign_in(browser: AsyncClient, token: str | None = None) -> str:
    """The CSRF token."""
    answer = await browser.post("/api/tts/session", json={"token": token or by_secret()})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["csrfToken"])


def cookie_of(answer: Response) -> Morsel[str]:
    return SimpleCookie(answer.headers["set-cookie"])[COOKIE]


@pytest.mark.parametrize("way", ["bearer", "body"])
async def test_an_access_token_becomes_a_cookie(browser: AsyncClient, way: str) -> None:
    token = by_secret(app_metadata={"is_premium": True})
    if way == "bearer":
        answer = await browser.post("/api/tts/session", headers={"Authorization": f"bearer {token}"})
    else:
        answer = await browser.post("/api/tts/session", json={"token": token})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    csrf_token = answer.json()["csrfToken"]
    assert answer.json() == {"success": True, "csrfToken": csrf_token}
    known = await browser.get("/api/tts/session")
    assert known.json() == {"userId": USER, "isAdmin": False, "isPremium": True, "csrfToken": csrf_token}
    assert token not in answer.headers["set-cookie"]


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(browser: AsyncClient) -> None:
    cookie = cookie_of(await browser.post("/api/tts/session", json={"token": by_secret()}))
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "lax", "/", "")
    assert not cookie["secure"]


async def test_the_cookie_of_an_https_site_never_travels_over_http(app: App) -> None:
    browser = make_client(
        identity_of(app, public_url="https://books.example.org"), base_url="https://books.example.org"
    )
    signed_in = await browser.post("/api/tts/session", json={"token": by_secret()})
    assert cookie_of(signed_in)["secure"]
    headers = {"X-CSRF-Token": signed_in.json()["csrfToken"]}
    assert cookie_of(await browser.delete("/api/tts/session", headers=headers))["secure"]


async def test_the_session_ends_with_its_token(browser: AsyncClient) -> None:
    end = int(datetime.now(UTC).timestamp()) - 28
    answer = await browser.post("/api/tts/session", json={"token": by_secret(exp=end)})
    assert int(cookie_of(answer)["max-age"]) <= 2
    # A browser forgets the cookie; somebody who stole it does not.
    stolen = {"Cookie": f"{COOKIE}={cookie_of(answer).value}"}
    assert (await browser.get("/change", headers=stolen)).status_code == 200
    ended = answer
    while datetime.now(UTC).timestamp() < end + 30:
        ended = await browser.get("/change", headers=stolen)
    ended = await browser.get("/change", headers=stolen)
    assert ended.status_code == 401
    assert "ended" in ended.json()["error"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_changes_by_cookie_need_the_csrf_token_of_this_session(
    browser: AsyncClient, app: App, method: str
) -> None:
    csrf_token = await sign_in(browser)
    of_another_session = await sign_in(make_client(identity_of(app)))
    for wrong in ({}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": of_another_session}, {"X-CSRF-Token": "é"}):
        refused = await browser.request(method, "/change", headers=[(k.encode(), v.encode()) for k, v in wrong.items()])
        assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert (await browser.request(method, "/change", headers={"X-CSRF-Token": csrf_token})).status_code == 200


async def test_looking_needs_no_csrf_token(browser: AsyncClient) -> None:
    await sign_in(browser)
    assert (await browser.get("/change")).json()["userId"] == USER


async def test_a_bearer_needs_no_csrf_token_and_goes_before_the_cookie(browser: AsyncClient) -> None:
    await sign_in(browser)
    headers = {"Authorization": f"Bearer {by_secret(sub=OTHER)}"}
    assert (await browser.post("/change", headers=headers)).json()["userId"] == OTHER
    headers = {"Authorization": f"Bearer {by_secret(exp=1)}"}
    assert (await browser.get("/change", headers=headers)).status_code == 401


async def test_a_password_for_a_proxy_does_not_hide_the_cookie(browser: AsyncClient) -> None:
    await sign_in(browser)
    assert (await browser.get("/change", headers={"Authorization": "Basic dXNlcjpwYXNz"})).status_code == 200


async def test_signing_out_takes_the_cookie_away(browser: AsyncClient) -> None:
    csrf_token = await sign_in(browser)
    assert (await browser.delete("/api/tts/session")).status_code == 403
    assert (await browser.get("/api/tts/session")).status_code == 200
    gone = await browser.delete("/api/tts/session", headers={"X-CSRF-Token": csrf_token})
    assert gone.json() == {"success": True}
    assert (await browser.get("/api/tts/session")).status_code == 401
    assert (await browser.delete("/api/tts/session")).status_code == 200


async def test_a_cookie_that_we_did_not_make_opens_nothing(browser: AsyncClient, app: App) -> None:
    await sign_in(browser)
    cookie = browser.cookies[COOKIE]
    body, _, mark = cookie.partition(".")
    admin = make_client(identity_of(app))
    await sign_in(admin, by_secret(app_metadata={"role": "admin"}))
    elsewhere = make_client(identity_of(app, site_secret=b"y" * 32))
    await sign_in(elsewhere)
    forged = [
        "",
        ".",
        "x",
        body,
        f"{body}.",
        f".{mark}",
        f"{body}x.{mark}",
        f"{body}.{mark}x",
        f"{body}.{mark}.x",
        "x" * 5000,
        f"{admin.cookies[COOKIE].partition('.')[0]}.{mark}",
        elsewhere.cookies[COOKIE],
    ]
    stranger = make_client(identity_of(app))
    for value in forged:
        assert (await stranger.get("/change", headers={"Cookie": f"{COOKIE}={value}"})).status_code == 401, value
    assert (await stranger.get("/change", headers={"Cookie": f"{COOKIE}={cookie}"})).status_code == 200


async def test_a_cookie_from_home_is_worth_nothing_on_a_site_with_users(app: App) -> None:
    home = make_client(for_household(app.queue.provider, SITE_SECRET, "ABCD-EFGH"))
    await home.post("/api/tts/pair", json={"code": "ABCD-EFGH"})
    site = make_client(identity_of(app))
    site.cookies = home.cookies
    assert (await home.get("/change")).status_code == 200
    assert (await site.get("/change")).status_code == 401


async def test_a_cookie_does_not_prolong_itself(browser: AsyncClient) -> None:
    await sign_in(browser)
    assert (await browser.post("/api/tts/session")).status_code == 401


async def test_a_service_cannot_sign_in_to_pages(browser: AsyncClient) -> None:
    token = by_secret(role="service_role", sub=None, aud=None, iss="supabase")
    refused = await browser.post("/api/tts/session", json={"token": token})
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    known = await browser.get("/api/tts/session", headers={"Authorization": f"Bearer {token}"})
    assert known.json() == {"userId": None, "isAdmin": False, "isPremium": False, "csrfToken": None}


async def test_nobody_is_told_how_to_get_in(browser: AsyncClient) -> None:
    for answer in (await browser.get("/api/tts/session"), await browser.post("/api/tts/session")):
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.json()["error"].startswith("Sign in, or send an access token")


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'{"token": 1}', b'{"token": ""}', b'{"token": "' + b"x" * 20_000 + b'"}']
)
async def test_a_broken_body_is_malformed(browser: AsyncClient, body: bytes) -> None:
    answer = await browser.post("/api/tts/session", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


async def test_with_identity_off_everybody_is_the_local_admin(app: App) -> None:
    browser = make_client(for_oneself(app.queue.provider, "127.0.0.1"))
    nothing = {"success": True, "csrfToken": None}
    assert (await browser.post("/api/tts/session")).json() == nothing
    assert (await browser.post("/api/tts/session", json={"token": "anything"})).json() == nothing
    known = (await browser.get("/api/tts/session")).json()
    assert known == {
        "userId": "3f0c1a52-7c5e-4b0e-9d55-2f7c6f0b8a10",
        "isAdmin": True,
        "isPremium": False,
        "csrfToken": None,
    }
    assert (await browser.post("/change")).status_code == 200
    assert (await browser.delete("/api/tts/session")).json() == {"success": True}
    assert (await browser.post("/api/tts/pair", json={"code": "ABCD-EFGH"})).status_code == 403


async def test_an_anonymous_user_stays_one_in_the_session(app: App) -> None:
    identity = identity_of(app)
    assert identity.sessions is not None
    assert identity.tokens is not None
    caller = await identity.tokens.caller(
        by_secret(is_anonymous=True, app_metadata={"tier": "premium", "role": "admin"})
    )
    session = identity.sessions.begin(caller)
    assert session.caller == caller
    assert type(session).from_text(session.to_text()) == session
    assert session.expires_at - datetime.now(UTC) > timedelta(minutes=10)
