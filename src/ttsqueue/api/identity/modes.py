"""The three ways to run a server: for oneself, for a household, for the users of an application."""

from __future__ import annotations

from ttsqueue.api.caller import Caller
from ttsqueue.api.identity.claims import Expected
from ttsqueue.api.identity.identity import Identity
from ttsqueue.api.identity.jwks import Jwks
from ttsqueue.api.identity.loopback import check_loopback
from ttsqueue.api.identity.pairing import Pairing
from ttsqueue.api.identity.server_keys import ServerKeys
from ttsqueue.api.identity.sessions import Sessions, SignIn
from ttsqueue.api.identity.tokens import Tokens
from ttsqueue.local_user import LOCAL_USER_ID
from ttsqueue.provider import QueueProvider


def for_oneself(provider: QueueProvider, host: str) -> Identity:
    """TTSQUEUE_AUTH=off. SettingsError unless `host`, where the server listens, is loopback."""
    check_loopback(host)
    return Identity(ServerKeys(provider), local=Caller(LOCAL_USER_ID, is_admin=True))


def for_household(provider: QueueProvider, site_secret: bytes, code: str, public_url: str = "") -> Identity:
    """`ttsqueue up --lan`: nobody gets in without the code, not even from this computer."""
    return Identity(
        ServerKeys(provider),
        sessions=Sessions(site_secret, SignIn.PAIRING, public_url),
        pairing=Pairing(code),
    )


def for_application(
    provider: QueueProvider,
    site_secret: bytes,
    *,
    audience: str,
    issuer: str | None = None,
    jwt_secret: str | None = None,
    jwks_url: str | None = None,
    public_url: str = "",
) -> Identity:
    """TTSQUEUE_AUTH=jwt. SettingsError without a key to check tokens by, or with a weak one."""
    jwks = Jwks(jwks_url) if jwks_url else None
    return Identity(
        ServerKeys(provider),
        tokens=Tokens(Expected(audience, issuer), secret=jwt_secret, jwks=jwks),
        sessions=Sessions(site_secret, SignIn.TOKEN, public_url),
    )
