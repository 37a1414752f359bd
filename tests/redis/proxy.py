"""A way to the server that is slow, or breaks at the worst moment: the call has been done, and its answer is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from ssl import SSLContext
from urllib.parse import urlsplit


class Proxy:
    """Passes bytes on, both ways."""

    def __init__(self, url: str, bytes_per_second: int | None) -> None:
        self._server = urlsplit(url)
        self._speed = bytes_per_second
        self._cuts = 0
        self._naming = b""
        self._meanwhile: Callable[[], Awaitable[object]] | None = None
        self._busy: set[asyncio.Task[None]] = set()
        self._ways: set[asyncio.StreamWriter] = set()
        self._is_open = asyncio.Event()
        self._is_open.set()
        self.port = 0

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}{self._server.path}"

    def lead_to(self, url: str) -> None:
        """Who comes from now on gets to another server, as after a failover. Those who are there stay."""
        self._server = urlsplit(url)

    def cut_the_next_answer(self, meanwhile: Callable[[], Awaitable[object]] | None = None, naming: str = "") -> None:
        """Of a script, which has been run then: such an answer is one string. `naming`: the next that holds this.

        `meanwhile` is what others do before the caller learns that the connection is lost.
        """
        self._cuts, self._meanwhile, self._naming = 1, meanwhile, naming.encode()

    @property
    def is_cut(self) -> bool:
        return self._cuts == 0

    @asynccontextmanager
    async def cut_off(self) -> AsyncIterator[None]:
        """Every connection breaks, and new ones come to nothing meanwhile."""
        self._is_open.clear()
        for way in self._ways:
            way.transport.abort()
        try:
            yield
        finally:
            self._is_open.set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._busy.add(task)
        task.add_done_callback(self._busy.discard)
        await self._is_open.wait()
        up_reader, up_writer = await asyncio.open_connection(self._server.hostname, self._server.port)
        there = asyncio.create_task(self._pass(reader, up_writer))
        self._ways.update((writer, up_writer))
        with suppress(OSError):
            await self._pass_answers(up_reader, writer)
        there.cancel()
        await asyncio.wait([there])
        self._ways -= {writer, up_writer}
        await _hang_up(writer, up_writer)

    async def end(self) -> None:
        """When everybody has hung up."""
        if self._busy:
            await asyncio.wait(self._busy, timeout=5)

    async def _pass_answers(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while answer := await reader.read(2**16):
            if self._cuts and answer.startswith(b"$") and self._naming in answer:
                self._cuts -= 1
                if self._meanwhile is not None:
                    await self._meanwhile()
                return
            await self._write(writer, answer)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while asked := await reader.read(2**16):
                await self._write(writer, asked)
        writer.close()

    async def _write(self, writer: asyncio.StreamWriter, data: bytes) -> None:
        if self._speed is not None:
            await asyncio.sleep(len(data) / self._speed)
        writer.write(data)
        await writer.drain()


async def _hang_up(*writers: asyncio.StreamWriter) -> None:
    for writer in writers:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


@asynccontextmanager
async def proxied(url: str, tls: SSLContext | None = None, bytes_per_second: int | None = None) -> AsyncIterator[Proxy]:
    """With `tls`, whoever comes must speak it. The speed is that of each direction of each connection."""
    proxy = Proxy(url, bytes_per_second)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0, ssl=tls)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        await server.wait_closed()
        await proxy.end()
