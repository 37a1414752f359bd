"""A TTS server in a process of its own, which can be told to misbehave."""

from __future__ import annotations

import asyncio
import math
import struct
import sys
from collections import deque
from collections.abc import AsyncIterator

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

RATE = 24_000
tricks: deque[str] = deque()
calls: list[dict[str, object]] = []
seconds = 0.0
busy = most_busy = hung_up = 0


def tone(length: float, loudness: int = 8000) -> bytes:
    """So many seconds of PCM."""
    period = b"".join(struct.pack("<h", int(loudness * math.sin(2 * math.pi * at / 100))) for at in range(100))
    return period * int(length * RATE / 100)


async def control(request: Request) -> Response:
    """PUT says what the next calls get, and how long each takes; GET tells what happened."""
    global seconds
    if request.method == "PUT":
        told = await request.json()
        tricks.clear()
        tricks.extend(told.get("tricks", ()))
        seconds = told.get("seconds", 0.0)
    return JSONResponse({"calls": calls, "most_busy": most_busy, "hung_up": hung_up})


async def speech(request: Request) -> Response:
    global busy, most_busy, hung_up
    wish = await request.json()
    calls.append({"text": wish["input"], "voice": wish["voice"], "key": request.headers.get("authorization", "")})
    busy += 1
    most_busy = max(busy, most_busy)
    try:
        await asyncio.sleep(seconds)
        return await answer(tricks.popleft() if tricks else "speak", wish["input"])
    except asyncio.CancelledError:
        hung_up += 1
        raise
    finally:
        busy -= 1


async def answer(trick: str, text: str) -> Response:
    kind, _, value = trick.partition(" ")
    if kind == "status":
        told = {"error": {"message": "No such voice at http://10.0.0.7:99/secret with sk-12345"}}
        return JSONResponse(told, int(value))
    if kind == "busy":
        return Response(status_code=429, headers={"retry-after": value} if value else {})
    if kind == "hang":
        await asyncio.sleep(60)
    if kind == "elsewhere":
        return RedirectResponse("http://127.0.0.1:1/")
    if kind == "html":
        return Response("<p>Welcome</p>", media_type="text/html")
    if kind in ("half", "endless"):
        return StreamingResponse(broken(kind), media_type="audio/pcm")
    sound = {"silent": tone(2, 0), "empty": b"", "short": tone(0.01)}.get(kind, tone(max(len(text) / 15, 0.2)))
    return Response(sound, media_type="audio/pcm")


async def broken(kind: str) -> AsyncIterator[bytes]:
    yield tone(1)
    if kind == "half":
        raise ConnectionError("told to")
    for _ in range(1000):
        yield tone(5)
        await asyncio.sleep(0.005)


app = Starlette(
    routes=[Route("/v1/audio/speech", speech, methods=["POST"]), Route("/control", control, methods=["GET", "PUT"])]
)

if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="critical")
