"""Access tokens: whom they let in, and how they are forged in vain."""

from __future__ import annotations

import base64
import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from ttsqueue.api.caller import Caller
from ttsqueue.api.identity.claims import Expected
from ttsqueue.api.identity.tokens import Tokens
from ttsqueue.errors import SettingsError, Unauthenticated

from .access_tokens import ISSUER, SECRET, USER, by_secret, claims

TOKENS = Tokens(Expected("authenticated", ISSUER), secret=SECRET)


async def refusal(token: str, tokens: Tokens = TOKENS) -> str:
    with pytest.raises(Unauthenticated) as refused:
        await tokens.caller(token)
    sentence = str(refused.value)
    assert sentence.endswith(".")
    return sentence


async def test_a_user_is_who_the_token_names_until_it_ends() -> None:
    end = int(time.time()) + 600
    caller = await TOKENS.caller(by_secret(exp=end))
    assert caller == Caller(USER, expires_at=datetime.fromtimestamp(end, UTC) + timedelta(seconds=30))


@pytest.mark.parametrize("granted", [{"is_premium": True}, {"tier": "premium"}])
async def test_premium_is_what_the_application_granted(granted: dict[str, Any]) -> None:
    assert (await TOKENS.caller(by_secret(app_metadata=granted))).is_premium


@pytest.mark.parametrize("written", [{"is_premium": True}, {"tier": "premium"}, {"role": "admin"}])
async def test_what_users_can_write_grants_nothing(written: dict[str, Any]) -> None:
    caller = await TOKENS.caller(by_secret(user_metadata=written, **written | {"role": "authenticated"}))
    assert (caller.is_premium, caller.is_admin, caller.is_service) == (False, False, False)


@pytest.mark.parametrize("granted", [{"is_premium": "false"}, {"tier": "free"}, {"role": "editor"}, "admin", [1], None])
async def test_odd_metadata_grants_nothing(granted: Any) -> None:
    caller = await TOKENS.caller(by_secret(app_metadata=granted))
    assert (caller.is_premium, caller.is_admin) == (False, False)


async def test_an_admin_is_one_by_app_metadata() -> None:
    caller = await TOKENS.caller(by_secret(app_metadata={"role": "admin"}))
    assert (caller.is_admin, caller.is_premium) == (True, False)


async def test_somebody_without_an_account_is_anonymous() -> None:
    assert (await TOKENS.caller(by_secret(is_anonymous=True))).is_anonymous


async def test_the_public_key_of_a_project_lets_nobody_in() -> None:
    assert "anon" in await refusal(by_secret(role="anon"))
    await refusal(by_secret(role="anon", sub=None, aud=None, iss="supabase"))


@pytest.mark.parametrize("issuer", ["supabase", "supabase-demo", ISSUER])
async def test_a_legacy_service_token_is_a_service(issuer: str) -> None:
    caller = await TOKENS.caller(by_secret(role="service_role", sub=None, aud=None, iss=issuer))
    assert (caller.user_id, caller.is_service, caller.is_admin) == (None, True, False)


async def test_a_service_token_of_another_project_is_refused() -> None:
    service: dict[str, Any] = {"role": "service_role", "sub": None, "aud": None}
    assert "issuer" in await refusal(by_secret(**service, iss="https://elsewhere.example.org"))
    assert "audience" in await refusal(by_secret(**service | {"aud": "elsewhere"}, iss="supabase"))
    assert "key" in await refusal(by_secret("another secret that is long enough for it", **service, iss="supabase"))
    await refusal(by_secret(**service, iss="supabase", exp=1))


async def test_a_user_with_the_role_of_a_service_stays_a_user() -> None:
    assert await TOKENS.caller(by_secret(role="service_role")) == await TOKENS.caller(by_secret())


@pytest.mark.parametrize("subject", [None, "", "alice", "1", 7, [USER], f"urn:uuid:{USER}", "{" + USER + "}"])
async def test_a_user_is_named_by_a_uuid(subject: Any) -> None:
    payload = claims() | {"sub": subject}
    assert "sub" in await refusal(jwt.api_jws.encode(json.dumps(payload).encode(), SECRET, "HS256"))


