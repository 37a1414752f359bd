"""servers.toml: the TTS servers that there are, and what each may be asked."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ttsqueue.errors import SettingsError
from ttsqueue.servers.limits import MOST, ServerLimits
from ttsqueue.servers.listed_voices import listed_voices
from ttsqueue.servers.one_server import written_twice
from ttsqueue.servers.server import PRICE, SpeechServer
from ttsqueue.servers.shared_voices import VoiceOnServer, mixed_voice

ENGINES = ("openai", "coqui", "elevenlabs")
FORMATS = ("pcm", "wav")

_LIMITS = ("max_concurrent", "calls_per_second", "calls_per_minute", "characters_per_minute")
_TEXTS = ("name", "engine", "url", "api_key_env", "language", "model", "response_format")
_NEEDED = ("name", "engine", "url")
_NUMBERS = (*_LIMITS, "timeout_seconds")
_KEYS = {*_TEXTS, *_NUMBERS, PRICE, "voices", "has_speed"}


def read_servers(path: Path, environment: Mapping[str, str]) -> tuple[SpeechServer, ...]:
    """None when there is no file. SettingsError with one sentence that names the place."""
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {error}.") from None
    tables = found.pop("server", [])
    if found or not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise SettingsError(f"{path} may hold [[server]] tables and nothing else.")
    servers = tuple(_server(table, f"{path}, server {number}", environment) for number, table in enumerate(tables, 1))
    names = [server.name for server in servers]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise SettingsError(f"{path} names two servers {twice!r}; give each a name of its own.")
    if twice := written_twice(servers):
        raise SettingsError(f"{path}: {twice}")
    _check_shared_voices(servers, path)
    _check_languages(servers, path)
    return servers


def _check_languages(servers: tuple[SpeechServer, ...], path: Path) -> None:
    """Who takes turns must speak alike."""
    languages: dict[tuple[str, str], str] = {}
    for server in servers:
        for voice in server.voices:
            language = server.language_of(voice)
            if languages.setdefault((server.engine, voice), language) != language:
                raise SettingsError(
                    f"{path} gives the voice {voice!r} two languages; servers would take turns with it."
                )


def _server(table: dict[str, Any], where: str, environment: Mapping[str, str]) -> SpeechServer:
    _check(table, where)
    voices = listed_voices(table.get("voices", []), where)
    return SpeechServer(
        name=table["name"],
        engine=table["engine"],
        url=table["url"].rstrip("/"),
        api_key=_api_key(table.get("api_key_env"), where, environment),
        voices=tuple(voice.name for voice in voices),
        languages={voice.name: voice.language for voice in voices if voice.language is not None},
        limits=ServerLimits(**{name: table[name] for name in _LIMITS if name in table}),
        has_speed=table.get("has_speed", True),
        timeout_seconds=table.get("timeout_seconds"),
        price_per_million_characters=table.get(PRICE),
        **{name: table[name] for name in ("language", "model", "response_format") if name in table},
    )


def _check(table: dict[str, Any], where: str) -> None:
    if unknown := sorted(table.keys() - _KEYS):
        raise SettingsError(f"{where}: there is no {unknown[0]!r}; there are {', '.join(sorted(_KEYS))}.")
    if missing := [name for name in _NEEDED if not table.get(name)]:
        raise SettingsError(f"{where}: {missing[0]!r} is missing.")
    for name in _TEXTS:
        if not isinstance(table.get(name, ""), str):
            raise SettingsError(f"{where}: {name!r} must be a text.")
    for name in _NUMBERS:
        _check_number(table.get(name, 1), f"{where}: {name!r}", whole=name == "max_concurrent")
    _check_number(table.get(PRICE, 1), f"{where}: {PRICE!r}", zero=True)
    if not isinstance(table.get("has_speed", True), bool):
        raise SettingsError(f"{where}: 'has_speed' must be true or false.")
    if table["engine"] not in ENGINES:
        raise SettingsError(f"{where}: there is no engine {table['engine']!r}; there is {', '.join(ENGINES)}.")
    if table.get("response_format", FORMATS[0]) not in FORMATS:
        raise SettingsError(f"{where}: 'response_format' must be {' or '.join(FORMATS)}.")
    _check_url(table["url"], where)


def _check_url(url: str, where: str) -> None:
    """Addresses are shown in places where keys are not."""
    if not _is_address(url):
        raise SettingsError(f"{where}: 'url' must begin with http:// or https:// and a host.")
    if "@" in urlsplit(url).netloc:
        raise SettingsError(f"{where}: 'url' must hold no name or password; 'api_key_env' names the variable of a key.")


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is none
        return False


def _check_number(value: object, what: str, *, whole: bool = False, zero: bool = False) -> None:
    """A price may be zero, which says that nothing is to be paid; limits may not."""
    is_fine = (
        isinstance(value, int if whole else int | float)
        and not isinstance(value, bool)
        and (0 < value <= MOST or (zero and value == 0))
    )
    if not is_fine:
        least = "that is zero or more" if zero else "above zero"
        raise SettingsError(f"{what} must be a {'whole ' if whole else ''}number {least}.")


def _check_shared_voices(servers: tuple[SpeechServer, ...], path: Path) -> None:
    for engine in ENGINES:
        mine = [server for server in servers if server.engine == engine]
        voices = (VoiceOnServer(voice, server.name, server.model or None) for server in mine for voice in server.voices)
        if mixed := mixed_voice(voices):
            raise SettingsError(f"{path}: {mixed}")


def _api_key(variable: str | None, where: str, environment: Mapping[str, str]) -> str:
    if not variable:
        return ""
    if not (key := environment.get(variable, "").strip()):
        raise SettingsError(f"{where}: the environment variable {variable} holds no key.")
    return key
