"""Is this request meant for us, and did a page of ours send it?

Checked with identity off too: without it, any web page could act as the local user. It would send a form to
127.0.0.1, or point its own name at 127.0.0.1 and read the answers (DNS rebinding).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from ttsqueue.api.ip_address import read_ip_address
from ttsqueue.api.problems import problem

_SAFE = ("GET", "HEAD", "OPTIONS")
_OF_OUR_OWN = ("same-origin", "none")
"""`none`: a person typed the address."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Under which names we are known, and which other sites are welcome."""

    names: frozenset[str]
    """Hosts, in lower case. An IP address needs no entry."""
    origins: frozenset[str]
    """As browsers write them: `https://app.example.org`."""

    def knows(self, authority: str) -> bool:
        """Whether a Host header means us. An IP address always does: nobody's DNS can point it elsewhere."""
        host = host_of(authority)
        return host in self.names or read_ip_address(host) is not None

    def welcomes(self, headers: Headers) -> bool:
        """Whether an unsafe request comes from a page of ours, a welcome one, or no page at all."""
        origin = headers.get("origin")
        if origin in self.origins:
            return True
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site in _OF_OUR_OWN
        return origin is None or _authority_of(origin) == headers.get("host", "").lower()


def make_addresses(own_names: Iterable[str], public_url: str | None, allowed_origins: Iterable[str]) -> Addresses:
    """`own_names` are those that this computer is called by, `public_url` what the world calls it."""
    names = {"localhost", *(name.lower() for name in own_names)}
    origins = set(allowed_origins)
    if public_url:
        names.add(host_of(urlsplit(public_url).netloc))
        origins.add(public_url)
    return Addresses(frozenset(names), frozenset(origins))


def host_of(authority: str) -> str:
    """The host of `host:port`, in lower case, without the brackets of IPv6; empty for nonsense."""
    try:
        return urlsplit(f"//{authority}").hostname or ""
    except ValueError:
        return ""


class AddressCheck:
    """Refuses what is not meant for us (421) and what foreign pages do in a visitor's name (403)."""

    def __init__(self, app: ASGIApp, addresses: Addresses) -> None:
        self._app = app
        self._addresses = addresses

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        named = headers.getlist("host")
        if len(named) != 1 or not self._addresses.knows(named[0]):
            refusal = problem(
                421,
                "unknown_host",
                "This server does not go by that name; use its address, or set TTSQUEUE_PUBLIC_URL to the name.",
            )
            await refusal(scope, receive, send)
        elif _is_unsafe(scope) and not _brings_ticket(scope) and not self._addresses.welcomes(headers):
            refusal = problem(
                403,
                "foreign_origin",
                "A page of another site sent this request; TTSQUEUE_ALLOWED_ORIGINS names those that may.",
            )
            await refusal(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _is_unsafe(scope: Scope) -> bool:
    """WebSockets too: browsers let every page open them, with our cookie."""
    return scope["type"] == "websocket" or scope["method"] not in _SAFE


def _brings_ticket(scope: Scope) -> bool:
    """No browser adds one by itself; whether it is good is checked where it is taken."""
    return scope["type"] == "websocket" and "ticket" in parse_qs(scope["query_string"].decode("latin-1"))


def _authority_of(origin: str) -> str:
    """Scheme left out: behind a proxy we do not know ours."""
    return origin.lower().partition("://")[2]
