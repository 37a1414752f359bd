"""Behind a proxy: who really asks, by which name, and was it over TLS?"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send

from ttsqueue.api.ip_address import read_ip_address

_WITH_TLS = {"http": "https", "ws": "wss"}


class TrustedProxies:
    """Believes X-Forwarded-For, -Proto and -Host, but only from these networks.

    Of several values the last counts: it is what our own proxy added, the ones before it are anybody's.
    """

    def __init__(self, app: ASGIApp, networks: Sequence[IPv4Network | IPv6Network]) -> None:
        self._app = app
        self._networks = networks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        client = scope.get("client")
        if client and self._trusts(client[0]):
            scope = self._as_forwarded(scope)
        await self._app(scope, receive, send)

    def _as_forwarded(self, scope: Scope) -> Scope:
        told = Headers(scope=scope)
        scope = {**scope, "headers": list(scope["headers"])}
        if _last(told, "x-forwarded-proto") == "https":
            scope["scheme"] = _WITH_TLS.get(scope["scheme"], scope["scheme"])
        if host := _last(told, "x-forwarded-host"):
            MutableHeaders(scope=scope)["host"] = host
        if client := self._client(told):
            scope["client"] = (client, 0)
        return scope

    def _client(self, told: Headers) -> str | None:
        """The nearest address that is not a proxy of ours."""
        for address in reversed(_values(told, "x-forwarded-for")):
            if not self._trusts(address):
                return address if read_ip_address(address) else None
        return None

    def _trusts(self, text: str) -> bool:
        address = read_ip_address(text)
        return address is not None and any(address in network for network in self._networks)


def _values(headers: Headers, name: str) -> list[str]:
    return [part.strip() for line in headers.getlist(name) for part in line.split(",") if part.strip()]


def _last(headers: Headers, name: str) -> str:
    return (_values(headers, name) or [""])[-1]
