"""Two stores, of every kind each."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.conformance.store import STORES, Store
from ttsqueue.provider import QueueProvider

PAIRS = [(source, target) for source in STORES for target in STORES]


@pytest.fixture(params=PAIRS, ids=lambda pair: "-to-".join(pair))
def pair(request: pytest.FixtureRequest) -> tuple[str, str]:
    names: tuple[str, str] = request.param
    return names


@pytest.fixture
def stores(pair: tuple[str, str], tmp_path: Path) -> Iterator[tuple[Store, Store]]:
    """From which, to which."""
    source, target = (STORES[name] for name in pair)
    with source.fresh(tmp_path) as from_url, target.fresh(tmp_path) as to_url:
        yield Store(source, from_url), Store(target, to_url)


@pytest.fixture
async def source(stores: tuple[Store, Store]) -> AsyncIterator[QueueProvider]:
    async with stores[0].opened() as provider:
        yield provider


@pytest.fixture
async def target(stores: tuple[Store, Store]) -> AsyncIterator[QueueProvider]:
    async with stores[1].opened() as provider:
        yield provider
