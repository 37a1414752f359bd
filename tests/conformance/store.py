"""The stores that this suite runs on. A new provider joins with one StoreKind in STORES."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from tests.postgres_server import fresh_database
from tests.redis_server import fresh_redis
from ttsqueue.provider import QueueProvider
from ttsqueue.providers.postgres import PostgresProvider
from ttsqueue.providers.redis import RedisProvider
from ttsqueue.providers.sqlite import SqliteProvider


@dataclass(frozen=True, slots=True)
class StoreKind:
    """How stores of one provider are made and reached."""

    name: str
    connect: Callable[[str], QueueProvider]
    """A provider, not opened yet, on the store at this URL. Works in every process."""
    fresh: Callable[[Path], AbstractContextManager[str]]
    """The URL of a new, empty store that nobody else uses. It may keep files in the folder. Called often: be cheap."""


@dataclass(frozen=True, slots=True)
class Store:
    """One store of a test."""

    kind: StoreKind
    url: str

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[QueueProvider]:
        """One more handle on the store, as another part of the system would hold it."""
        provider = self.kind.connect(self.url)
        await provider.open()
        try:
            yield provider
        finally:
            await provider.aclose()


def _sqlite(url: str) -> QueueProvider:
    return SqliteProvider(Path(url))


@contextmanager
def _fresh_sqlite(folder: Path) -> Iterator[str]:
    yield str(folder / f"{uuid4().hex}.db")


@contextmanager
def _fresh_postgres(_: Path) -> Iterator[str]:
    with fresh_database() as url:
        yield url


@contextmanager
def _fresh_redis(_: Path) -> Iterator[str]:
    with fresh_redis() as url:
        yield url


STORES = {
    kind.name: kind
    for kind in (
        StoreKind("sqlite", _sqlite, _fresh_sqlite),
        StoreKind("postgres", PostgresProvider, _fresh_postgres),
        StoreKind("redis", RedisProvider, _fresh_redis),
    )
}
