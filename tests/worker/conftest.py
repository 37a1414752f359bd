from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ttsqueue.engines.espeak import EspeakEngine
from ttsqueue.queue import TTSQueue
from ttsqueue.storage import LocalStorage

from .at_work import Studio, opened
from .tone_engine import ToneEngine


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """The file of a new store."""
    return tmp_path / "data" / "ttsqueue.db"


@pytest.fixture
async def queue(store: Path) -> AsyncIterator[TTSQueue]:
    async with opened(store) as handle:
        yield handle


@pytest.fixture
def storage(tmp_path: Path) -> LocalStorage:
    return LocalStorage(tmp_path / "data" / "audio")


@pytest.fixture
def tone() -> ToneEngine:
    return ToneEngine()


@pytest.fixture
async def studio(queue: TTSQueue, storage: LocalStorage, tone: ToneEngine) -> Studio:
    """Books are spoken in tones."""
    return Studio(queue, storage, [tone])


@pytest.fixture
async def speaking(queue: TTSQueue, storage: LocalStorage) -> AsyncIterator[Studio]:
    """Books are really spoken."""
    espeak = EspeakEngine()
    yield Studio(queue, storage, [espeak])
    await espeak.aclose()