async def test_the_spelling_of_a_uuid_does_not_make_a_second_user() -> None:
    assert (await TOKENS.caller(by_secret(sub=USER.upper()))).user_id == USER


async def test_an_unsigned_token_is_refused() -> None:
    await refusal(jwt.encode(claims(), "", algorithm="none"))
    header = base64.urlsafe_b64encode(b'{"alg":"None","typ":"JWT"}').decode().rstrip("=")
    await refusal(f"{header}.{by_secret().split('.')[1]}.")
    await refusal(by_secret().rpartition(".")[0] + ".")


async def test_a_token_of_another_secret_is_forged() -> None:
    assert "forged" in await refusal(by_secret("not the secret of this project at all!"))


async def test_a_changed_token_is_forged() -> None:
    header, _, signature = by_secret().split(".")
    payload = by_secret(app_metadata={"role": "admin"}).split(".")[1]
    assert "forged" in await refusal(f"{header}.{payload}.{signature}")


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
async def test_only_one_algorithm_goes_with_the_secret(algorithm: str) -> None:
    secret = SECRET * 2
    tokens = Tokens(Expected("authenticated", ISSUER), secret=secret)
    assert (await tokens.caller(by_secret(secret))).user_id == USER
    await refusal(jwt.encode(claims(), secret, algorithm=algorithm), tokens)


async def test_a_token_for_another_audience_is_refused() -> None:
    assert "audience" in await refusal(by_secret(aud="elsewhere"))
    assert "audience" in await refusal(by_secret(aud=None))
    assert (await TOKENS.caller(by_secret(aud=["elsewhere", "authenticated"]))).user_id == USER


async def test_a_token_of_another_issuer_is_refused() -> None:
    assert "issuer" in await refusal(by_secret(iss="https://elsewhere.example.org"))
    assert "issuer" in await refusal(by_secret(iss=None))
    assert "issuer" in await refusal(by_secret(iss="supabase"))


async def test_without_a_set_issuer_the_key_alone_decides() -> None:
    tokens = Tokens(Expected("authenticated", None), secret=SECRET)
    assert (await tokens.caller(by_secret(iss="https://elsewhere.example.org"))).user_id == USER


async def test_an_expired_token_is_refused_after_thirty_seconds() -> None:
    now = int(time.time())
    assert "expired" in await refusal(by_secret(exp=now - 31))
    assert (await TOKENS.caller(by_secret(exp=now - 20))).user_id == USER


async def test_a_token_without_an_end_is_refused() -> None:
    assert "exp" in await refusal(by_secret(exp=None))
    await refusal(by_secret(exp=10**30))


async def test_a_token_from_the_future_is_refused() -> None:
    now = int(time.time())
    assert "not valid yet" in await refusal(by_secret(nbf=now + 60))
    assert "not valid yet" in await refusal(by_secret(iat=now + 60))
    assert (await TOKENS.caller(by_secret(nbf=now + 20, iat=now + 20))).user_id == USER


@pytest.mark.parametrize(
    "nonsense",
    ["", "x", "a.b.c", "...", "\ud800.x.y", "é.é.é", "x" * 20_000, by_secret() + ".x", " ", "W10.W10.W10", "MQ.MQ.MQ"],
)
async def test_nonsense_is_no_token(nonsense: str) -> None:
    await refusal(nonsense)


@pytest.mark.parametrize("payload", [b"[]", b"1", b"\xff", b"", b'{"exp":1e999}', b'{"exp":"soon"}', b"[" * 9000])
async def test_signed_nonsense_is_refused(payload: bytes) -> None:
    await refusal(jwt.api_jws.encode(payload, SECRET, "HS256"))


def test_a_server_of_tokens_needs_a_key_and_not_a_weak_one() -> None:
    expected = Expected("authenticated", None)
    with pytest.raises(SettingsError, match="needs TTSQUEUE_JWT_SECRET"):
        Tokens(expected)
    with pytest.raises(SettingsError, match="at least 32"):
        Tokens(expected, secret="changeme")
