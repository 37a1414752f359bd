"""One file of its own for each test, and a provider that has it open."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ttsqueue.providers.sqlite import SqliteProvider


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "queue.db"


@pytest.fixture
async def provider(path: Path) -> AsyncIterator[SqliteProvider]:
    provider = SqliteProvider(path)
    await provider.open()
    yield provider
    await provider.aclose()
