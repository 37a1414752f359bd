"""What it takes to have a book spoken by each voice: calls of a TTS server, and money."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ttsqueue.costs.price_list import PriceList
from ttsqueue.engines.catalogue import VoiceCatalogue
from ttsqueue.engines.engine import Voice


@dataclass(frozen=True, slots=True)
class VoiceTerms:
    """Of a voice of this machine, nothing."""

    per_million: float | None = None
    """What a million characters cost."""
    cost_unknown: str | None = None
    """A sentence; see PriceList."""
    most_characters: int = 0
    """Of one call of the server."""


def terms_of(voices: Iterable[Voice], catalogue: VoiceCatalogue, prices: PriceList) -> Mapping[str, VoiceTerms]:
    """By voice id; those of this machine are missing."""
    return {
        voice.id: VoiceTerms(
            prices.per_million(voice.id), prices.unknown(voice.id), catalogue.engine_of(voice).max_characters
        )
        for voice in voices
        if prices.serves(voice.id)
    }
