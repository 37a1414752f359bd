"""The composition root: settings in, a working queue out. The one place that knows every part."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from ttsqueue.costs.ceilings import Ceilings
from ttsqueue.costs.estimate import Estimate, estimate
from ttsqueue.costs.price_list import PriceList
from ttsqueue.costs.purse import Purse
from ttsqueue.engines.catalogue import VoiceCatalogue
from ttsqueue.engines.coqui import CoquiDialect
from ttsqueue.engines.elevenlabs import ElevenLabsDialect
from ttsqueue.engines.engine import Engine
from ttsqueue.engines.espeak import EspeakEngine
from ttsqueue.engines.openai_speech import OpenAIDialect
from ttsqueue.engines.own_engines import own_engines
from ttsqueue.engines.piper import PiperEngine
from ttsqueue.engines.remote_call import USUAL, Timeouts
from ttsqueue.engines.remote_speech import RemoteSpeech
from ttsqueue.errors import SettingsError
from ttsqueue.jobs import NewJob
from ttsqueue.provider import QueueProvider
from ttsqueue.providers.sqlite import SqliteProvider
from ttsqueue.queue import Handler, TTSQueue
from ttsqueue.servers.pool import ServerPool
from ttsqueue.servers.servers_file import read_servers
from ttsqueue.servers.traffic import Traffic
from ttsqueue.settings import Settings, environment, load_settings
from ttsqueue.storage import LocalStorage, Storage
from ttsqueue.worker import Narrator, WorkerOptions, run_worker

SQLITE_FILE = "ttsqueue.db"
SERVERS_FILE = "servers.toml"
VOICES_FOLDER = "voices"

_DIALECTS = (OpenAIDialect(), CoquiDialect(), ElevenLabsDialect())


@dataclass(frozen=True, slots=True)
class App:
    """Everything that belongs to one set of settings, opened."""

    settings: Settings
    queue: TTSQueue
    storage: Storage
    voices: VoiceCatalogue
    servers: ServerPool
    prices: PriceList
    purse: Purse

    async def estimate(self, job: NewJob) -> Estimate:
        """What the job will take, and whether it could be queued now; nothing is stored.

        Raises InvalidJob, UnknownVoice, TooCostly, LimitReached, StoreUnavailable.
        """
        checked = await self.queue.checked(job)
        await self.purse.check(checked)
        voice = await self.voices.resolve(checked.voice_settings.voice_id, checked.book.language)
        return await asyncio.to_thread(estimate, checked, voice, self.voices.engine_of(voice), self.prices)

    async def work(self, on_ready: Callable[[str], None] | None = None) -> None:
        """Speak books until cancelled: what `ttsqueue work` does."""
        settings = self.settings
        narrator = Narrator(
            self.queue.provider, self.storage, self.voices, settings.chapters, settings.fallback, self.purse
        )
        async with narrator:
            await run_worker(self.queue, narrator.narrate, worker_options(self.settings), on_ready)


@asynccontextmanager
async def open_app(settings: Settings | None = None) -> AsyncGenerator[App, None]:
    """Open store, storage and engines as the settings say. SettingsError, StoreUnavailable, StoreTooNew."""
    settings = settings or load_settings()
    provider = make_provider(settings)
    servers = make_servers(settings, provider)
    voices = VoiceCatalogue(make_engines(settings, servers), settings.default_voice)
    prices = PriceList(servers.described)
    ceilings = Ceilings(settings.max_cost_per_day, settings.max_cost_per_day_together)
    ceilings.check(prices)
    purse = Purse(provider, prices, ceilings)
    storage = make_storage(settings)
    await provider.open()
    try:
        queue = make_queue(settings, provider, voices, purse)
        yield App(settings, queue, storage, voices, servers, prices, purse)
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
        return _redis(settings)
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


def _redis(settings: Settings) -> QueueProvider:
    url = settings.redis_url
    if url is None:
        raise SettingsError("QUEUE_PROVIDER=redis needs REDIS_URL, redis://localhost:6379 for example.")
    if url.startswith(("http://", "https://")):
        host = urlsplit(url).hostname
        raise SettingsError(
            f"REDIS_URL is the address of a REST API, which cannot run a queue; use rediss://default@{host}:6379 and "
            "put the password (not the REST token) in REDIS_TOKEN."
        )
    if not url.startswith(("redis://", "rediss://", "unix://")):
        raise SettingsError("REDIS_URL must be redis://host:6379 or rediss://user:password@host:6379.")
    try:
        from ttsqueue.providers.redis import RedisProvider
    except ImportError:
        raise SettingsError('Redis needs one more package: pip install "ttsqueue[redis]".') from None
    return RedisProvider(url, settings.redis_token, settings.stuck_after, settings.poll_interval)


def make_storage(settings: Settings) -> Storage:
    """Where finished sound lies; no object store is asked for anything yet. SettingsError."""
    if settings.storage is None:
        return LocalStorage(settings.data / "audio")
    try:
        from ttsqueue.storage.bucket import BucketStorage
    except ImportError:
        raise SettingsError('An object store needs one more package: pip install "ttsqueue[objects]".') from None
    return BucketStorage.at(settings.storage, settings.data / "workbench")


def make_servers(settings: Settings, provider: QueueProvider) -> ServerPool:
    """The TTS servers of servers.toml; none is asked for anything yet. SettingsError."""
    servers = read_servers(settings.servers_file or settings.data / SERVERS_FILE, environment())
    return ServerPool([(each, Traffic(provider, each.name, each.limits)) for each in servers])


def make_engines(settings: Settings, servers: ServerPool, timeouts: Timeouts = USUAL) -> list[Engine]:
    """Every engine there is, the best ones first; one whose programs are missing has no voices. SettingsError."""
    own = own_engines(settings.engines)
    usual: list[Engine] = [
        PiperEngine(settings.data / VOICES_FOLDER),
        *remote_engines(servers, timeouts),
        EspeakEngine(),
    ]
    if twice := {engine.name for engine in own} & {"default", *(engine.name for engine in usual)}:
        raise SettingsError(f"TTSQUEUE_ENGINES: the name {twice.pop()!r} is taken; give that engine another one.")
    return [*own, *usual]


def remote_engines(servers: ServerPool, timeouts: Timeouts) -> list[RemoteSpeech]:
    """One for each way of asking that any of the servers understands."""
    its = {
        dialect: [(server, traffic) for server, traffic in servers.servers if server.engine == dialect.name]
        for dialect in _DIALECTS
    }
    return [RemoteSpeech(dialect, served, timeouts) for dialect, served in its.items() if served]


def make_queue(settings: Settings, provider: QueueProvider, voices: VoiceCatalogue, purse: Purse) -> TTSQueue:
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
        purse=purse,
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
