"""Requests for somebody else's name, and requests that foreign pages send."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from tests.api.live.asgi_socket import connect
from ttsqueue.api.origins import AddressCheck, host_of, make_addresses
from ttsqueue.api.proxies import TrustedProxies

ADDRESSES = make_addresses(["Desk", "desk.local"], "https://books.example.org", ["https://app.example.org"])


async def _echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Tells how it was asked."""
    if scope["type"] == "websocket":
        socket = WebSocket(scope, receive, send)
        await socket.accept()
        await socket.close()
        return
    request = Request(scope, receive)
    told = {"url": str(request.url), "client": request.client.host if request.client else None}
    await JSONResponse(told)(scope, receive, send)


async def _ask(app: ASGIApp, method: str, headers: dict[str, str], client: str = "10.0.0.2") -> tuple[int, Any]:
    async with AsyncClient(
        transport=ASGITransport(app, client=(client, 1)), base_url="http://127.0.0.1:8642"
    ) as asking:
        response = await asking.request(method, "/", headers=headers)
        return response.status_code, response.json()


GUARDED = AddressCheck(_echo, ADDRESSES)


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST:8642",
        "127.0.0.1:8642",
        "[::1]:8642",
        "192.168.1.5",
        "desk:8642",
        "desk.local",
        "books.example.org",
        "Books.Example.org:443",
    ],
)
async def test_our_names_and_every_ip_address_are_answered(host: str) -> None:
    assert (await _ask(GUARDED, "GET", {"Host": host}))[0] == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8642",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "localhost@evil.example",
        "",
        "[::1",
        "books.example.org.evil.example",
        "app.example.org",
    ],
)
async def test_a_name_that_is_not_ours_is_refused(host: str) -> None:
    status, body = await _ask(GUARDED, "GET", {"Host": host})
    assert (status, body["code"]) == (421, "unknown_host")


async def test_two_hosts_in_one_request_are_refused() -> None:
    async with AsyncClient(transport=ASGITransport(GUARDED), base_url="http://localhost") as client:
        response = await client.get("/", headers=[("Host", "localhost"), ("Host", "evil.example")])
    assert response.status_code == 421


HERE = "http://127.0.0.1:8642"
SITES: list[tuple[dict[str, str], bool]] = [
    ({}, True),
    ({"Origin": HERE}, True),
    ({"Origin": HERE, "Sec-Fetch-Site": "same-origin"}, True),
    ({"Sec-Fetch-Site": "none"}, True),
    ({"Origin": "https://app.example.org", "Sec-Fetch-Site": "cross-site"}, True),
    ({"Origin": "https://books.example.org", "Sec-Fetch-Site": "cross-site"}, True),
    ({"Origin": "https://evil.example"}, False),
    ({"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, False),
    ({"Origin": "http://127.0.0.1:3000"}, False),
    ({"Origin": "http://127.0.0.1:3000", "Sec-Fetch-Site": "same-site"}, False),
    ({"Origin": "null"}, False),
    ({"Origin": ""}, False),
    ({"Sec-Fetch-Site": "cross-site"}, False),
    ({"Origin": "https://app.example.org.evil.example"}, False),
]


@pytest.mark.parametrize(("headers", "welcome"), SITES)
@pytest.mark.parametrize("method", ["POST", "DELETE", "PUT"])
async def test_only_our_pages_and_welcome_ones_change_something(
    method: str, headers: dict[str, str], welcome: bool
) -> None:
    status, body = await _ask(GUARDED, method, headers)
    assert status == (200 if welcome else 403)
    assert welcome or body["code"] == "foreign_origin"


async def test_links_from_other_sites_work() -> None:
    assert (await _ask(GUARDED, "GET", {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}))[0] == 200


@pytest.mark.parametrize(("headers", "welcome"), SITES)
async def test_only_our_pages_and_welcome_ones_open_sockets(headers: dict[str, str], welcome: bool) -> None:
    first = (await connect(GUARDED, headers))[0]
    if welcome:
        assert first["type"] == "websocket.accept"
    else:
        assert (first["type"], first["status"]) == ("websocket.http.response.start", 403)


async def test_a_ticket_opens_a_socket_from_anywhere() -> None:
    foreign = {"Origin": "https://evil.example"}
    assert (await connect(GUARDED, foreign, query="jobId=1&ticket=abc"))[0]["type"] == "websocket.accept"
    assert (await connect(GUARDED, foreign, query="jobId=ticket"))[0]["status"] == 403


FORWARDED = TrustedProxies(_echo, [ip_network("10.0.0.0/8"), ip_network("::1")])
TOLD = {
    "X-Forwarded-For": "1.1.1.1, 203.0.113.9, 10.0.0.3",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "evil.example, books.example.org",
}


@pytest.mark.parametrize("proxy", ["10.0.0.2", "::ffff:10.0.0.2", "::1"])
async def test_a_trusted_proxy_is_believed_and_what_its_client_made_up_is_not(proxy: str) -> None:
    _, told = await _ask(FORWARDED, "GET", TOLD, proxy)
    assert told == {"url": "https://books.example.org/", "client": "203.0.113.9"}


async def test_nobody_else_is_believed() -> None:
    _, told = await _ask(FORWARDED, "GET", TOLD, "203.0.113.9")
    assert told == {"url": "http://127.0.0.1:8642/", "client": "203.0.113.9"}


async def test_nonsense_of_a_proxy_changes_nothing() -> None:
    _, told = await _ask(FORWARDED, "GET", {"X-Forwarded-For": "unknown", "X-Forwarded-Proto": "gopher"})
    assert told == {"url": "http://127.0.0.1:8642/", "client": "10.0.0.2"}


def test_a_host_is_read_without_its_port() -> None:
    assert [host_of(text) for text in ("A.example:80", "[::1]:80", "[::1", "")] == ["a.example", "::1", "", ""]
