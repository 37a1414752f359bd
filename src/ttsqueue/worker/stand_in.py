"""Who speaks the sentences that a book's own voice cannot."""

from __future__ import annotations

from ttsqueue.engines.catalogue import VoiceCatalogue
from ttsqueue.engines.engine import Voice
from ttsqueue.engines.languages import canonical_tag, nearest_voice
from ttsqueue.errors import UnknownVoice
from ttsqueue.worker.log import log


async def stand_in_for(voice: Voice, wish: str, language: str, voices: VoiceCatalogue) -> Voice | None:
    """`wish` is a voice (`espeak:en-gb`) or an engine (`espeak`), whose voice of this language is meant.

    None when that is the voice itself, or nobody.
    """
    try:
        found = await voices.resolve(wish, language) if ":" in wish else await _of_engine(wish, language, voices)
    except UnknownVoice as error:
        log.warning("there is no fallback voice: %s", error)
        return None
    return None if found is None or found.id == voice.id else found


async def _of_engine(name: str, language: str, voices: VoiceCatalogue) -> Voice | None:
    candidates = [voice for voice in await voices.voices() if voice.engine == name.lower()]
    return nearest_voice(candidates, canonical_tag(language) or "en")
