"""Stores by address, as `ttsqueue move` takes them: which ones are meant, and what may be shown of them."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from ttsqueue.app import SQLITE_FILE, make_provider
from ttsqueue.errors import SettingsError
from ttsqueue.provider import QueueProvider
from ttsqueue.settings import Settings

_SQLITE = "sqlite:///"
_DATABASES = ("postgresql", "postgres")
_REDIS = ("redis", "rediss", "unix", "http", "https")


def both_addresses(source: str | None, target: str | None, settings: Settings) -> tuple[str, str]:
    """From where, to where? What is not named is the store of the settings; or, beside it, the one that came before.

    SettingsError when it is not to be guessed.
    """
    current = store_of(settings)
    to = target or current
    came_from = source or (current if to != current else _store_before(settings))
    if to is None or came_from is None:
        raise SettingsError("Name the other store: ttsqueue move --to redis://host:6379, for example.")
    return came_from, to


def store_of(settings: Settings) -> str | None:
    """The address of the store that the settings name."""
    return settings.redis_url if settings.queue_provider == "redis" else _database_of(settings)


def _database_of(settings: Settings) -> str:
    return settings.database_url or _own_file(settings)


def _store_before(settings: Settings) -> str | None:
    """What the settings named before somebody changed them as the documentation says."""
    if settings.queue_provider == "redis":
        return _database_of(settings)
    return _own_file(settings) if settings.database_url is not None else None


def _own_file(settings: Settings) -> str:
    return f"{_SQLITE}{settings.data / SQLITE_FILE}"


def store_at(address: str, settings: Settings) -> QueueProvider:
    """The store at a URL, or in a file at a path; not opened yet. SettingsError."""
    scheme = address.partition("://")[0] if "://" in address else ""
    if scheme in _REDIS:
        token = settings.redis_token if address == settings.redis_url else None
        changes = {"queue_provider": "redis", "redis_url": address, "redis_token": token}
    elif scheme in _DATABASES or address.startswith(_SQLITE):
        changes = {"queue_provider": "database", "database_url": address}
    elif not scheme:
        changes = {"queue_provider": "database", "database_url": f"{_SQLITE}{_file(address)}"}
    else:
        raise SettingsError(
            f"{shown(address)} is no address of a store; write a path, sqlite:///path, postgresql://... or redis://..."
        )
    return make_provider(settings.model_copy(update=changes))


def shown(address: str) -> str:
    """The address as it may stand in a log, and be used from any folder: without password or options."""
    if "://" not in address or address.startswith(_SQLITE):
        return str(_file(address))
    parts = urlsplit(address)
    secret_free = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{secret_free}{parts.path}"


def _file(address: str) -> Path:
    return Path(address.removeprefix(_SQLITE)).expanduser().absolute()
