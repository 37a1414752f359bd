"""A TTS server that misbehaves below HTTP: it says on the wire what no HTTP library would."""

from __future__ import annotations

import asyncio
import json
import sys
import zlib
from collections import deque
from contextlib import suppress

from tests.engines.made_sound import tone

tricks: deque[str] = deque()
calls: list[dict[str, object]] = []

_BOMB = zlib.compress(bytes(100_000_000))
_SOUND = b"HTTP/1.1 200 OK\r\ncontent-type: audio/pcm\r\n"


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError, asyncio.IncompleteReadError):
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            body = await reader.readexactly(_length(head))
            if head.startswith((b"GET", b"PUT")):
                writer.write(_control(body))
            else:
                calls.append({"head": head.decode(), "text": json.loads(body)["input"]})
                if not await _answer(tricks.popleft() if tricks else "speak", writer):
                    break
            await writer.drain()
    writer.close()


def _length(head: bytes) -> int:
    lines = (line.partition(b":") for line in head.lower().split(b"\r\n"))
    return next((int(value) for name, _, value in lines if name == b"content-length"), 0)


def _control(body: bytes) -> bytes:
    if body:
        tricks.clear()
        tricks.extend(json.loads(body)["tricks"])
    told = json.dumps({"calls": calls}).encode()
    return b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b" % (len(told), told)


async def _answer(trick: str, writer: asyncio.StreamWriter) -> bool:
    """Whether the connection goes on."""
    match trick:
        case "close":
            return False
        case "half a head":
            writer.write(b"HTTP/1.1 200 O")
            return False
        case "no HTTP":
            writer.write(bytes(range(256)) * 4)
            return False
        case "less than it says":
            writer.write(_SOUND + b"content-length: 100000\r\n\r\n" + tone(0.5))
            return False
        case "drops":
            await _drip(writer, _SOUND + b"\r\n", b"\x01\x20")
        case "drops of a head":
            await _drip(writer, b"HTTP/1.1 200 OK\r\n", b"a: b\r\n")
        case "drops of a refusal":
            await _drip(writer, b'HTTP/1.1 400 Bad Request\r\n\r\n{"error": "', b"no ")
        case "endless head":
            for number in range(200_000):
                writer.write(b"x-%d: %b\r\n" % (number, b"y" * 1000))
                await writer.drain()
        case "bomb":
            writer.write(_SOUND + b"content-encoding: deflate\r\ncontent-length: %d\r\n\r\n" % len(_BOMB) + _BOMB)
        case "speak, and close":
            writer.write(_spoken(b"audio/pcm"))
            return False
        case "json":
            writer.write(_spoken(b"application/json"))
        case "plain words":
            words = b"There is no voice like that.\nTraceback: /srv/app.py\n"
            head = b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\ncontent-length: %d\r\n\r\n"
            writer.write(head % len(words) + words)
        case "retry":
            writer.write(b"HTTP/1.1 429 Too Many\r\ncontent-length: 0\r\nretry-after: Never\r\n\r\n")
        case _:
            writer.write(_spoken(b"audio/pcm"))
    return True


def _spoken(kind: bytes) -> bytes:
    sound = tone(4)
    return b"HTTP/1.1 200 OK\r\ncontent-type: %b\r\ncontent-length: %d\r\n\r\n%b" % (kind, len(sound), sound)


async def _drip(writer: asyncio.StreamWriter, head: bytes, drop: bytes) -> None:
    writer.write(head)
    for _ in range(300):
        writer.write(drop)
        await writer.drain()
        await asyncio.sleep(0.1)


async def main(port: int) -> None:
    async with await asyncio.start_server(serve, "127.0.0.1", port) as server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
