"""The misbehaving TTS server, as a test sees it."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[2]


class Remote:
    """The server, as the test sees it."""

    def __init__(self, address: str) -> None:
        self.address = address

    async def told(self, *tricks: str, seconds: float = 0.0) -> None:
        async with httpx.AsyncClient() as client:
            await client.put(f"{self.address}/control", json={"tricks": tricks, "seconds": seconds})

    async def record(self) -> dict[str, Any]:
        async with httpx.AsyncClient() as client:
            found: dict[str, Any] = (await client.get(f"{self.address}/control")).json()
            return found


@contextmanager
def remote_server() -> Iterator[Remote]:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "tests.engines.tts_server", str(port)], cwd=ROOT)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            try:
                httpx.get(f"{address}/control")
                break
            except httpx.TransportError:
                time.sleep(0.05)
        yield Remote(address)
    finally:
        process.kill()
        process.wait()
