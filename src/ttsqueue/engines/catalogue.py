"""Every voice of every engine, and which one a job means."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from difflib import get_close_matches

from ttsqueue.engines.engine import Engine, Voice
from ttsqueue.engines.languages import canonical_tag, nearest_voice
from ttsqueue.errors import EngineError, UnknownVoice

DEFAULT = "default"
_UNKNOWN_LANGUAGE = "en"
_NAMED = 3

log = logging.getLogger(__name__)


class VoiceCatalogue:
    """The voices of `engines`; where several can speak a language, the engine named first does.

    `default` is the voice id that `default` stands for, as far as it speaks the language of the book. Else it is the
    best one of the book's language that costs nothing.
    """

    def __init__(self, engines: Sequence[Engine], default: str = DEFAULT) -> None:
        self._engines = {engine.name: engine for engine in engines}
        self._default = default

    async def voices(self) -> list[Voice]:
        """Every voice that can be used now. Engines that fail are left out; EngineError when all do."""
        found: list[Voice] = []
        failure: EngineError | None = None
        for engine in self._engines.values():
            try:
                found += await engine.voices()
            except EngineError as error:
                log.warning("no voices from %s: %s", engine.name, error)
                failure = failure or error
        if not found and failure:
            raise failure
        return found

    async def resolve(self, voice_id: str, language: str) -> Voice:
        """The voice that `voice_id` means for a book in `language` (BCP 47; empty counts as English).

        `voice_id` is `engine:voice`, a voice's bare name when only one engine has it, or `default`.
        Raises UnknownVoice, and EngineError when the engine that was named cannot be asked.
        """
        if voice_id.strip().lower() == DEFAULT:
            return await self._for_language(canonical_tag(language))
        return await self._named(voice_id.strip())

    def engine_of(self, voice: Voice) -> Engine:
        """Raises UnknownVoice when that engine is not part of this catalogue."""
        if voice.engine not in self._engines:
            raise UnknownVoice(f"{voice.id} cannot speak here: there is no engine {voice.engine!r}.")
        return self._engines[voice.engine]

    async def aclose(self) -> None:
        """Close every engine."""
        for engine in self._engines.values():
            await engine.aclose()

    async def _for_language(self, language: str) -> Voice:
        if self._default.lower() != DEFAULT:
            preferred = await self._named(self._default)
            if not language or nearest_voice([preferred], language):
                return preferred
        voices = await self.voices()
        for engine in self._engines:
            candidates = [voice for voice in voices if voice.engine == engine and not voice.may_cost]
            if voice := nearest_voice(candidates, language or _UNKNOWN_LANGUAGE):
                return voice
        raise UnknownVoice(_no_voice_for(language or _UNKNOWN_LANGUAGE, voices))

    async def _named(self, voice_id: str) -> Voice:
        engine = self._engines.get(voice_id.partition(":")[0].lower())
        voices = await engine.voices() if engine else await self.voices()
        wanted = voice_id.lower()
        matches = [voice for voice in voices if wanted in (voice.id.lower(), voice.name.lower())]
        if len(matches) == 1:
            return matches[0]
        raise UnknownVoice(_several(voice_id, matches) if matches else _unknown(voice_id, voices))


def _no_voice_for(language: str, voices: Sequence[Voice]) -> str:
    way_out = f"for example {voices[0].id}" if voices else "once an engine with voices is installed"
    return f"No voice here speaks {language!r}. Name the voice that shall read it all the same, {way_out}."


def _several(voice_id: str, matches: Sequence[Voice]) -> str:
    return f"More than one engine has a voice {voice_id!r}: write {' or '.join(voice.id for voice in matches)}."


def _unknown(voice_id: str, voices: Sequence[Voice]) -> str:
    """Names the nearest voices by spelling, else some of the first ones."""
    ids = {(voice.id if ":" in voice_id else voice.name).lower(): voice.id for voice in voices}
    if not ids:
        return f"There is no voice {voice_id!r} here, and no engine has any voice: install one."
    near = get_close_matches(voice_id.lower(), ids, _NAMED) or list(ids)[:_NAMED]
    return f"There is no voice {voice_id!r} here; there are for example {', '.join(ids[key] for key in near)}."
