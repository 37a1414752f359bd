"""Access tokens as Supabase makes them, and as those would who want to get in without."""

from __future__ import annotations

import base64
import hmac
import json
import time
from dataclasses import dataclass, field
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

SECRET = "a secret of the project, long enough for HS256"
ISSUER = "https://project.example.org/auth/v1"
HOUR = 3600
USER = "7d9f3d1c-4c1e-4f5e-9b7e-0a5b7a0d9c11"


def claims(**changed: Any) -> dict[str, Any]:
    """Of a user who signed in just now; None leaves a claim out."""
    now = int(time.time())
    usual = {"sub": USER, "role": "authenticated", "aud": "authenticated", "iss": ISSUER, "iat": now, "exp": now + HOUR}
    return {name: value for name, value in (usual | changed).items() if value is not None}


def by_secret(secret: str = SECRET, **changed: Any) -> str:
    return jwt.encode(claims(**changed), secret, algorithm="HS256")


def forged_with(key: bytes, header: dict[str, Any]) -> str:
    """Signed with HMAC by anything at all; the library would refuse to sign with a public key."""
    signed = ".".join(_letters(json.dumps(part).encode()) for part in (header, claims()))
    return f"{signed}.{_letters(hmac.digest(key, signed.encode(), 'sha256'))}"


def _letters(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


@dataclass(frozen=True)
class Signer:
    """A key pair under a name."""

    kid: str
    algorithm: str = "ES256"
    private: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def token(self, kid: str | None = None, **changed: Any) -> str:
        return jwt.encode(claims(**changed), self.private, self.algorithm, headers={"kid": kid or self.kid})

    @property
    def public(self) -> dict[str, Any]:
        """As a set of keys shows it."""
        algorithm = ECAlgorithm if self.algorithm.startswith("ES") else RSAAlgorithm
        described = json.loads(algorithm.to_jwk(self.private.public_key()))
        return {**described, "kid": self.kid, "use": "sig", "alg": self.algorithm}


def rsa_signer(kid: str) -> Signer:
    return Signer(kid, "RS256", rsa.generate_private_key(public_exponent=65537, key_size=2048))
