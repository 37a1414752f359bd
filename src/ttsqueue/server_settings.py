"""Every setting of the HTTP server: `ttsqueue serve` and `ttsqueue up`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from ttsqueue.settings import ENV_FILE, load

_UNITS = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9}
_SIZE = re.compile(r"(\d+)\s*([A-Z]*)")
_LONGEST_HOST = 253


def parse_size(value: object) -> int:
    """Bytes: `200MB`, `64 kB`, `1000000`."""
    match = _SIZE.fullmatch(str(value).strip().upper())
    if not match or match[2] not in _UNITS:
        raise ValueError(f"{value!r} is not a size; write 200MB, 64MB or a number of bytes")
    return int(match[1]) * _UNITS[match[2]]


def parse_origin(value: object) -> str:
    """`https://books.example.org`, the way browsers write it: lower case, no slash at the end, no usual port."""
    text = str(value).strip()
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise ValueError(_no_origin(text)) from None
    if parts.scheme not in ("http", "https") or not parts.hostname or len(parts.hostname) > _LONGEST_HOST:
        raise ValueError(_no_origin(text))
    if parts.username is not None or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError(_no_origin(text))
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{port}" if port not in (None, usual) else "")


def _no_origin(text: str) -> str:
    return f"{text!r} is not an address such as https://books.example.org or http://192.168.1.5:8642"


def _separated(value: object) -> object:
    """What stands between commas."""
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _network(value: object) -> IPv4Network | IPv6Network:
    try:
        return ip_network(str(value), strict=False)
    except ValueError:
        raise ValueError(f"{value!r} is not an address or network such as 10.0.0.2 or 10.0.0.0/8") from None


Size = Annotated[int, BeforeValidator(parse_size), Field(ge=1)]
Origin = Annotated[str, BeforeValidator(parse_origin)]
Network = Annotated[IPv4Network | IPv6Network, BeforeValidator(_network)]
Origins = Annotated[tuple[Origin, ...], NoDecode, BeforeValidator(_separated)]
Networks = Annotated[tuple[Network, ...], NoDecode, BeforeValidator(_separated)]


class ServerSettings(BaseSettings):
    """See `docs/settings.md`, which a test holds against this class."""

    model_config = SettingsConfigDict(env_file=ENV_FILE, extra="ignore", env_ignore_empty=True, frozen=True)

    host: str = Field("127.0.0.1", validation_alias="TTSQUEUE_HOST")
    """The address to listen on; another than loopback needs an identity."""

    port: int = Field(8642, ge=0, le=65535, validation_alias="TTSQUEUE_PORT")
    """0 takes any free port."""

    auth: Literal["off", "jwt"] = Field("off", validation_alias="TTSQUEUE_AUTH")
    """Who is who: `off` is one local user, `jwt` is whoever a token names."""

    jwt_secret: str | None = Field(None, repr=False, validation_alias="TTSQUEUE_JWT_SECRET")
    """With this, tokens are signed with HS256."""

    jwks_url: str | None = Field(None, validation_alias="TTSQUEUE_JWKS_URL")
    """With the keys that lie here, tokens are signed with ES256 or RS256."""

    jwt_issuer: str | None = Field(None, validation_alias="TTSQUEUE_JWT_ISSUER")
    """Who must have issued a token; without it, anybody who has the key."""

    jwt_audience: str = Field("authenticated", validation_alias="TTSQUEUE_JWT_AUDIENCE")
    """For whom a token must have been issued."""

    public_url: Origin | None = Field(None, validation_alias="TTSQUEUE_PUBLIC_URL")
    """Where the world finds this server; addresses of sound begin with it."""

    allowed_origins: Origins = Field((), validation_alias="TTSQUEUE_ALLOWED_ORIGINS")
    """Other sites whose pages may use the API."""

    trusted_proxies: Networks = Field((), validation_alias="TTSQUEUE_TRUSTED_PROXIES")
    """Whose X-Forwarded-For, -Proto and -Host are believed."""

    secret: str | None = Field(None, repr=False, min_length=32, validation_alias="TTSQUEUE_SECRET")
    """Signs addresses of sound and sessions. Without it, one is made and kept in the data folder."""

    max_active_jobs: int = Field(20, ge=1, validation_alias="TTSQUEUE_MAX_ACTIVE_JOBS")
    """Per user: jobs that wait or are being spoken."""

    max_characters_per_day: int = Field(5_000_000, ge=1, validation_alias="TTSQUEUE_MAX_CHARACTERS_PER_DAY")
    """Per user, of new jobs."""

    max_previews_per_hour: int = Field(60, ge=1, validation_alias="TTSQUEUE_MAX_PREVIEWS_PER_HOUR")
    """Per user."""

    max_sockets: int = Field(10, ge=1, validation_alias="TTSQUEUE_MAX_SOCKETS")
    """Per user: live connections."""

    max_upload: Size = Field(200_000_000, validation_alias="TTSQUEUE_MAX_UPLOAD")
    """Bytes of an uploaded book."""

    max_body: Size = Field(64_000_000, validation_alias="TTSQUEUE_MAX_BODY")
    """Bytes of any other request."""

    @model_validator(mode="after")
    def _tokens_can_be_checked(self) -> ServerSettings:
        if self.auth == "jwt" and not (self.jwt_secret or self.jwks_url):
            raise ValueError("TTSQUEUE_AUTH=jwt needs TTSQUEUE_JWT_SECRET or TTSQUEUE_JWKS_URL")
        return self


def load_server_settings(overrides: Mapping[str, Any] | None = None) -> ServerSettings:
    """Settings of this server. `overrides` win over the environment. SettingsError with one sentence."""
    return load(ServerSettings, overrides)
