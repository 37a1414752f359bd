"""May two servers speak the same voice in turns? Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class VoiceOnServer:
    """`model` is None when servers.toml does not say which one speaks it there."""

    voice: str
    server: str
    model: str | None


def mixed_voice(voices: Iterable[VoiceOnServer]) -> str | None:
    """A sentence about the first voice that would sound different from server to server; None if there is none.

    Sentence after sentence goes to whoever is free, so a voice that two servers share must be one voice. Only the
    operator can know: the same model, written at both, is their word.
    """
    first: dict[str, VoiceOnServer] = {}
    for found in voices:
        before = first.setdefault(found.voice, found)
        if found is not before and (found.model is None or found.model != before.model):
            return (
                f"the servers {before.server!r} and {found.server!r} both have the voice {found.voice!r}. If the same "
                "model speaks it, write that model at both; else leave the voice to one of them, or a book would "
                "change its voice in the middle."
            )
    return None
