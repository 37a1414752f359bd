"""Coming in with an access token, and leaving, on a server with users."""

from __future__ import annotations

import asyncio
import time

import pytest

from tests.api.access_tokens import by_secret, forged_with
from tests.web.website import HERE, Website, alert, drawn, form_of, heading, send, words
from ttsqueue.api.identity.key_text import digest_of, new_key
from ttsqueue.api.identity.sessions import COOKIE
from ttsqueue.server_keys import ServerKey

PAGES = ["/", "/books", "/books?q=fog&state=done", "/books/nobody", "/admin", "/admin?q=state:failed"]


@pytest.mark.parametrize("address", PAGES)
async def test_who_is_not_signed_in_is_led_to_the_sign_in_and_back(website: Website, address: str) -> None:
    browser = website.browser()
    led = await browser.get(address)
    assert led.status_code == 303
    form = await browser.get(led.headers["location"])
    assert heading(form) == "Sign in"
    back = await send(browser, form_of(form, "/sign-in"), token=by_secret(app_metadata={"role": "admin"}))
    assert (back.status_code, back.headers["location"]) == (303, address)
    assert COOKIE in browser.cookies


async def test_a_form_of_somebody_whose_session_ended_leads_back_to_its_page(website: Website) -> None:
    browser = website.browser()
    led = await browser.post("/books/x/stop", headers={"Referer": f"{HERE}/books/x?a=b"})
    assert led.headers["location"] == "/sign-in?next=/books/x%3Fa%3Db"
    for referer in ("https://evil.example/books/x", "http://[", ""):
        led = await browser.post("/books/x/stop", headers={"Referer": referer})
        assert led.headers["location"] == "/sign-in?next=/"


async def test_a_script_that_is_not_signed_in_is_told_so(website: Website) -> None:
    told = await website.browser().get("/books", headers={"Accept": "*/*"})
    assert (told.status_code, told.json()["code"]) == (401, "unauthenticated")


@pytest.mark.parametrize(
    "next_page",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "evil.example",
        "/\t/evil.example",
        "/%0d%0aSet-Cookie:a\r\nb",
        "",
        "/é",
        "/" + "x" * 2000,
    ],
)
async def test_nobody_is_led_away_from_this_site(website: Website, next_page: str) -> None:
    browser = website.browser()
    form = form_of(await browser.get("/sign-in", params={"next": next_page}), "/sign-in")
    assert form.fields["next"] == "/"
    form.fields["next"] = "/"
    sent = await browser.post("/sign-in", data={"token": by_secret(), "next": next_page})
    assert sent.headers["location"] == "/"
    again = await browser.get("/sign-in", params={"next": next_page})
    assert (again.status_code, again.headers["location"]) == (303, "/")


@pytest.mark.parametrize(
    ("token", "said"),
    [
        ("", "This is no access token."),
        ("nonsense", "This is no access token."),
        (by_secret("x" * 40), "forged"),
        (by_secret(exp=1), "expired"),
        (by_secret(role="anon"), "access token"),
        (forged_with(b"", {"alg": "none"}), "key that this server does not know"),
        ("ttsq_unknown", "unknown or was revoked"),
        (by_secret(role="service_role", sub=None, aud=None, iss="supabase"), "cannot sign in to pages"),
    ],
)
async def test_a_token_that_is_not_good_is_refused_with_a_sentence(website: Website, token: str, said: str) -> None:
    browser = website.browser()
    form = form_of(await browser.get("/sign-in?next=/books"), "/sign-in")
    refused = await send(browser, form, token=token)
    assert refused.status_code in (401, 403)
    assert said in alert(refused)
    assert form_of(refused, "/sign-in").fields["next"] == "/books"
    assert not form_of(refused, "/sign-in").fields["token"]
    assert COOKIE not in browser.cookies


async def test_a_servers_key_is_no_way_into_pages(website: Website) -> None:
    key = new_key()
    await website.app.queue.provider.add_key(ServerKey("shop", digest_of(key), is_admin=True))
    refused = await website.browser().post("/sign-in", data={"token": key})
    assert refused.status_code == 403
    assert "sign in with a user's access token" in alert(refused)


async def test_who_was_signed_in_is_told_that_the_session_has_ended(website: Website) -> None:
    browser = website.browser()
    assert not drawn(await browser.get("/sign-in")).xpath("//*[@role='alert']")
    browser.cookies.set(COOKIE, "of.yesterday")
    ended = await browser.get("/sign-in")
    assert (ended.status_code, alert(ended)) == (200, "Your session has ended; sign in again.")


async def test_the_session_ends_with_the_token_and_the_page_leads_to_the_sign_in(website: Website) -> None:
    expires = int(time.time()) - 23
    ends = expires + 30  # the leeway for clocks
    browser = await website.signed_in(exp=expires)
    stolen = {"Cookie": f"{COOKIE}={browser.cookies[COOKIE]}"}
    assert (await browser.get("/books", headers=stolen)).status_code == 200
    await asyncio.sleep(ends + 0.1 - time.time())
    assert (await browser.get("/books", headers=stolen)).headers["location"] == "/sign-in?next=/books"


async def test_signing_out_takes_the_cookie_away(website: Website) -> None:
    browser = await website.signed_in()
    out = await send(browser, form_of(await browser.get("/books"), "/sign-out"))
    assert (out.status_code, out.headers["location"]) == (303, "/sign-in")
    assert COOKIE not in browser.cookies
    assert (await browser.get("/books")).status_code == 303
    assert (await browser.post("/sign-out")).status_code == 303


async def test_nobody_else_can_sign_a_visitor_out(website: Website) -> None:
    browser = await website.signed_in()
    for data in ({}, {"csrf_token": "forged"}):
        refused = await browser.post("/sign-out", data=data)
        assert refused.status_code == 403
        assert "reload the page" in words(drawn(refused).get_element_by_id("main"))
    assert COOKIE in browser.cookies


async def test_another_site_cannot_sign_a_visitor_in(website: Website) -> None:
    browser = website.browser()
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        refused = await browser.post("/sign-in", data={"token": by_secret()}, headers=headers)
        assert refused.status_code == 403
    assert COOKIE not in browser.cookies


async def test_there_is_no_pairing_where_users_have_tokens(website: Website) -> None:
    browser = website.browser()
    led = await browser.get("/pair?next=/books")
    assert (led.status_code, led.headers["location"]) == (303, f"{HERE}/sign-in?next=/books")
    assert (await browser.post("/pair", data={"code": "ABCD-EFGH"})).status_code == 403


async def test_with_identity_off_nobody_signs_in(home: Website) -> None:
    browser = home.browser()
    for door in ("/sign-in", "/pair"):
        assert (await browser.get(f"{door}?next=/books")).headers["location"] == "/books"
    assert (await browser.get("/books")).status_code == 200
    assert not drawn(await browser.get("/")).xpath("//form[@action='/sign-out']")
    assert (await browser.post("/sign-out")).status_code == 303
