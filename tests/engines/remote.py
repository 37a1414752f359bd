"""The misbehaving TTS server, as a test sees it."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[2]


class Remote:
    """The server, as the test sees it. It can be killed, and started again at the same address."""

    def __init__(self, port: int, program: str) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self._command = [sys.executable, "-m", program, str(port)]
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, cwd=ROOT)
        for _ in range(400):
            with suppress(httpx.TransportError):
                httpx.get(f"{self.address}/control")
                return
            time.sleep(0.05)
        raise AssertionError("the TTS server does not start")

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    async def told(self, *tricks: str, seconds: float = 0.0, **more: Any) -> None:
        """`down=(after, length)`: 503 to all for a while; `bad_words`: the status for texts with such a word;
        `reads`: characters per second of the voice; `poison=(word, trick)`: what every text with that word gets.
        """
        async with httpx.AsyncClient() as client:
            wish = {"tricks": tricks, "seconds": seconds, **more}
            await client.put(f"{self.address}/control", json=wish)

    async def record(self) -> dict[str, Any]:
        async with httpx.AsyncClient(timeout=30) as client:
            found: dict[str, Any] = (await client.get(f"{self.address}/control")).json()
            return found


@contextmanager
def remote_server(program: str = "tests.engines.tts_server") -> Iterator[Remote]:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    remote = Remote(port, program)
    try:
        yield remote
    finally:
        remote.kill()


def servers_toml(remote: Remote, *lines: str, name: str = "attic") -> str:
    """One `[[server]]` for it, with the voice bella."""
    usual = (f'name = "{name}"', 'engine = "openai"', f'url = "{remote.address}/v1"', 'voices = ["bella"]')
    return "\n".join(["[[server]]", *usual, *lines, ""])
