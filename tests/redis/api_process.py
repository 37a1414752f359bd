"""The HTTP server in a process of its own, to be killed."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, Process
from pathlib import Path

from httpx import AsyncClient, HTTPError


async def start_api(data: Path, redis_url: str, port: int) -> Process:
    """It answers when this returns."""
    settings = {"QUEUE_PROVIDER": "redis", "REDIS_URL": redis_url, "TTSQUEUE_DATA": str(data)}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "ttsqueue.cli", "serve", "--port", str(port)),
        env={**os.environ, **settings},
        cwd=data,
        stdout=DEVNULL,
        stderr=DEVNULL,
    )
    async with AsyncClient(base_url=f"http://127.0.0.1:{port}") as client, asyncio.timeout(60):
        while not await _answers(client):
            assert process.returncode is None
            await asyncio.sleep(0.05)
    return process


async def _answers(client: AsyncClient) -> bool:
    try:
        return (await client.get("/api/tts/queue")).is_success
    except HTTPError:
        return False
