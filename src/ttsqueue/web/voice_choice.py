"""Which voices a person may choose for a book, the fitting ones first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ttsqueue.engines.catalogue import DEFAULT, VoiceCatalogue
from ttsqueue.engines.engine import Voice
from ttsqueue.engines.languages import canonical_tag
from ttsqueue.errors import UnknownVoice


@dataclass(frozen=True, slots=True)
class VoiceChoice:
    """Two lists for one `<select>`; `chosen` is None when no voice speaks the language of the book."""

    fitting: tuple[Voice, ...]
    others: tuple[Voice, ...]
    chosen: str | None


async def voice_choice(catalogue: VoiceCatalogue, language: str) -> VoiceChoice:
    """EngineError when no engine can be asked."""
    try:
        chosen = (await catalogue.resolve(DEFAULT, language)).id
    except UnknownVoice:
        chosen = None
    return sorted_voices(await catalogue.voices(), language, chosen)


def sorted_voices(voices: Sequence[Voice], language: str, chosen: str | None) -> VoiceChoice:
    """Voices of the book's language apart from the others, both by what a person reads."""
    wanted = _primary(language) or "en"
    ordered = sorted(voices, key=label)
    fitting = tuple(voice for voice in ordered if _primary(voice.language) == wanted or voice.id == chosen)
    return VoiceChoice(fitting, tuple(voice for voice in ordered if voice not in fitting), chosen)


def label(voice: Voice) -> str:
    return f"{voice.label or voice.name} · {voice.engine}"


def _primary(tag: str) -> str:
    return canonical_tag(tag).partition("-")[0]
