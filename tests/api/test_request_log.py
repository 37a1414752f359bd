"""One line for each request, and nothing of the outside forges another."""

from __future__ import annotations

import logging
import re

import pytest
from httpx import ASGITransport, AsyncClient, Response
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from tests.api.live.asgi_socket import connect
from ttsqueue.api.request_log import RequestLog, current_request_id

LINE = re.compile(r"([0-9a-f]{16}) (\S+) (\S+) (\d+|-) \d+\.\d ms (\d+) bytes")


@pytest.fixture(autouse=True)
def _log_everything(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "ttsqueue.api")


async def _get(app: ASGIApp, path: str, method: str = "GET") -> Response:
    transport = ASGITransport(RequestLog(app), raise_app_exceptions=True)
    async with AsyncClient(transport=transport, base_url="http://localhost") as client:
        return await client.request(method, path, headers={"X-Request-ID": "of the client"})


def _lines(caplog: pytest.LogCaptureFixture) -> list[tuple[str, ...]]:
    found = [LINE.fullmatch(record.getMessage()) for record in caplog.records if record.levelno == logging.INFO]
    assert all(found), caplog.text
    return [match.groups() for match in found if match]


async def test_a_request_is_one_line_under_the_id_of_its_answer(caplog: pytest.LogCaptureFixture) -> None:
    response = await _get(PlainTextResponse("hello"), "/books?ticket=secret")
    request_id = response.headers["X-Request-ID"]
    assert _lines(caplog) == [(request_id, "GET", "/books", "200", "5")]
    assert "secret" not in caplog.text


@pytest.mark.parametrize(
    "path", ["/a%0Ab", "/a%0D%0A0123456789abcdef GET / 200", "/a%1B[31m", "/a%E2%80%A8b", "/%FF b"]
)
async def test_nothing_of_the_outside_begins_a_line(caplog: pytest.LogCaptureFixture, path: str) -> None:
    await _get(PlainTextResponse(""), path)
    ((_, _, logged, status, _),) = _lines(caplog)
    assert status == "200"
    assert logged.isascii()
    assert logged.isprintable()


async def test_a_very_long_path_is_cut(caplog: pytest.LogCaptureFixture) -> None:
    await _get(PlainTextResponse(""), "/" + "a" * 60_000)
    assert len(caplog.records[0].getMessage()) < 400


async def test_an_unexpected_error_is_logged_under_the_id_of_its_answer(caplog: pytest.LogCaptureFixture) -> None:
    ids = []

    async def failing(_scope: Scope, _receive: Receive, _send: Send) -> None:
        ids.append(current_request_id())
        raise ZeroDivisionError("inside")

    response = await _get(failing, "/")
    assert (response.status_code, response.json()["code"]) == (500, "internal_error")
    assert "inside" not in response.text
    assert ids == [response.headers["X-Request-ID"]]
    assert [line[:4] for line in _lines(caplog)] == [(ids[0], "GET", "/", "500")]
    (error,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert "ZeroDivisionError" in (error.exc_text or "")


async def test_an_error_in_mid_answer_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    async def failing_late(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"half", "more_body": True})
        raise ZeroDivisionError

    with pytest.raises(AssertionError):  # the answer has no end
        await _get(failing_late, "/")
    assert [record.levelno for record in caplog.records] == [logging.ERROR, logging.INFO]


async def test_the_size_of_a_stream_is_counted(caplog: pytest.LogCaptureFixture) -> None:
    await _get(StreamingResponse(iter([b"12345", b"678"])), "/")
    assert _lines(caplog)[0][4] == "8"


async def test_a_socket_is_one_line_when_it_ends(caplog: pytest.LogCaptureFixture) -> None:
    async def talking(scope: Scope, receive: Receive, send: Send) -> None:
        socket = WebSocket(scope, receive, send)
        await socket.accept()
        await socket.send_text("hello")
        await socket.close()

    assert {"type": "websocket.send", "text": "hello"} in await connect(RequestLog(talking), path="/events")
    assert [line[1:] for line in _lines(caplog)] == [("WEBSOCKET", "/events", "101", "5")]
