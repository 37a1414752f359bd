"""A few sentences spoken at once: WAV, sent while it is made."""

from __future__ import annotations

import asyncio
import logging
import struct
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass

from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from ttsqueue.api.turns import Turns
from ttsqueue.books.sentences import pieces
from ttsqueue.engines.engine import Engine, Voice
from ttsqueue.errors import EngineError, InvalidJob
from ttsqueue.submission import FASTEST, SLOWEST
from ttsqueue.text import has_words, storable

MOST_CHARACTERS = 500
_PATIENCE = 45.0
"""Seconds until the first sound. A server that does not answer would keep the places of all other voices."""
_LONGEST = 60.0
"""Seconds from first to last byte; a listener who reads more slowly must not keep others waiting."""
_UNKNOWN_SIZE = 0xFFFFFFFF
"""How WAV says that the end is not known yet; players read up to the end."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Preview:
    """What is to be said, and by whom."""

    text: str
    voice: Voice
    engine: Engine
    speed: float
    language: str


def previewed_text(text: str, language: str) -> str:
    """The part of a text that is spoken. InvalidJob when there is nothing to speak."""
    start = storable(text).strip()[: 2 * MOST_CHARACTERS]
    beginning = next(iter(pieces(start, language, MOST_CHARACTERS)), "")
    if not has_words(beginning):
        raise InvalidJob("There is nothing to speak: the text begins without a letter or digit.")
    return beginning


def checked_speed(speed: float) -> float:
    """InvalidJob."""
    if not SLOWEST <= speed <= FASTEST:
        raise InvalidJob(f"speed must be between {SLOWEST} and {FASTEST}, not {speed}.")
    return speed


class PreviewResponse(Response):
    """Waits for a turn, speaks while it sends, and stops the engine when the listener leaves.

    EngineError before the first byte, also when that takes too long; later the sound just ends.
    """

    media_type = "audio/wav"

    def __init__(self, preview: Preview, turns: Turns) -> None:
        self._preview = preview
        self._turns = turns
        self.status_code = 200
        self.background = None
        self.init_headers({"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._turns.previews, aclosing(_speech(self._preview)) as speech:
            first = await _first_of(speech)  # an engine that cannot speak is told by a status
            sound = _after(wav_header(self._preview.engine.sample_rate) + first, speech)
            response = StreamingResponse(sound, headers=dict(self.headers), media_type=self.media_type)
            try:
                async with asyncio.timeout(_LONGEST):
                    await response(scope, receive, send)
            except TimeoutError:
                _log.info("a preview was cut off after %d s", _LONGEST)


async def _speech(preview: Preview) -> AsyncGenerator[bytes, None]:
    for piece in pieces(preview.text, preview.language, preview.engine.max_characters):
        async with aclosing(preview.engine.speak(piece, preview.voice.name, preview.speed)) as speech:
            async for pcm in speech:
                yield pcm


async def _first_of(speech: AsyncGenerator[bytes, None]) -> bytes:
    try:
        async with asyncio.timeout(_PATIENCE):
            return await anext(speech, b"")
    except TimeoutError:
        message = "This voice does not answer at the moment; try it again in a while, or take another one."
        raise EngineError(message, code="ENGINE_TIMEOUT") from None


async def _after(beginning: bytes, speech: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
    yield beginning
    try:
        async for pcm in speech:
            yield pcm
    except EngineError as error:
        _log.warning("a preview ended early: %s", error)


def wav_header(sample_rate: int) -> bytes:
    """Of mono signed 16-bit PCM, however much will follow."""
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, sample_rate, sample_rate * 2, 2, 16)
    return struct.pack("<4sI4s", b"RIFF", _UNKNOWN_SIZE, b"WAVE") + form + struct.pack("<4sI", b"data", _UNKNOWN_SIZE)
