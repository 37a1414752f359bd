from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from tests.engines.attic import DIALECTS, Attic
from tests.engines.piper_voices import make_voice
from tests.engines.remote import Remote, remote_server
from ttsqueue.engines.espeak import EspeakEngine
from ttsqueue.engines.openai_speech import OpenAIDialect
from ttsqueue.engines.piper import PiperEngine
from ttsqueue.engines.remote_speech import RemoteSpeech
from ttsqueue.providers.sqlite import SqliteProvider


@pytest.fixture
async def engine() -> AsyncIterator[EspeakEngine]:
    engine = EspeakEngine()
    yield engine
    await engine.aclose()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With one piper voice."""
    make_voice(tmp_path / "voices")
    return tmp_path / "voices"


@pytest.fixture
async def piper(folder: Path) -> AsyncIterator[PiperEngine]:
    engine = PiperEngine(folder)
    yield engine
    await engine.aclose()


@pytest.fixture(scope="module")
def tts_server() -> Iterator[Remote]:
    with remote_server() as remote:
        yield remote


@pytest.fixture
def remote(tts_server: Remote) -> Remote:
    httpx.delete(f"{tts_server.address}/control")
    return tts_server


@pytest.fixture
async def attic(remote: Remote, tmp_path: Path) -> AsyncIterator[Attic]:
    store = SqliteProvider(tmp_path / "store.db")
    await store.open()
    attic = Attic(remote, store)
    yield attic
    for engine in attic.made:
        await engine.aclose()
    await store.aclose()


@pytest.fixture(params=DIALECTS, ids=[dialect.name for dialect in DIALECTS])
def remote_engine(attic: Attic, request: pytest.FixtureRequest) -> RemoteSpeech:
    """One of each dialect."""
    return attic.engine(request.param)


@pytest.fixture
def openai(attic: Attic) -> RemoteSpeech:
    return attic.engine(OpenAIDialect())
