"""Callers that show an access token (JWT) of Supabase or of whoever makes the same."""

from __future__ import annotations

import base64
from typing import Any

import jwt
from jwt.types import Options

from ttsqueue.api.caller import Caller
from ttsqueue.api.identity.claims import LEEWAY, Expected, caller_of
from ttsqueue.api.identity.jwks import Jwks
from ttsqueue.api.identity.jwks_download import ALGORITHMS
from ttsqueue.errors import SettingsError, Unauthenticated

_LONGEST = 16_384
_SHORTEST_SECRET = 32
"""Bytes; a shorter secret of HS256 can be guessed from one token."""

_OPTIONS: Options = {
    "require": ["exp"],
    "enforce_minimum_key_length": True,
    # caller_of looks at these: what they must be depends on whose token it is.
    "verify_aud": False,
    "verify_iss": False,
    "verify_sub": False,
}


class Tokens:
    """Checks tokens with a secret (HS256), with public keys (ES256, RS256), or with both while a project moves on."""

    def __init__(self, expected: Expected, *, secret: str | None = None, jwks: Jwks | None = None) -> None:
        """SettingsError when there is no key at all, or a weak secret."""
        if secret is None and jwks is None:
            raise SettingsError("TTSQUEUE_AUTH=jwt needs TTSQUEUE_JWT_SECRET or TTSQUEUE_JWKS_URL.")
        if secret is not None and len(secret.encode()) < _SHORTEST_SECRET:
            raise SettingsError(f"TTSQUEUE_JWT_SECRET must have at least {_SHORTEST_SECRET} characters.")
        self._expected = expected
        self._secret = None if secret is None else _secret_key(secret)
        self._jwks = jwks

    async def caller(self, token: str) -> Caller:
        """Unauthenticated."""
        try:
            key = await self._key(_header(token))
            claims = _claims(token, key)
        except jwt.PyJWTError as error:
            raise Unauthenticated(_sentence(error)) from None
        return caller_of(claims, self._expected)

    async def _key(self, header: dict[str, Any]) -> jwt.PyJWK:
        # The token only chooses among our keys; each is good for one algorithm, and not for the one the token names.
        algorithm, kid = header.get("alg"), header.get("kid")
        key = None
        if algorithm == "HS256":
            key = self._secret
        elif algorithm in ALGORITHMS and self._jwks is not None and isinstance(kid, str):
            key = await self._jwks.key(kid)
        if key is None:
            raise Unauthenticated("This access token is signed with a key that this server does not know.")
        return key


def _secret_key(secret: str) -> jwt.PyJWK:
    encoded = base64.urlsafe_b64encode(secret.encode()).decode().rstrip("=")
    return jwt.PyJWK({"kty": "oct", "alg": "HS256", "k": encoded})


def _header(token: str) -> dict[str, Any]:
    if len(token) > _LONGEST:
        raise jwt.DecodeError
    try:
        return jwt.get_unverified_header(token)
    except ValueError:  # letters that no token has
        raise jwt.DecodeError from None


def _claims(token: str, key: jwt.PyJWK) -> dict[str, Any]:
    try:
        return jwt.decode(token, key, algorithms=[key.algorithm_name], leeway=LEEWAY, options=_OPTIONS)
    except (ValueError, RecursionError):  # signed nonsense
        raise jwt.DecodeError from None


def _sentence(error: jwt.PyJWTError) -> str:
    match error:
        case jwt.ExpiredSignatureError():
            return "Your access token has expired; sign in again."
        case jwt.ImmatureSignatureError():
            return "This access token is not valid yet; the clock of its issuer or of this server is wrong."
        case jwt.MissingRequiredClaimError():
            return f"This access token lacks {error.claim}."
        case jwt.InvalidSignatureError() | jwt.InvalidAlgorithmError() | jwt.InvalidKeyError():
            return "This access token is forged, or signed with another key than this server's."
        case _:
            return "This is no access token."
