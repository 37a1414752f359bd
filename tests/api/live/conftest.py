"""A server with live events; the worker has a handle of its own on the store, as in another process."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.api.live.jobs import CALLERS, queue_in
from tests.api.live.server import Running, live_server
from ttsqueue.queue import TTSQueue


@pytest.fixture
async def queue(tmp_path: Path) -> AsyncGenerator[TTSQueue, None]:
    async with queue_in(tmp_path) as queue:
        yield queue


@pytest.fixture
async def worker(tmp_path: Path, queue: TTSQueue) -> AsyncGenerator[TTSQueue, None]:
    async with queue_in(tmp_path) as worker:
        yield worker


@pytest.fixture
async def server(queue: TTSQueue) -> AsyncGenerator[Running, None]:
    async with live_server(queue, CALLERS) as server:
        yield server
