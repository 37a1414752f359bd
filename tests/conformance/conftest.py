"""Every test here takes `store` or `provider` and so runs once on each store."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from ttsqueue.provider import QueueProvider

from .store import STORES, Store, StoreKind


@pytest.fixture(params=STORES.values(), ids=lambda kind: kind.name)
def kind(request: pytest.FixtureRequest) -> StoreKind:
    chosen: StoreKind = request.param
    return chosen


@pytest.fixture
def store(kind: StoreKind, tmp_path: Path) -> Iterator[Store]:
    """A new, empty store."""
    with kind.fresh(tmp_path) as url:
        yield Store(kind, url)


@pytest.fixture
async def provider(store: Store) -> AsyncIterator[QueueProvider]:
    async with store.opened() as handle:
        yield handle


@pytest.fixture
async def other(store: Store) -> AsyncIterator[QueueProvider]:
    """A second handle on the same store, as the API has beside the worker."""
    async with store.opened() as handle:
        yield handle
