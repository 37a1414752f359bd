"""A transaction pooler, as Supabase's on port 6543 or pgbouncer: each transaction may get another server connection.

Those who connect are told a process number that is made up; start-up options are refused; what a server says between
two transactions, such as a notification, reaches nobody.
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

Message = tuple[bytes, bytes]
"""Its kind, and what follows the length."""

_WITHOUT_TLS, _TLS_REQUEST = 196608, 80877103
_ASK_FOR_READINESS = (b"S", b"Q", b"F")
"""Kinds of messages that a server answers with ReadyForQuery."""


class Peer:
    """One end of a connection that speaks PostgreSQL's protocol."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def read(self) -> Message:
        kind = await self._reader.readexactly(1)
        return kind, await self._rest()

    async def read_startup(self) -> bytes:
        """What comes first from who connects, without a kind."""
        while struct.unpack("!I", (packet := await self._rest())[:4])[0] == _TLS_REQUEST:
            await self.write_raw(b"N")
        return packet[4:]

    async def write(self, *messages: Message) -> None:
        await self.write_raw(b"".join(kind + struct.pack("!I", len(body) + 4) + body for kind, body in messages))

    async def write_raw(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def close(self) -> None:
        self._writer.close()
        with suppress(OSError):
            await self._writer.wait_closed()

    async def _rest(self) -> bytes:
        (length,) = struct.unpack("!I", await self._reader.readexactly(4))
        return await self._reader.readexactly(length - 4)


async def _server(url: str) -> tuple[Peer, list[Message]]:
    """A server's connection that waits for a transaction, and what it told of itself."""
    parts = urlsplit(url)
    server = Peer(*await asyncio.open_connection(parts.hostname, parts.port))
    names = f"user\0{parts.username}\0database\0{parts.path[1:]}\0\0".encode()
    await server.write((b"", struct.pack("!I", _WITHOUT_TLS) + names))
    told: list[Message] = []
    while (message := await server.read())[0] != b"Z":
        told.append(message)
    return server, [message for message in told if message[0] == b"S"]


class Pooler:
    """Few server connections, taken in turn, for any number of clients."""

    def __init__(self, url: str, size: int) -> None:
        self._url = url
        self._size = size
        self._idle: asyncio.Queue[Peer] = asyncio.Queue()
        self._told: list[Message] = []
        self._clients = 0

    async def open(self) -> None:
        for _ in range(self._size):
            server, self._told = await _server(self._url)
            self._idle.put_nowait(server)

    async def aclose(self) -> None:
        while not self._idle.empty():
            await self._idle.get_nowait().close()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        client = Peer(reader, writer)
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            if b"options\0" in await client.read_startup():
                await client.write((b"E", b"SFATAL\0C08P01\0Munsupported startup parameter: options\0\0"))
            else:
                await self._welcome(client)
                while (message := await client.read())[0] != b"X":
                    await self._transaction(client, message)
        await client.close()

    async def _welcome(self, client: Peer) -> None:
        self._clients += 1
        made_up = struct.pack("!II", 1_000_000 + self._clients, 0)
        await client.write((b"R", struct.pack("!I", 0)), *self._told, (b"K", made_up), (b"Z", b"I"))

    async def _transaction(self, client: Peer, first: Message) -> None:
        server = await self._idle.get()
        try:
            await self._pass_on(client, server, first)
        finally:
            self._idle.put_nowait(server)

    async def _pass_on(self, client: Peer, server: Peer, message: Message) -> None:
        """Until the server is ready for another transaction, and everything that was asked is answered."""
        unanswered = 0
        while True:
            await server.write(message)
            unanswered += message[0] in _ASK_FOR_READINESS
            while unanswered:
                answer = await server.read()
                await client.write(answer)
                if answer[0] == b"Z":
                    unanswered -= 1
                    if not unanswered and answer[1] == b"I":
                        return
            message = await client.read()


@asynccontextmanager
async def pooled(url: str, size: int = 2) -> AsyncIterator[str]:
    """The URL of the same database through a pooler."""
    pooler = Pooler(url, size)
    await pooler.open()
    listener = await asyncio.start_server(pooler.serve, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    try:
        yield urlsplit(url)._replace(netloc=f"tests@127.0.0.1:{port}").geturl()
    finally:
        listener.close()
        await pooler.aclose()
