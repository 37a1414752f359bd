"""All tests here need Node and the packages of package.json: `make test-interop`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.redis_server import fresh_redis
from ttsqueue.providers.redis import RedisProvider

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("interop")


@pytest.fixture
def url() -> Iterator[str]:
    with fresh_redis() as fresh:
        yield fresh


@pytest.fixture
async def provider(url: str) -> AsyncIterator[RedisProvider]:
    provider = RedisProvider(url)
    await provider.open()
    await provider.wait_for_work(0.1)
    yield provider
    await provider.aclose()
