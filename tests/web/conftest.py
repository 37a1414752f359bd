from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.web.website import WITH_TOKENS, Website, open_website


@pytest.fixture
async def website(tmp_path: Path) -> AsyncGenerator[Website, None]:
    """Its users sign in with tokens."""
    async with open_website(tmp_path / "data", **WITH_TOKENS) as website:
        yield website


@pytest.fixture
async def home(tmp_path: Path) -> AsyncGenerator[Website, None]:
    """Identity is off: everybody is the local user."""
    async with open_website(tmp_path / "data") as website:
        yield website
