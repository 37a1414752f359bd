"""`voices` of a server in servers.toml: names, and tables for those of a language of their own. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from ttsqueue.errors import SettingsError

_KEYS = {"name", "language"}


@dataclass(frozen=True, slots=True)
class ListedVoice:
    """`language` is None when it is the server's."""

    name: str
    language: str | None = None


def listed_voices(written: object, where: str) -> tuple[ListedVoice, ...]:
    """SettingsError with one sentence that begins with `where`."""
    voices = [_voice(each) for each in written] if isinstance(written, list) else [None]
    found = tuple(voice for voice in voices if voice)
    if len(found) < len(voices):
        raise SettingsError(
            f"{where}: 'voices' must be a list of names; one of another language is written "
            '{ name = "ff_siwis", language = "fr" }.'
        )
    names = [voice.name for voice in found]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise SettingsError(f"{where}: 'voices' names {twice!r} twice.")
    return found


def _voice(written: object) -> ListedVoice | None:
    """None for what is no voice."""
    about = {"name": written} if isinstance(written, str) else written
    if not isinstance(about, dict) or not about.get("name") or about.keys() - _KEYS:
        return None
    return ListedVoice(**about) if all(isinstance(value, str) for value in about.values()) else None
