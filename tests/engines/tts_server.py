"""A TTS server in a process of its own, which can be told to misbehave."""

from __future__ import annotations

import asyncio
import os
import sys
from collections import deque
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.engines.made_sound import RATE, odd, tone, wav

LEAK = "No such voice at http://10.0.0.7:99/secret with sk-12345"


@dataclass
class Conduct:
    """What it does, and what happened so far."""

    tricks: deque[str] = field(default_factory=deque)
    """For the next calls, one each."""
    seconds: float = 0.0
    """That each call takes."""
    reads: float = 15.0
    """Characters per second of its voice."""
    down_from: float = 0.0
    down_until: float = 0.0
    """In between it answers 503 to all."""
    bad_words: dict[str, int] = field(default_factory=dict)
    """The status for every text with such a word in it."""
    poison: tuple[str, str] = ("", "")
    """A word, and what every text with it gets."""
    calls: list[dict[str, object]] = field(default_factory=list)
    busy: int = 0
    most_busy: int = 0
    hung_up: int = 0
    """Calls whose caller left."""

    def told(self, wish: dict[str, Any]) -> None:
        self.tricks = deque(wish.get("tricks", ()))
        self.seconds = wish.get("seconds", 0.0)
        self.reads = wish.get("reads", self.reads)
        self.bad_words = wish.get("bad_words", {})
        self.poison = tuple(wish.get("poison", ("", "")))
        if "down" in wish:
            self.down_from, length = monotonic() + wish["down"][0], wish["down"][1]
            self.down_until = self.down_from + length

    def next_trick(self, text: str) -> str:
        if self.down_from <= monotonic() < self.down_until:
            return "status 503"
        if status := next((status for word, status in self.bad_words.items() if word in text), None):
            return f"status {status}"
        word, trick = self.poison
        if word and word in text:
            return trick
        return self.tricks.popleft() if self.tricks else ""


conduct = Conduct()


async def control(request: Request) -> Response:
    """PUT says what the next calls get, and how long each takes; GET tells what happened; DELETE forgets all of it."""
    global conduct
    if request.method == "DELETE":
        conduct = Conduct()
    if request.method == "PUT":
        conduct.told(await request.json())
    seen = {name: getattr(conduct, name) for name in ("calls", "busy", "most_busy", "hung_up")}
    return JSONResponse(seen | {"now": monotonic(), "down": [conduct.down_from, conduct.down_until]})


async def openai(request: Request) -> Response:
    wish = await request.json()
    told = {"text": wish["input"], "voice": wish["voice"], "speed": wish["speed"]}
    seen = {**told, "key": request.headers.get("authorization", "")}
    return await speech(request, seen, "wav" if wish["response_format"] == "wav" else "pcm", wish["speed"])


async def coqui(request: Request) -> Response:
    """Answers with WAV, whatever the speed is, and refuses empty text."""
    seen = {**request.query_params, "key": request.headers.get("authorization", "")}
    return await speech(request, seen, "wav 22050")


async def elevenlabs(request: Request) -> Response:
    wish = await request.json()
    seen = {
        **wish,
        "voice": request.path_params["voice"],
        "output_format": request.query_params["output_format"],
        "key": request.headers.get("xi-api-key", ""),
    }
    return await speech(request, seen, "pcm", wish.get("voice_settings", {}).get("speed", 1))


async def speech(request: Request, seen: dict[str, Any], usual: str, speed: float = 1.0) -> Response:
    at, text = monotonic(), seen["text"]
    now = conduct  # which may be forgotten meanwhile
    trick = now.next_trick(text)
    now.calls.append({**seen, "at": at, "trick": trick})
    now.busy += 1
    now.most_busy = max(now.busy, now.most_busy)
    work = asyncio.create_task(answer(trick or usual, text, speed))
    try:
        while not work.done():
            await asyncio.wait({work}, timeout=0.05)
            if await request.is_disconnected():
                now.hung_up += 1
                work.cancel()
                return Response(status_code=499)
        return await work
    finally:
        now.busy -= 1


async def answer(trick: str, text: str, speed: float) -> Response:
    kind, _, value = trick.partition(" ")
    if kind == "status":
        return JSONResponse({"error": {"message": LEAK}}, int(value))
    await asyncio.sleep(conduct.seconds)
    if kind == "later":
        return Response(status_code=503, headers={"retry-after": value})
    if kind == "quota":
        told = {"message": "You exceeded your current quota.", "type": "insufficient_quota", "code": value}
        return JSONResponse({"error": told}, 429)
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
    rate = int(value) if kind == "wav" and value else RATE
    spoken = tone(max(len(text) / conduct.reads / speed, 0.2), rate=rate)
    if kind == "wav":
        return Response(wav(spoken, rate), media_type="audio/wav")
    media_type = "audio/mpeg" if kind == "mp3" else "audio/wav" if "wav" in kind else "audio/pcm"
    return Response(odd(kind, spoken), media_type=media_type)


async def broken(kind: str) -> AsyncIterator[bytes]:
    yield tone(1)
    if kind == "half":
        raise ConnectionError("told to")
    for _ in range(1000):
        yield tone(5)
        await asyncio.sleep(0.005)


app = Starlette(
    routes=[
        Route("/v1/audio/speech", openai, methods=["POST"]),
        Route("/api/tts", coqui),
        Route("/v1/text-to-speech/{voice}/stream", elevenlabs, methods=["POST"]),
        Route("/control", control, methods=["GET", "PUT", "DELETE"]),
    ]
)

if __name__ == "__main__":
    # It is a measuring instrument: what it sees late, it sees too close to what comes next.
    with suppress(OSError):
        os.nice(-10)
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="critical")
