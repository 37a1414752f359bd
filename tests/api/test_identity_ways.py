"""Which way in counts, and where a server may listen."""

from __future__ import annotations

import pytest

from ttsqueue.api.caller import Caller
from ttsqueue.api.identity.identified import Proof
from ttsqueue.api.identity.key_text import digest_of, new_key
from ttsqueue.api.identity.modes import for_application, for_household, for_oneself
from ttsqueue.app import App
from ttsqueue.errors import Forbidden, SettingsError, Unauthenticated
from ttsqueue.local_user import LOCAL_USER_ID
from ttsqueue.server_keys import ServerKey

from .access_tokens import ISSUER, SECRET, USER, by_secret
from .identity_site import connection

LOCAL = Caller(LOCAL_USER_ID, is_admin=True)
SITE_SECRET = b"x" * 32


async def new_server_key(app: App, name: str = "shop", *, is_admin: bool = False) -> str:
    key = new_key()
    await app.queue.provider.add_key(ServerKey(name, digest_of(key), is_admin))
    return key


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "localhost", "::1", "[::1]"])
async def test_without_sign_in_everybody_on_this_computer_is_the_local_admin(app: App, host: str) -> None:
    who = await for_oneself(app.queue.provider, host).who(connection())
    assert (who.caller, who.by, who.csrf_token) == (LOCAL, Proof.LOCAL, None)


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "192.168.1.5", "books.example.org", "localhost.example.org", "", "[::]"]
)
def test_without_sign_in_no_other_address_will_do(app: App, host: str) -> None:
    with pytest.raises(SettingsError, match="TTSQUEUE_AUTH=off"):
        for_oneself(app.queue.provider, host)


@pytest.mark.parametrize("is_admin", [False, True])
async def test_a_server_key_is_a_service_in_every_mode(app: App, is_admin: bool) -> None:
    key = await new_server_key(app, is_admin=is_admin)
    provider = app.queue.provider
    for identity in (
        for_oneself(provider, "127.0.0.1"),
        for_household(provider, SITE_SECRET, "ABCD-EFGH"),
        for_application(provider, SITE_SECRET, audience="authenticated", jwt_secret=SECRET),
    ):
        who = await identity.who(connection(authorization=f"Bearer {key}"))
        assert who.caller == Caller(None, is_service=True, is_admin=is_admin)
        assert (who.by, who.csrf_token) == (Proof.KEY, None)


async def test_a_revoked_key_ends_at_once(app: App) -> None:
    identity = for_oneself(app.queue.provider, "127.0.0.1")
    request = connection("http", "POST", authorization=f"Bearer {await new_server_key(app)}")
    assert (await identity.identify(request)).is_service
    await app.queue.provider.remove_key("shop")
    with pytest.raises(Unauthenticated, match="revoked"):
        await identity.identify(request)


async def test_a_wrong_key_is_never_the_local_user(app: App) -> None:
    identity = for_oneself(app.queue.provider, "127.0.0.1")
    key = await new_server_key(app)
    for wrong in (key[:-1], key + "x", "ttsq_", digest_of(key), by_secret(), "", "ttsq_é"):
        with pytest.raises(Unauthenticated):
            await identity.who(connection(authorization=f"Bearer {wrong}"))


async def test_a_websocket_is_identified_like_a_request(app: App) -> None:
    identity = for_application(
        app.queue.provider, SITE_SECRET, audience="authenticated", issuer=ISSUER, jwt_secret=SECRET
    )
    assert identity.tokens is not None
    assert identity.sessions is not None
    who = await identity.who(connection("websocket", authorization=f"Bearer {by_secret()}"))
    assert (who.caller.user_id, who.by) == (USER, Proof.TOKEN)
    assert who.caller.expires_at is not None
    cookie = identity.sessions.seal(identity.sessions.begin(who.caller))
    by_cookie = connection("websocket", cookie=f"ttsqueue_session={cookie}")
    assert (await identity.identify(by_cookie)).user_id == USER
    who = await identity.who(by_cookie)
    assert who.by is Proof.COOKIE
    who.check_csrf(who.csrf_token)
    with pytest.raises(Forbidden, match="CSRF"):
        who.check_csrf(None)
    with pytest.raises(Unauthenticated):
        await identity.who(connection("websocket"))


def test_keys_are_long_random_and_easy_to_recognise() -> None:
    keys = {new_key() for _ in range(100)}
    assert len(keys) == 100
    assert all(key.startswith("ttsq_") and len(key) == 5 + 43 for key in keys)
