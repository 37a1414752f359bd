"""Every setting of the queue and its workers.

Read from the environment, then from `.env`; a wrong one stops the program with one sentence.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import platformdirs
from dotenv import dotenv_values
from pydantic import BeforeValidator, Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from ttsqueue.errors import SettingsError

ENV_FILE = ".env"

_UNITS = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|min|h|d)")


def parse_duration(value: object) -> timedelta:
    """`500ms`, `90s`, `30min`, `24h`, `7d`."""
    if isinstance(value, timedelta):
        return value
    match = _DURATION.fullmatch(str(value).strip())
    if not match:
        raise ValueError(f"{value!r} is not a duration; write 500ms, 90s, 30min or 24h")
    return timedelta(seconds=float(match[1]) * _UNITS[match[2]])


def parse_milliseconds(value: object) -> timedelta:
    """A duration whose bare numbers are milliseconds: `POLL_INTERVAL=5000` is five seconds."""
    bare = re.fullmatch(r"\s*\d+\s*", str(value))
    return timedelta(milliseconds=int(bare[0])) if bare else parse_duration(value)


Duration = Annotated[timedelta, BeforeValidator(parse_duration)]
Milliseconds = Annotated[timedelta, BeforeValidator(parse_milliseconds)]


class Settings(BaseSettings):
    """See `docs/settings.md`, which a test holds against this class."""

    model_config = SettingsConfigDict(env_file=ENV_FILE, extra="ignore", env_ignore_empty=True, frozen=True)

    queue_provider: Literal["database", "redis"] = Field("database", validation_alias="QUEUE_PROVIDER")
    """Where jobs wait: `database` is SQLite or PostgreSQL, as DATABASE_URL says; `redis` is what REDIS_URL names."""

    database_url: str | None = Field(None, validation_alias="DATABASE_URL")
    """`postgresql://user:password@host/database` or `sqlite:///path/to/file.db`; without it, a SQLite file in the data
    folder."""

    redis_url: str | None = Field(None, validation_alias="REDIS_URL")
    """`redis://host:6379`, or `rediss://user:password@host:6379` with TLS; a number behind it, as in `/2`, chooses a
    database. Not the `https://` address of a REST API."""

    redis_token: str | None = Field(None, validation_alias="REDIS_TOKEN")
    """The password, when REDIS_URL has none."""

    data: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("ttsqueue")), validation_alias="TTSQUEUE_DATA"
    )
    """The data folder: the SQLite file and, without an object store, the finished audio. Made with mode 0700."""

    storage: str | None = Field(None, validation_alias="TTSQUEUE_STORAGE")
    """`s3://bucket/prefix`, `gs://bucket/prefix` or `az://container/prefix`; without it, a folder in the data folder.
    Keys and endpoint come from the variables that such stores usually have, AWS_ACCESS_KEY_ID for example."""

    storage_links: Literal["signed", "server"] = Field("signed", validation_alias="TTSQUEUE_STORAGE_LINKS")
    """Sound in an object store is fetched from there, by a signed address, or comes through the server."""

    worker_id: str | None = Field(None, validation_alias="WORKER_ID", min_length=1, max_length=200)
    """Name of the worker, unique per worker. Without it, the host's name. A restart under the same name takes
    back at once what the dead process held."""

    poll_interval: Milliseconds = Field(timedelta(seconds=5), validation_alias="POLL_INTERVAL")
    """How often an idle worker looks for jobs by itself; it is woken at once when one arrives. Longer than a minute,
    it makes upkeep as rare. A bare number is milliseconds."""

    heartbeat_interval: Milliseconds = Field(timedelta(seconds=10), validation_alias="HEARTBEAT_INTERVAL")
    """How often a worker says that its jobs are alive. A bare number is milliseconds."""

    max_attempts: int = Field(3, ge=1, le=1000, validation_alias="TTSQUEUE_MAX_ATTEMPTS")
    """How often a job is tried before it fails; a job that moves forward starts counting anew."""

    stuck_after: Duration = Field(timedelta(minutes=30), validation_alias="TTSQUEUE_STUCK_AFTER")
    """A job without a heartbeat for this long goes back to pending."""

    jobs: int = Field(1, ge=1, le=1000, validation_alias="TTSQUEUE_JOBS")
    """How many books one worker speaks side by side."""

    chapters: int = Field(
        default_factory=lambda: os.cpu_count() or 1, ge=1, le=1000, validation_alias="TTSQUEUE_CHAPTERS"
    )
    """How many chapters one worker speaks side by side, over all its books. Default: one per core."""

    servers_file: Path | None = Field(None, validation_alias="TTSQUEUE_SERVERS")
    """Where the TTS servers are listed; without it, `servers.toml` in the data folder."""

    default_voice: str = Field("default", validation_alias="TTSQUEUE_VOICE")
    """The voice that `default` stands for; `default` itself is the best voice of the book's language that costs
    nothing."""

    engines: str = Field("", validation_alias="TTSQUEUE_ENGINES")
    """Engines of your own: `package.module:ClassName`, with commas between them."""

    max_cost_per_day: float | None = Field(None, gt=0, validation_alias="TTSQUEUE_MAX_COST_PER_DAY")
    """Per user: what the books and previews of 24 hours may cost, by the prices in servers.toml and in their currency.
    It holds for everybody, administrators and the command line too."""

    max_cost_per_day_together: float | None = Field(None, gt=0, validation_alias="TTSQUEUE_MAX_COST_PER_DAY_TOGETHER")
    """The same for all users together."""

    fallback: str | None = Field(None, validation_alias="TTSQUEUE_FALLBACK", min_length=1)
    """Who speaks a sentence that the book's voice cannot: an engine (`espeak`), whose voice of the book's language is
    taken, or a voice (`espeak:en-gb`). Such sentences are marked in the result. Without it, the book fails."""

    @model_validator(mode="after")
    def _heartbeat_is_short_enough(self) -> Settings:
        if self.heartbeat_interval <= timedelta(0) or self.poll_interval <= timedelta(0):
            raise ValueError("POLL_INTERVAL and HEARTBEAT_INTERVAL must be longer than nothing")
        if self.heartbeat_interval * 3 > self.stuck_after:
            raise ValueError(
                f"HEARTBEAT_INTERVAL ({_seconds(self.heartbeat_interval)}) must be at most a third of "
                f"TTSQUEUE_STUCK_AFTER ({_seconds(self.stuck_after)}), or live jobs would be taken for stuck"
            )
        return self


def load_settings(overrides: Mapping[str, Any] | None = None) -> Settings:
    """Settings of this process. `overrides` win over the environment. SettingsError with one sentence."""
    return load(Settings, overrides)


def environment() -> dict[str, str]:
    """All variables, those of `.env` too: keys of TTS servers are no settings of ours. An empty one is none."""
    variables = (dotenv_values(ENV_FILE), os.environ)
    return {name: value for each in variables for name, value in each.items() if value}


Kind = TypeVar("Kind", bound=BaseSettings)


def load(kind: type[Kind], overrides: Mapping[str, Any] | None = None) -> Kind:
    """Settings of one kind. SettingsError with one sentence."""
    try:
        return kind(**dict(overrides or {}))
    except ValidationError as error:
        raise SettingsError(_sentence(error)) from None


def _sentence(error: ValidationError) -> str:
    first = error.errors()[0]
    name = str(first["loc"][0]) if first["loc"] else ""
    message = first["msg"].removeprefix("Value error, ")
    return f"Setting {name}: {message}." if name else f"{message}."


def _seconds(duration: timedelta) -> str:
    return f"{duration.total_seconds():g}s"
