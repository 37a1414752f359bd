from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

import pytest
import uvicorn
from httpx import ASGITransport, AsyncClient
from starlette.types import ASGIApp

from tests.api.conftest import ADMIN, make_site
from ttsqueue.api.bodies import Bodies
from ttsqueue.api.server import make_server
from ttsqueue.app import App

QUEUE = "/api/tts/queue"
LIMIT = 10_000


def job(text: str = "The fog came in.") -> dict[str, object]:
    return {"workId": "00000000-0000-4000-8000-0000000000f0", "chapters": [{"id": "a", "text": text}]}


@pytest.fixture
def guarded(app: App) -> Bodies:
    return Bodies(make_server(make_site(app, ADMIN)), max_body=LIMIT, max_upload=4 * LIMIT, patience=0.3)


@pytest.fixture
async def client(guarded: Bodies) -> AsyncGenerator[AsyncClient, None]:
    async with AsyncClient(transport=ASGITransport(guarded), base_url="http://127.0.0.1") as client:
        yield client


@asynccontextmanager
async def listening(application: ASGIApp) -> AsyncGenerator[int, None]:
    """A real server; yields its port."""
    config = uvicorn.Config(application, port=0, lifespan="off", log_level="critical", ws="none", http="h11")
    server = uvicorn.Server(config)
    config.load()
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    loop = asyncio.create_task(server.main_loop())
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await loop
        await server.shutdown()


async def answer_to(port: int, *sent: bytes) -> tuple[bytes, bytes]:
    """Head and body of what the server says; it must then end the connection by itself."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for part in sent:
        writer.write(part)
        await writer.drain()
    async with asyncio.timeout(10):
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    return head, body


def head(length: int | str) -> bytes:
    size = f"Content-Length: {length}" if isinstance(length, int) else length
    return f"POST {QUEUE} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n{size}\r\n\r\n".encode()


async def test_a_body_within_the_limit_passes(client: AsyncClient) -> None:
    assert (await client.post(QUEUE, json=job())).status_code == 202


async def test_a_body_that_says_it_is_too_large_is_refused(client: AsyncClient) -> None:
    answer = await client.post(QUEUE, json=job("Fog. " * LIMIT))
    assert answer.status_code == 413
    assert answer.json() == {
        "error": "This is larger than the 0.01 MB that one request may have; it is refused.",
        "code": "too_large",
        "details": [],
    }


async def test_a_body_that_does_not_say_its_size_is_counted(client: AsyncClient) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield b'{"workId": "'
        for _ in range(LIMIT):
            yield b"Fog. "

    answer = await client.post(QUEUE, content=endless(), headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_a_body_of_exactly_the_limit_is_read(client: AsyncClient) -> None:
    empty = len(json.dumps(job("")))
    for size, status in ((LIMIT, 202), (LIMIT + 1, 413)):
        body = json.dumps(job("a" * (size - empty)))
        answer = await client.post(QUEUE, content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == status


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
async def test_a_json_address_reads_only_json(client: AsyncClient, kind: str) -> None:
    answer = await client.post(QUEUE, content=json.dumps(job()), headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["code"]) == (415, "wrong_content_type")
    assert "application/json" in answer.json()["error"]


async def test_a_body_without_a_type_is_not_guessed_at(client: AsyncClient) -> None:
    assert (await client.post(QUEUE, content=json.dumps(job()).encode())).status_code == 415


@pytest.mark.parametrize("kind", ["application/json", "Application/JSON; charset=utf-8", "application/vnd.x+json"])
async def test_json_goes_by_several_names(client: AsyncClient, kind: str) -> None:
    answer = await client.post(QUEUE, content=json.dumps(job()), headers={"Content-Type": kind})
    assert answer.status_code == 202


async def test_an_upload_must_be_a_form(client: AsyncClient) -> None:
    answer = await client.post("/api/tts/books", json={"file": "x"})
    assert (answer.status_code, answer.json()["code"]) == (415, "wrong_content_type")
    assert "multipart/form-data" in answer.json()["error"]


async def test_a_page_that_takes_files_has_the_limit_of_uploads_and_no_other_page(app: App) -> None:
    server = make_server(make_site(app, ADMIN))
    guarded = Bodies(server, max_body=LIMIT, max_upload=4 * LIMIT, uploads=frozenset({"/books"}))
    async with AsyncClient(transport=ASGITransport(guarded), base_url="http://127.0.0.1") as client:
        sizes = (("/books", 3, 404), ("/books", 5, 413), ("/books/new", 3, 413), ("/api/tts/books", 3, 400))
        for address, times, status in sizes:
            answer = await client.post(address, files={"other": b"x" * times * LIMIT})
            assert answer.status_code == status, (address, times)


async def test_a_request_without_a_body_needs_no_type(client: AsyncClient) -> None:
    assert (await client.post(f"{QUEUE}/nobody/retry")).status_code == 404
    assert (await client.get(QUEUE)).status_code == 200


async def test_a_too_large_body_is_answered_before_it_is_sent(guarded: Bodies) -> None:
    async with listening(guarded) as port:
        said, body = await answer_to(port, head(10**9))
    assert said.startswith(b"HTTP/1.1 413")
    assert b"connection: close" in said.lower()
    assert json.loads(body)["code"] == "too_large"


async def test_who_sends_on_regardless_still_gets_the_answer(guarded: Bodies) -> None:
    async with listening(guarded) as port:
        said, _ = await answer_to(port, head(3_000_000), *[b"x" * 100_000] * 30)
    assert said.startswith(b"HTTP/1.1 413")


async def test_a_body_that_stops_coming_is_given_up(guarded: Bodies) -> None:
    async with listening(guarded) as port:
        said, body = await answer_to(port, head(1000), b'{"workId"')
    assert said.startswith(b"HTTP/1.1 408")
    assert json.loads(body)["code"] == "too_slow"


async def test_a_body_that_drips_is_given_up(guarded: Bodies) -> None:
    async with listening(guarded) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(head(1000))
        answer = asyncio.create_task(reader.readline())
        for _ in range(100):
            if not answer.done():
                writer.write(b" ")
                await asyncio.sleep(0.05)
        assert (await answer).startswith(b"HTTP/1.1 408")
        writer.close()


async def test_a_client_that_leaves_in_mid_body_changes_nothing(guarded: Bodies, app: App) -> None:
    async with listening(guarded) as port:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(head(1000) + json.dumps(job()).encode())
        await writer.drain()
        writer.close()
        await asyncio.sleep(0.1)
        async with AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            assert (await client.get(QUEUE)).json()["jobs"] == []


async def test_a_slow_answer_is_not_the_clients_fault(app: App) -> None:
    async def slow(scope: object, receive: object, send: object) -> None:
        assert callable(receive)
        assert callable(send)
        await receive()
        await asyncio.sleep(0.2)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"done"})

    guarded = Bodies(slow, max_body=LIMIT, max_upload=LIMIT, patience=0.05)
    async with AsyncClient(transport=ASGITransport(guarded), base_url="http://127.0.0.1") as client:
        assert (await client.post("/api/x", json={})).content == b"done"
