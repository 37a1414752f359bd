from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from ttsqueue.audio import Encoder


@pytest_asyncio.fixture
async def encoder(tmp_path: Path) -> AsyncIterator[Encoder]:
    folder = tmp_path / "spool"
    folder.mkdir()
    async with Encoder(folder) as encoder:
        yield encoder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """An empty folder for results."""
    folder = tmp_path / "out"
    folder.mkdir()
    return folder
