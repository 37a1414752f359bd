"""Fetching a set of public keys (JWKS) over HTTP."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from jwt import PyJWK, PyJWTError

from ttsqueue.api.identity.loopback import is_loopback
from ttsqueue.errors import SettingsError

ALGORITHMS = frozenset({"ES256", "RS256"})
"""A secret (`oct`) in a public set would let everybody who reads it make tokens: such keys are passed over."""

_PATIENCE = 5.0
_LARGEST = 1 << 20


def check_jwks_url(url: str) -> None:
    """SettingsError for what is no https address; http is fine on this computer."""
    parts = urlsplit(url)
    nearby = parts.scheme == "http" and is_loopback(parts.hostname or "")
    if not parts.hostname or (parts.scheme != "https" and not nearby):
        raise SettingsError(f"TTSQUEUE_JWKS_URL must be an https address, not {url!r}.")


def download_keys(url: str) -> dict[str, PyJWK]:
    """The signing keys by their `kid`. Blocks. Raises whatever a wrong answer leads to."""
    opener = urllib.request.build_opener(_StayThere())
    with opener.open(url, timeout=_PATIENCE) as answer:
        body = answer.read(_LARGEST + 1)
    if len(body) > _LARGEST:
        raise ValueError("the set of keys is larger than 1 MB")
    keys = [_usable(described) for described in json.loads(body)["keys"]]
    return {key.key_id: key for key in keys if key is not None and key.key_id}


class _StayThere(urllib.request.HTTPRedirectHandler):
    """A redirect could lead from https to anywhere; without one, urllib raises HTTPError."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _usable(described: Mapping[str, Any]) -> PyJWK | None:
    if described.get("use", "sig") != "sig" or not isinstance(described.get("kid"), str):
        return None
    try:
        key = PyJWK(dict(described))
    except PyJWTError:  # a kind of key that is newer than we are
        return None
    return key if key.algorithm_name in ALGORITHMS else None
