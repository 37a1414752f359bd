"""What differs from one kind of TTS server to the next: how it is asked. Values and pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from ttsqueue.servers.server import SpeechServer


@dataclass(frozen=True, slots=True)
class Wish:
    """One request that asks for sound."""

    method: str
    address: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """They may hold a key."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, object] | None = None
    """Sent as JSON."""


class Dialect(Protocol):
    """One file per kind of server. What all servers share is in remote_speech.py."""

    @property
    def name(self) -> str: ...

    @property
    def max_characters(self) -> int:
        """In one request. Less than a server takes: so less is lost with a call that fails, and progress moves."""

    @property
    def speeds(self) -> tuple[float, float]:
        """The slowest and the fastest that it can be asked for; what lies beyond is done to its sound."""

    def pcm_rate(self, server: SpeechServer) -> int | None:
        """Of sound that comes without a header: mono, 16 bit. None when it is asked for sound that has one."""

    def voices(self, server: SpeechServer) -> tuple[str, ...]: ...

    def wish(self, server: SpeechServer, text: str, voice: str, speed: float) -> Wish: ...
