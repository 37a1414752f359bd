"""Public keys: fetched from a real server, seldom."""

from __future__ import annotations

import asyncio
from collections.abc import Generator

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ttsqueue.api.identity.claims import Expected
from ttsqueue.api.identity.jwks import Jwks
from ttsqueue.api.identity.tokens import Tokens
from ttsqueue.errors import SettingsError, Unauthenticated

from .access_tokens import ISSUER, SECRET, USER, Signer, by_secret, claims, forged_with, rsa_signer
from .jwks_server import JwksServer, serving_keys


@pytest.fixture
def server() -> Generator[JwksServer, None, None]:
    with serving_keys() as server:
        yield server


def checking(server: JwksServer, *, lifespan: float = 600, pause: float = 30, secret: str | None = None) -> Tokens:
    jwks = Jwks(server.url, lifespan=lifespan, pause=pause)
    return Tokens(Expected("authenticated", ISSUER), secret=secret, jwks=jwks)


async def gets_in(tokens: Tokens, token: str) -> bool:
    try:
        return (await tokens.caller(token)).user_id == USER
    except Unauthenticated:
        return False


async def test_tokens_of_both_kinds_are_checked_with_one_fetch(server: JwksServer) -> None:
    elliptic, classic = Signer("a"), rsa_signer("b")
    server.keys = [elliptic.public, classic.public]
    tokens = checking(server)
    assert [await gets_in(tokens, signer.token()) for signer in (elliptic, classic, elliptic)] == [True] * 3
    assert server.fetches == 1


async def test_a_key_pair_of_somebody_else_is_of_no_use(server: JwksServer) -> None:
    server.keys = [Signer("a").public]
    assert not await gets_in(checking(server), Signer("a").token())


async def test_the_public_key_is_no_secret_to_sign_with(server: JwksServer) -> None:
    signer = rsa_signer("a")
    server.keys = [signer.public]
    public = signer.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    forged = forged_with(public, {"alg": "HS256", "kid": "a"})
    for tokens in (checking(server), checking(server, secret=SECRET)):
        assert await gets_in(tokens, signer.token())
        assert not await gets_in(tokens, forged)


async def test_the_algorithm_is_the_keys_and_not_the_tokens(server: JwksServer) -> None:
    signer, other = rsa_signer("a"), Signer("b")
    server.keys = [signer.public, other.public]
    tokens = checking(server)
    assert not await gets_in(tokens, jwt.encode(claims(), signer.private, "RS512", headers={"kid": "a"}))
    assert not await gets_in(tokens, jwt.encode(claims(), signer.private, "RS256", headers={"kid": "b"}))
    assert not await gets_in(tokens, jwt.encode(claims(), "", "none", headers={"kid": "a"}))


async def test_secrets_in_a_public_set_open_nothing(server: JwksServer) -> None:
    secret = {"kty": "oct", "kid": "a", "alg": "HS256", "k": "YSBzZWNyZXQgdGhhdCBldmVyeWJvZHkgY2FuIHJlYWQgaGVyZSE"}
    server.keys = [secret, Signer("b").public]
    forged = jwt.encode(claims(), jwt.PyJWK(secret), headers={"kid": "a"})
    assert not await gets_in(checking(server), forged)


async def test_a_secret_and_public_keys_work_side_by_side(server: JwksServer) -> None:
    signer = Signer("a")
    server.keys = [signer.public]
    tokens = checking(server, secret=SECRET)
    assert await gets_in(tokens, by_secret())
    assert await gets_in(tokens, signer.token())


async def test_keys_that_we_cannot_use_do_not_spoil_the_others(server: JwksServer) -> None:
    signer = Signer("a")
    odd = [
        {"kty": "XYZ", "kid": "x"},
        {"kty": "EC", "kid": "y"},
        signer.public | {"kid": 7},
        {"use": "enc", "kid": "z"},
    ]
    server.keys = [*odd, signer.public]
    assert await gets_in(checking(server), signer.token())


async def test_a_storm_of_unknown_keys_is_one_fetch(server: JwksServer) -> None:
    signer = Signer("a")
    server.keys, server.delay = [signer.public], 0.05
    tokens = checking(server)
    forged = [Signer("x").token(kid=f"unknown-{number}") for number in range(50)]
    assert not any(await asyncio.gather(*(gets_in(tokens, token) for token in forged)))
    for token in forged:
        assert not await gets_in(tokens, token)
    assert await gets_in(tokens, signer.token())
    assert server.fetches == 1


async def test_many_first_requests_wait_for_one_fetch(server: JwksServer) -> None:
    signer = Signer("a")
    server.keys, server.delay = [signer.public], 0.1
    tokens = checking(server)
    assert all(await asyncio.gather(*(gets_in(tokens, signer.token()) for _ in range(20))))
    assert server.fetches == 1


async def test_whoever_hangs_up_does_not_end_the_fetch_for_others(server: JwksServer) -> None:
    signer = Signer("a")
    server.keys, server.delay = [signer.public], 0.2
    tokens = checking(server)
    first = asyncio.create_task(gets_in(tokens, signer.token()))
    second = asyncio.create_task(gets_in(tokens, signer.token()))
    await asyncio.sleep(0.05)
    first.cancel()
    assert await second
    assert server.fetches == 1


async def test_a_new_key_works_as_soon_as_a_token_names_it(server: JwksServer) -> None:
    old, new = Signer("old"), Signer("new")
    server.keys = [old.public]
    tokens = checking(server, pause=0.05)
    assert await gets_in(tokens, old.token())
    server.keys = [old.public, new.public]
    await asyncio.sleep(0.06)
    assert await gets_in(tokens, new.token())
    assert await gets_in(tokens, old.token())
    assert server.fetches == 2


async def test_a_withdrawn_key_is_refused_after_the_lifespan(server: JwksServer) -> None:
    old, new = Signer("old"), Signer("new")
    server.keys = [old.public]
    tokens = checking(server, lifespan=0.05, pause=0)
    assert await gets_in(tokens, old.token())
    server.keys = [new.public]
    await asyncio.sleep(0.06)
    assert not await gets_in(tokens, old.token())


@pytest.mark.parametrize("trouble", [500, 404])
async def test_known_keys_outlive_trouble_of_their_server(server: JwksServer, trouble: int) -> None:
    signer = Signer("a")
    server.keys = [signer.public]
    tokens = checking(server, lifespan=0.05, pause=0)
    assert await gets_in(tokens, signer.token())
    server.status = trouble
    await asyncio.sleep(0.06)
    assert await gets_in(tokens, signer.token())
    assert server.fetches == 2


async def test_a_server_that_is_away_is_told_and_not_asked_in_a_storm(server: JwksServer) -> None:
    server.status = 500
    tokens = checking(server)
    for _ in range(20):
        with pytest.raises(Unauthenticated, match="out of reach"):
            await tokens.caller(Signer("a").token())
    assert server.fetches == 1


async def test_redirects_are_not_followed(server: JwksServer) -> None:
    signer = Signer("a")
    with serving_keys() as other:
        other.keys = [signer.public]
        server.status, server.location = 302, other.url
        assert not await gets_in(checking(server), signer.token())
        assert (server.fetches, other.fetches) == (1, 0)


@pytest.mark.parametrize("url", ["http://keys.example.org/", "file:///etc/passwd", "keys.example.org", "https://", ""])
def test_keys_come_over_https_only(url: str) -> None:
    with pytest.raises(SettingsError, match="must be an https address"):
        Jwks(url)
