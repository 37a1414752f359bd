"""The composition root: settings in, a working queue out. The one place that knows every part."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from ttsqueue.engines.catalogue import VoiceCatalogue
from ttsqueue.engines.engine import Engine
from ttsqueue.engines.espeak import EspeakEngine
from ttsqueue.engines.openai_speech import OpenAISpeech
from ttsqueue.errors import SettingsError
from ttsqueue.provider import QueueProvider
from ttsqueue.providers.sqlite import SqliteProvider
from ttsqueue.queue import Handler, TTSQueue
from ttsqueue.servers.servers_file import read_servers
from ttsqueue.servers.traffic import Traffic
from ttsqueue.settings import Settings, load_settings
from ttsqueue.storage import LocalStorage, Storage
from ttsqueue.worker import Narrator, WorkerOptions, run_worker

SQLITE_FILE = "ttsqueue.db"
SERVERS_FILE = "servers.toml"


@dataclass(frozen=True, slots=True)
class App:
    """Everything that belongs to one set of settings, opened."""

    settings: Settings
    queue: TTSQueue
    storage: Storage
    voices: VoiceCatalogue

    async def work(self, on_ready: Callable[[str], None] | None = None) -> None:
        """Speak books until cancelled: what `ttsqueue work` does."""
        async with Narrator(self.queue.provider, self.storage, self.voices, self.settings.chapters) as narrator:
            await run_worker(self.queue, narrator.narrate, worker_options(self.settings), on_ready)


@asynccontextmanager
async def open_app(settings: Settings | None = None) -> AsyncGenerator[App, None]:
    """Open store, storage and engines as the settings say. SettingsError, StoreUnavailable, StoreTooNew."""
    settings = settings or load_settings()
    provider = make_provider(settings)
    voices = VoiceCatalogue(make_engines(settings, provider), settings.default_voice)
    storage = make_storage(settings)
    await provider.open()
    try:
        yield App(settings, make_queue(settings, provider, voices), storage, voices)
    finally:
        await voices.aclose()
        await provider.aclose()


@asynccontextmanager
async def open_queue(settings: Settings | None = None) -> AsyncGenerator[TTSQueue, None]:
    """The queue alone, for applications: `async with open_queue() as queue: await queue.add_job(...)`."""
    async with open_app(settings) as app:
        yield app.queue


def make_provider(settings: Settings) -> QueueProvider:
    """The store that the settings name, not yet opened. SettingsError for one that is not there."""
    if settings.queue_provider == "redis":
        raise SettingsError("QUEUE_PROVIDER=redis is not available in this version; leave it out to use DATABASE_URL.")
    url = settings.database_url
    if url is None:
        return SqliteProvider(settings.data / SQLITE_FILE)
    if url.startswith("sqlite:///") and len(url) > len("sqlite:///"):
        return SqliteProvider(Path(url.removeprefix("sqlite:///")).expanduser())
    if url.startswith(("postgresql://", "postgres://")):
        return _postgres(url)
    raise SettingsError("DATABASE_URL must be postgresql://user:password@host/database or sqlite:///path/to/file.db.")


def _postgres(url: str) -> QueueProvider:
    try:
        from ttsqueue.providers.postgres import PostgresProvider
    except ImportError:
        raise SettingsError('PostgreSQL needs one more package: pip install "ttsqueue[postgres]".') from None
    return PostgresProvider(url)


def make_storage(settings: Settings) -> Storage:
    """Where finished sound lies; no object store is asked for anything yet. SettingsError."""
    if settings.storage is None:
        return LocalStorage(settings.data / "audio")
    try:
        from ttsqueue.storage.bucket import BucketStorage
    except ImportError:
        raise SettingsError('An object store needs one more package: pip install "ttsqueue[objects]".') from None
    return BucketStorage.at(settings.storage, settings.data / "workbench")


def make_engines(settings: Settings, provider: QueueProvider) -> list[Engine]:
    """Every engine there is; one whose programs are missing has no voices. SettingsError."""
    servers = read_servers(settings.servers_file or settings.data / SERVERS_FILE, os.environ)
    if not servers:
        return [EspeakEngine()]
    return [EspeakEngine(), OpenAISpeech([(each, Traffic(provider, each.name, each.limits)) for each in servers])]


def make_queue(settings: Settings, provider: QueueProvider, voices: VoiceCatalogue) -> TTSQueue:
    async def choose_voice(voice_id: str, language: str) -> str:
        return (await voices.resolve(voice_id, language)).id

    async def work(queue: TTSQueue, handler: Handler) -> None:
        await run_worker(queue, handler, worker_options(settings))

    return TTSQueue(
        provider,
        max_attempts=settings.max_attempts,
        stuck_after=settings.stuck_after,
        choose_voice=choose_voice,
        run_worker=work,
    )


def worker_options(settings: Settings) -> WorkerOptions:
    """What a worker needs to know of the settings."""
    return WorkerOptions(
        name=settings.worker_id,
        slots=settings.jobs,
        poll_interval=settings.poll_interval,
        heartbeat_interval=settings.heartbeat_interval,
        stuck_after=settings.stuck_after,
    )
