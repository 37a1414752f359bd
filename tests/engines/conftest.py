from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from ttsqueue.engines.espeak import EspeakEngine


@pytest.fixture
async def engine() -> AsyncIterator[EspeakEngine]:
    engine = EspeakEngine()
    yield engine
    await engine.aclose()
